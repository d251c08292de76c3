import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { text } from "../quoting.ts";
import { argumentsOf } from "../routine-arguments.ts";
import { standsAlone, userSchema } from "../scope.ts";

const optional = z.string().nullable();
const row = z.object({
  schema: z.string(),
  name: z.string(),
  /** Types of the input arguments, direct ones first. */
  types: z.string(),
  /** As the server prints them: names, ORDER BY of an ordered-set aggregate. */
  arguments: z.string(),
  kind: z.enum(["normal", "ordered-set", "hypothetical-set"]),
  sfunc: optional,
  stype: optional,
  sspace: z.number(),
  initcond: optional,
  finalfunc: optional,
  finalfunc_extra: z.boolean(),
  /** Only when it is not the usual one of the aggregate's kind. */
  finalfunc_modify: optional,
  combinefunc: optional,
  serialfunc: optional,
  deserialfunc: optional,
  msfunc: optional,
  minvfunc: optional,
  mstype: optional,
  msspace: z.number(),
  minitcond: optional,
  mfinalfunc: optional,
  mfinalfunc_extra: z.boolean(),
  mfinalfunc_modify: optional,
  sort_operator: optional,
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

/** Of a final function, where there is one: normal aggregates are read-only by default, others read-write. */
const modify = (column: string, func: string) =>
  sql.raw(`case when g.${func} <> 0 and g.${column} <> case g.aggkind when 'n' then 'r' else 'w' end then
    case g.${column} when 'r' then 'read_only' when 's' then 'shareable' else 'read_write' end end`);

const options = (p: Aggregate): string[] => [
  ...Object.entries({
    sfunc: p.sfunc,
    stype: p.stype,
    sspace: p.sspace || null,
    initcond: p.initcond === null ? null : text(p.initcond),
    finalfunc: p.finalfunc,
    finalfunc_modify: p.finalfunc_modify,
    combinefunc: p.combinefunc,
    serialfunc: p.serialfunc,
    deserialfunc: p.deserialfunc,
    msfunc: p.msfunc,
    minvfunc: p.minvfunc,
    mstype: p.mstype,
    msspace: p.msspace || null,
    minitcond: p.minitcond === null ? null : text(p.minitcond),
    mfinalfunc: p.mfinalfunc,
    mfinalfunc_modify: p.mfinalfunc_modify,
    sortop: p.sort_operator === null ? null : `operator(${p.sort_operator})`,
    parallel: p.parallel === "unsafe" ? null : p.parallel,
  }).flatMap(([name, value]) => (value === null ? [] : [`${name} = ${value}`])),
  ...(p.finalfunc_extra ? ["finalfunc_extra"] : []),
  ...(p.mfinalfunc_extra ? ["mfinalfunc_extra"] : []),
  ...(p.kind === "hypothetical-set" ? ["hypothetical"] : []),
];

const address = (p: Aggregate) =>
  `aggregate ${ident(p.schema, p.name)}(${p.arguments === "" ? "*" : p.arguments})`;

const definition = (p: Aggregate) => `${address(p)} (\n  ${options(p).join(",\n  ")}\n)`;

/** The type of the result stays: that of the final function, else of the state. */
const replace = (p: Aggregate) => `create or replace ${definition(p)}`;

export const aggregate: Kind<Aggregate> = defineKind({
  name: "aggregate",
  folder: "aggregates",
  file: (p) => ident(p.schema, p.name),
  catalog: "pg_proc",
  key: ["schema", "name", "types"],
  label: (p) => `${ident(p.schema, p.name)}(${p.types})`,
  row,
  query: () => sql`
    select p.oid, n.nspname as schema, p.proname as name, oidvectortypes(p.proargtypes) as types,
      case g.aggkind when 'n' then ${argumentsOf()} else pg_get_function_arguments(p.oid) end as arguments,
      case g.aggkind when 'n' then 'normal' when 'o' then 'ordered-set' else 'hypothetical-set' end as kind,
      ${functions}, format_type(g.aggtranstype, null) as stype, g.aggtransspace as sspace,
      g.agginitval as initcond, g.aggfinalextra as finalfunc_extra,
      ${modify("aggfinalmodify", "aggfinalfn")} as finalfunc_modify,
      case when g.aggmtranstype <> 0 then format_type(g.aggmtranstype, null) end as mstype,
      g.aggmtransspace as msspace, g.aggminitval as minitcond, g.aggmfinalextra as mfinalfunc_extra,
      ${modify("aggmfinalmodify", "aggmfinalfn")} as mfinalfunc_modify,
      (select quote_ident(on_.nspname) || '.' || o.oprname from pg_operator o
        join pg_namespace on_ on on_.oid = o.oprnamespace where o.oid = g.aggsortop) as sort_operator,
      case p.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end as parallel
    from pg_aggregate g join pg_proc p on p.oid = g.aggfnoid join pg_namespace n on n.oid = p.pronamespace
    where ${userSchema} and ${standsAlone("pg_proc", "p")}`,
  address,
  grantedAs: "function",
  create: (p) => `create ${definition(p)}`,
  drop: (p) => `drop ${address(p)}`,
  alter: {
    sfunc: replace,
    sspace: replace,
    initcond: replace,
    finalfunc_extra: replace,
    finalfunc_modify: replace,
    combinefunc: replace,
    serialfunc: replace,
    deserialfunc: replace,
    msfunc: replace,
    minvfunc: replace,
    mstype: replace,
    msspace: replace,
    minitcond: replace,
    mfinalfunc: replace,
    mfinalfunc_extra: replace,
    mfinalfunc_modify: replace,
    sort_operator: replace,
    parallel: replace,
  },
});
