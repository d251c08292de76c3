import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  /** The column that owns it, as serial ones are. */
  of: z.string().nullable(),
  schema: z.string(),
  name: z.string(),
  type: z.string(),
  /** 64-bit numbers, hence text. */
  start: z.string(),
  increment: z.string(),
  minimum: z.string(),
  maximum: z.string(),
  cache: z.string(),
  cycle: z.boolean(),
  unlogged: z.boolean(),
});
type Sequence = z.infer<typeof row>;

/** Sequences behind identity columns are part of their column. */
export const sequence: Kind<Sequence> = defineKind({
  name: "sequence",
  catalog: "pg_class",
  key: ["schema", "name"],
  label: (s) => ident(s.schema, s.name),
  row,
  query: () => sql`
    select c.oid, d.refobjid as of_oid, d.refobjsubid as of_sub,
      n.nspname as schema, c.relname as name, format_type(s.seqtypid, null) as type,
      s.seqstart::text as start, s.seqincrement::text as increment, s.seqmin::text as minimum,
      s.seqmax::text as maximum, s.seqcache::text as cache, s.seqcycle as cycle, c.relpersistence = 'u' as unlogged
    from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
      left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.objsubid = 0
        and d.refclassid = 'pg_class'::regclass and d.deptype = 'a'
    where ${userSchema} and ${standsAlone("pg_class", "c")}`,
  within: (s) => s.of,
});
