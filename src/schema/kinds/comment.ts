import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";

const row = z.object({
  of: z.string(),
  /** Set when the comment is on a column, which `of` names itself where columns are objects. */
  column: z.string().nullable(),
  text: z.string(),
});
type Comment = z.infer<typeof row>;

const isOnColumn = (of: string) => of.startsWith("column ");

/** On anything that is an object; an extension's own comment comes with it, and the database's is not schema. */
export const comment: Kind<Comment> = defineKind({
  name: "comment",
  catalog: "pg_description",
  key: ["of", "column"],
  label: (c) => `on ${c.of}${c.column === null || isOnColumn(c.of) ? "" : ` column ${ident(c.column)}`}`,
  row,
  query: () => sql`
    select null::oid as oid, case when c.relkind = 'c' then 'pg_type' else d.classoid::regclass::text end as of_catalog,
      case when c.relkind = 'c' then c.reltype else d.objoid end as of_oid,
      d.objsubid as of_sub, a.attname as column, d.description as text
    from pg_description d
      left join pg_class c on d.classoid = 'pg_class'::regclass and c.oid = d.objoid
      left join pg_attribute a on d.objsubid > 0 and a.attrelid = c.oid and a.attnum = d.objsubid
    where d.classoid <> 'pg_extension'::regclass and (d.objoid >= 16384 or d.classoid = 'pg_namespace'::regclass)`,
  within: (c) => c.of,
});
