import * as z from "zod";
import type { Server } from "../pg/connection.ts";
import { ident, type Sql, sql } from "../sql/tag.ts";
import { type Kind } from "./kind.ts";
import { standsAlone, userSchema } from "./scope.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  /** Types of the input arguments: what tells overloads apart. */
  types: z.string(),
  /** Names, modes, types and defaults. */
  arguments: z.string(),
  returns: z.string().nullable(),
  language: z.string(),
  body: z.string(),
  /** Object file of a C function. */
  library: z.string().nullable(),
  window: z.boolean(),
  volatility: z.enum(["immutable", "stable", "volatile"]),
  strict: z.boolean(),
  security_definer: z.boolean(),
  leakproof: z.boolean(),
  parallel: z.enum(["safe", "restricted", "unsafe"]),
  cost: z.number(),
  rows: z.number(),
  support: z.string().nullable(),
  /** SET clauses, as `name=value`. */
  config: z.array(z.string()),
  /** Types named by TRANSFORM FOR TYPE. */
  transforms: z.array(z.string()),
});
export type Routine = z.infer<typeof row>;

/** SQL-standard bodies exist since PostgreSQL 14; prosrc is empty then. */
const body = (server: Server): string =>
  server.major >= 14 ? "coalesce(pg_get_function_sqlbody(p.oid), p.prosrc)" : "p.prosrc";

const query = (prokinds: string, server: Server): Sql =>
  sql.raw(`
    select p.oid, n.nspname as schema, p.proname as name, oidvectortypes(p.proargtypes) as types,
      pg_get_function_arguments(p.oid) as arguments, pg_get_function_result(p.oid) as returns,
      l.lanname as language, ${body(server)} as body, p.probin as library, p.prokind = 'w' as window,
      case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatility,
      p.proisstrict as strict, p.prosecdef as security_definer, p.proleakproof as leakproof,
      case p.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end as parallel,
      p.procost as cost, p.prorows as rows, nullif(p.prosupport::oid, 0)::regproc::text as support,
      array(select unnest(p.proconfig) order by 1) as config,
      array(select format_type(x, null) from unnest(p.protrftypes) x order by 1) as transforms
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
    where p.prokind in (${prokinds}) and ${userSchema.text} and ${standsAlone("pg_proc", "p").text}`);

/** A kind of routine that has a body; they differ in name and pg_proc.prokind only. */
export const routineKind = (name: string, prokinds: "'f', 'w'" | "'p'"): Kind<Routine> => ({
  name,
  catalog: "pg_proc",
  key: ["schema", "name", "types"],
  label: (p) => `${ident(p.schema, p.name)}(${p.types})`,
  row,
  query: (server) => query(prokinds, server),
});
