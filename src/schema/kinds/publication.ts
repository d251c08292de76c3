import * as z from "zod";
import type { Server } from "../../pg/connection.ts";
import { ident, type Sql, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone } from "../scope.ts";

const row = z.object({
  name: z.string(),
  all_tables: z.boolean(),
  /** `schema.table [(columns)] [where (condition)]`. */
  tables: z.array(z.string()),
  /** Schemas published as a whole (since PostgreSQL 15). */
  schemas: z.array(z.string()),
  publish: z.array(z.string()),
  via_root: z.boolean(),
  /** What is done with generated columns (since PostgreSQL 18). */
  generated_columns: z.enum(["none", "stored"]),
});
type Publication = z.infer<typeof row>;

/** Row filters and column lists exist since PostgreSQL 15. */
const tables = (server: Server): Sql =>
  server.major < 15
    ? sql`array(select r.prrelid::regclass::text from pg_publication_rel r where r.prpubid = p.oid order by 1)`
    : sql`array(select concat_ws(' ', r.prrelid::regclass::text,
          (select '(' || string_agg(quote_ident(a.attname), ', ' order by a.attname) || ')'
            from pg_attribute a where a.attrelid = r.prrelid and a.attnum = any (r.prattrs)),
          'where ' || pg_get_expr(r.prqual, r.prrelid))
        from pg_publication_rel r where r.prpubid = p.oid order by 1)`;

const schemas = (server: Server): Sql =>
  server.major < 15
    ? sql`array[]::text[]`
    : sql`array(select quote_ident(n.nspname) from pg_publication_namespace s
        join pg_namespace n on n.oid = s.pnnspid where s.pnpubid = p.oid order by 1)`;

export const publication: Kind<Publication> = defineKind({
  name: "publication",
  catalog: "pg_publication",
  key: ["name"],
  label: (p) => ident(p.name),
  row,
  query: (server) => sql`
    select p.oid, p.pubname as name, p.puballtables as all_tables,
      ${tables(server)} as tables, ${schemas(server)} as schemas,
      array_remove(array[case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end,
        case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end], null) as publish,
      p.pubviaroot as via_root,
      ${server.major < 18 ? sql`'none'` : sql`case p.pubgencols when 's' then 'stored' else 'none' end`}
        as generated_columns
    from pg_publication p where ${standsAlone("pg_publication", "p")}`,
});
