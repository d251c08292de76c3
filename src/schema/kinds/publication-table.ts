import * as z from "zod";
import type { Server } from "../../pg/connection.ts";
import { ident, type Sql, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";

const row = z.object({
  of: z.string(),
  publication: z.string(),
  schema: z.string(),
  table: z.string(),
  /** Null is all of them, also those to come (lists exist since PostgreSQL 15). */
  columns: z.array(z.string()).nullable(),
  /** Row filter, in parentheses (since PostgreSQL 15). */
  where: z.string().nullable(),
});
type PublicationTable = z.infer<typeof row>;

const narrowed = (server: Server): Sql =>
  server.major < 15
    ? sql`null::text[] as columns, null as where`
    : sql`case when r.prattrs is not null then array(select a.attname::text from pg_attribute a
          where a.attrelid = r.prrelid and a.attnum = any (r.prattrs) order by 1) end as columns,
        pg_get_expr(r.prqual, r.prrelid) as where`;

const clause = (t: PublicationTable): string =>
  [
    ident(t.schema, t.table),
    t.columns === null ? [] : `(${t.columns.map((name) => ident(name)).join(", ")})`,
    t.where === null ? [] : `where ${t.where}`,
  ]
    .flat()
    .join(" ");

/** A table in a publication. Other columns or another filter: it is taken out and put in again. */
export const publicationTable: Kind<PublicationTable> = defineKind({
  name: "publication-table",
  catalog: "pg_publication_rel",
  key: ["publication", "schema", "table"],
  label: (t) => `${ident(t.publication)} ${ident(t.schema, t.table)}`,
  row,
  query: (server) => sql`
    select r.oid, 'pg_publication' as of_catalog, r.prpubid as of_oid, p.pubname as publication,
      n.nspname as schema, c.relname as table, ${narrowed(server)}
    from pg_publication_rel r join pg_publication p on p.oid = r.prpubid
      join pg_class c on c.oid = r.prrelid join pg_namespace n on n.oid = c.relnamespace`,
  within: (t) => t.of,
  create: (t) => `alter publication ${ident(t.publication)} add table ${clause(t)}`,
  drop: (t) => `alter publication ${ident(t.publication)} drop table ${ident(t.schema, t.table)}`,
  inline: clause,
});
