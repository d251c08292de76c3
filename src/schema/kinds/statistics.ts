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

export const statistics: Kind<Statistics> = defineKind({
  name: "statistics",
  catalog: "pg_statistic_ext",
  key: ["schema", "name"],
  label: (s) => ident(s.schema, s.name),
  row,
  query: () => sql`
    select s.oid, s.stxrelid as of_oid, n.nspname as schema, s.stxname as name,
      pg_get_statisticsobjdef(s.oid) as definition, nullif(s.stxstattarget, -1) as target
    from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace
    where ${userSchema} and ${standsAlone("pg_statistic_ext", "s")}`,
  within: (s) => s.of,
});
