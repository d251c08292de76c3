import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  of: z.string(),
  schema: z.string(),
  name: z.string(),
  definition: z.string(),
  /** ALTER STATISTICS … SET STATISTICS. */
  target: z.number().nullable(),
});
type Statistics = z.infer<typeof row>;

const label = (s: Statistics) => ident(s.schema, s.name);

const setTarget = (s: Statistics) => `alter statistics ${label(s)} set statistics ${s.target ?? -1}`;

/** Since PostgreSQL 14 a column whose type is altered carries them along without their target. */
export const statistics: Kind<Statistics> = defineKind({
  name: "statistics",
  catalog: "pg_statistic_ext",
  key: ["schema", "name"],
  label,
  row,
  query: () => sql`
    select s.oid, s.stxrelid as of_oid, n.nspname as schema, s.stxname as name,
      pg_get_statisticsobjdef(s.oid) as definition, nullif(s.stxstattarget, -1) as target
    from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace
    where ${userSchema} and ${standsAlone("pg_statistic_ext", "s")}`,
  within: (s) => s.of,
  create: (s) => (s.target === null ? s.definition : [s.definition, setTarget(s)]),
  drop: (s) => `drop statistics ${label(s)}`,
  rename: (s, name) => `alter statistics ${label(s)} rename to ${ident(name)}`,
  alter: { target: setTarget },
  carried: true,
  staysBehind: true,
});
