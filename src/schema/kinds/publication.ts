import * as z from "zod";
import type { Server } from "../../pg/connection.ts";
import { ident, type Sql, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone } from "../scope.ts";
import type { Place } from "../statement.ts";

const row = z.object({
  name: z.string(),
  all_tables: z.boolean(),
  /** Schemas published as a whole (since PostgreSQL 15). */
  schemas: z.array(z.string()),
  publish: z.array(z.string()),
  via_root: z.boolean(),
  /** What is done with generated columns (since PostgreSQL 18). */
  generated_columns: z.enum(["none", "stored"]),
});
type Publication = z.infer<typeof row>;

const schemas = (server: Server): Sql =>
  server.major < 15
    ? sql`array[]::text[]`
    : sql`array(select n.nspname::text from pg_publication_namespace s
        join pg_namespace n on n.oid = s.pnnspid where s.pnpubid = p.oid order by 1)`;

const EVERYTHING = "insert, update, delete, truncate";

const published = (p: Publication): string => `publish = '${p.publish.join(", ")}'`;
const viaRoot = (p: Publication): string => `publish_via_partition_root = ${p.via_root}`;
const generated = (p: Publication): string => `publish_generated_columns = ${p.generated_columns}`;

const inSchemas = (names: readonly string[]): string =>
  `tables in schema ${names.map((name) => ident(name)).join(", ")}`;

function create(p: Publication, { parts }: Place): string {
  const what = [
    p.all_tables ? "all tables" : [],
    parts.length > 0 ? `table ${parts.join(", ")}` : [],
    p.schemas.length > 0 ? inSchemas(p.schemas) : [],
  ].flat();
  const options = [
    p.publish.join(", ") === EVERYTHING ? [] : published(p),
    p.via_root ? viaRoot(p) : [],
    p.generated_columns === "none" ? [] : generated(p),
  ].flat();
  return `create publication ${ident(p.name)}${what.length === 0 ? "" : ` for ${what.join(", ")}`}${
    options.length === 0 ? "" : ` with (${options.join(", ")})`
  }`;
}

const set =
  (option: (p: Publication) => string) =>
  (to: Publication): string =>
    `alter publication ${ident(to.name)} set (${option(to)})`;

function alterSchemas(to: Publication, from: Publication): string[] {
  const change = (verb: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`alter publication ${ident(to.name)} ${verb} ${inSchemas(names)}`];
  return [
    ...change(
      "drop",
      from.schemas.filter((name) => !to.schemas.includes(name)),
    ),
    ...change(
      "add",
      to.schemas.filter((name) => !from.schemas.includes(name)),
    ),
  ];
}

/** Its tables are a kind of their own. */
export const publication: Kind<Publication> = defineKind({
  name: "publication",
  folder: "publications",
  catalog: "pg_publication",
  key: ["name"],
  label: (p) => ident(p.name),
  row,
  query: (server) => sql`
    select p.oid, p.pubname as name, p.puballtables as all_tables, ${schemas(server)} as schemas,
      array_remove(array[case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end,
        case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end], null) as publish,
      p.pubviaroot as via_root,
      ${server.major < 18 ? sql`'none'` : sql`case p.pubgencols when 's' then 'stored' else 'none' end`}
        as generated_columns
    from pg_publication p where ${standsAlone("pg_publication", "p")}`,
  create,
  drop: (p) => `drop publication ${ident(p.name)}`,
  alter: {
    schemas: alterSchemas,
    publish: set(published),
    via_root: set(viaRoot),
    generated_columns: set(generated),
  },
  needs: (p) => p.schemas.map((name) => `schema ${ident(name)}`),
});
