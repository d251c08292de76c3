import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";

const text = z.string().nullable();
const row = z.object({
  schema: z.string(),
  name: z.string(),
  /** Types of the input arguments, direct ones first. */
  types: z.string(),
  /** As the server prints them: names, `*`, ORDER BY of an ordered-set aggregate. */
  arguments: z.string(),
  kind: z.enum(["normal", "ordered-set", "hypothetical-set"]),
  sfunc: text,
  stype: text,
  sspace: z.number(),
  initcond: text,
  finalfunc: text,
  finalfunc_extra: z.boolean(),
  finalfunc_modify: text,
  combinefunc: text,
  serialfunc: text,
  deserialfunc: text,
  msfunc: text,
  minvfunc: text,
  mstype: text,
  msspace: z.number(),
  minitcond: text,
  mfinalfunc: text,
  mfinalfunc_extra: z.boolean(),
  mfinalfunc_modify: text,
  sort_operator: text,
  parallel: z.enum(["safe", "restricted", "unsafe"]),
});
type Aggregate = z.infer<typeof row>;

const functions = sql.raw(
  Object.entries({
    sfunc: "aggtransfn",
    finalfunc: "aggfinalfn",
    combinefunc: "aggcombinefn",
    serialfunc: "aggserialfn",
    deserialfunc: "aggdeserialfn",
    msfunc: "aggmtransfn",
    minvfunc: "aggminvtransfn",
    mfinalfunc: "aggmfinalfn",
  })
    .map(([name, from]) => `nullif(g.${from}::oid, 0)::regproc::text as ${name}`)
    .join(", "),
);

export const aggregate: Kind<Aggregate> = defineKind({
  name: "aggregate",
  catalog: "pg_proc",
  key: ["schema", "name", "types"],
  label: (p) => `${ident(p.schema, p.name)}(${p.types})`,
  row,
  query: () => sql`
    select p.oid, n.nspname as schema, p.proname as name, oidvectortypes(p.proargtypes) as types,
      pg_get_function_arguments(p.oid) as arguments,
      case g.aggkind when 'n' then 'normal' when 'o' then 'ordered-set' else 'hypothetical-set' end as kind,
      ${functions}, format_type(g.aggtranstype, null) as stype, g.aggtransspace as sspace,
      g.agginitval as initcond, g.aggfinalextra as finalfunc_extra, g.aggfinalmodify as finalfunc_modify,
      case when g.aggmtranstype <> 0 then format_type(g.aggmtranstype, null) end as mstype,
      g.aggmtransspace as msspace, g.aggminitval as minitcond, g.aggmfinalextra as mfinalfunc_extra,
      g.aggmfinalmodify as mfinalfunc_modify, nullif(g.aggsortop, 0)::regoperator::text as sort_operator,
      case p.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end as parallel
    from pg_aggregate g join pg_proc p on p.oid = g.aggfnoid join pg_namespace n on n.oid = p.pronamespace
    where ${userSchema} and ${standsAlone("pg_proc", "p")}`,
});
