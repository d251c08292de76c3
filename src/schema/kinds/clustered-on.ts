import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { userSchema } from "../scope.ts";

const row = z.object({ of: z.string(), schema: z.string(), table: z.string(), index: z.string() });
type ClusteredOn = z.infer<typeof row>;

const set = (c: ClusteredOn): string =>
  `alter table ${ident(c.schema, c.table)} cluster on ${ident(c.index)}`;

/** The index that CLUSTER uses, of a table or a materialized view. */
export const clusteredOn: Kind<ClusteredOn> = defineKind({
  name: "clustered-on",
  catalog: "pg_class",
  key: ["schema", "table"],
  label: (c) => ident(c.schema, c.table),
  row,
  query: () => sql`
    select null::oid as oid, c.oid as of_oid, n.nspname as schema, c.relname as table, ic.relname as index
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_class ic on ic.oid = i.indexrelid
      join pg_namespace n on n.oid = c.relnamespace
    where i.indisclustered and ${userSchema}`,
  within: (c) => c.of,
  needsNamed: (c) => [ident(c.schema, c.index)],
  create: set,
  drop: (c) => `alter table ${ident(c.schema, c.table)} set without cluster`,
  alter: { index: set },
  carried: true,
});
