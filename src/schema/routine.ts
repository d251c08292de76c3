import * as z from "zod";
import type { Server } from "../pg/connection.ts";
import { ident, type Sql, sql } from "../sql/tag.ts";
import { dependOn, extensionsOf } from "./extension-dependency.ts";
import { type Kind, type ObjectId } from "./kind.ts";
import { dollarQuoted, setClause, text } from "./quoting.ts";
import { argumentsOf } from "./routine-arguments.ts";
import { standsAlone, userSchema } from "./scope.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  /** Types of the input arguments: what tells overloads apart. */
  types: z.string(),
  /** Names, modes, types and defaults. */
  arguments: z.string(),
  /** The same without defaults. */
  identity_arguments: z.string(),
  /** Types with which it can be called: first without every argument that has a default, last with all. */
  calls: z.array(z.string()),
  returns: z.string().nullable(),
  language: z.string(),
  body: z.string(),
  /** The body is SQL-standard, not a string (since PostgreSQL 14). */
  parsed: z.boolean(),
  /** Object file of a C function. */
  object_file: z.string().nullable(),
  window: z.boolean(),
  volatility: z.enum(["immutable", "stable", "volatile"]),
  strict: z.boolean(),
  security_definer: z.boolean(),
  leakproof: z.boolean(),
  parallel: z.enum(["safe", "restricted", "unsafe"]),
  /** Only when it is not the language's. */
  cost: z.number().nullable(),
  /** Only when it is not 1000. */
  rows: z.number().nullable(),
  support: z.string().nullable(),
  /** SET clauses, as `name=value`; their order says nothing. */
  config: z.array(z.string()),
  /** Types named by TRANSFORM FOR TYPE. */
  transforms: z.array(z.string()),
  /** Extensions that it goes away with. */
  depends_on: z.array(z.string()),
  /** The type that is made of this function, which takes or returns it. */
  makes: z.string().nullable(),
});
export type Routine = z.infer<typeof row>;

/** SQL-standard bodies exist since PostgreSQL 14; prosrc is empty then. */
const body = (server: Server): Sql =>
  server.major >= 14
    ? sql`coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) as body, p.prosqlbody is not null as parsed`
    : sql`p.prosrc as body, false as parsed`;

/** Types whose definition names functions that name the type: base types, and ranges with a canonical function. */
const MADE_TYPES = sql`
  select t.oid, format_type(t.oid, null) as name, unnest(array[t.typinput, t.typoutput, t.typreceive, t.typsend]) as made_of
  from pg_type t where t.oid >= 16384 and t.typtype = 'b' and t.typisdefined
  union all
  select r.rngtypid, format_type(r.rngtypid, null), r.rngcanonical from pg_range r where r.rngcanonical <> 0`;

const query = (prokinds: string, server: Server): Sql => sql`
    select p.oid, n.nspname as schema, p.proname as name, oidvectortypes(p.proargtypes) as types,
      ${argumentsOf({ withDefaults: true })} as arguments, ${argumentsOf()} as identity_arguments,
      array(select array_to_string(array(select format_type(p.proargtypes[i], null)
          from generate_series(0, given - 1) i), ', ')
        from generate_series(p.pronargs::int - p.pronargdefaults, p.pronargs) given) as calls,
      case when 't' = any (p.proargmodes) then concat('TABLE(', ${argumentsOf({ ofTable: true })}, ')')
        else pg_get_function_result(p.oid) end as returns,
      l.lanname as language, ${body(server)},
      p.probin as object_file, p.prokind = 'w' as window,
      case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatility,
      p.proisstrict as strict, p.prosecdef as security_definer, p.proleakproof as leakproof,
      case p.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end as parallel,
      nullif(p.procost, case when l.lanname in ('c', 'internal') then 1 else 100 end) as cost,
      nullif(p.prorows, case when p.proretset then 1000 else 0 end) as rows,
      nullif(p.prosupport::oid, 0)::regproc::text as support,
      array(select unnest(p.proconfig) order by 1) as config,
      array(select format_type(x, null) from unnest(p.protrftypes) x order by 1) as transforms,
      ${extensionsOf("pg_proc", "p.oid")} as depends_on, made.name as makes
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
      left join (${MADE_TYPES}) made on made.made_of = p.oid
        and (made.oid = p.prorettype or made.oid = any (p.proargtypes))
    where p.prokind in (${sql.raw(prokinds)}) and ${userSchema} and ${standsAlone("pg_proc", "p")}`;

function source(p: Routine): string {
  if (p.parsed) return p.body;
  if (p.object_file !== null) return `as ${text(p.object_file)}${p.body === "" ? "" : `, ${text(p.body)}`}`;
  return `as ${p.language === "internal" ? text(p.body) : dollarQuoted(p.body)}`;
}

/** Everything behind the name and the arguments; what CREATE FUNCTION does by default is not said. */
function attributes(p: Routine): string[] {
  const flags = [
    `language ${ident(p.language)}`,
    p.window ? "window" : "",
    p.volatility === "volatile" ? "" : p.volatility,
    p.leakproof ? "leakproof" : "",
    p.strict ? "strict" : "",
    p.security_definer ? "security definer" : "",
    p.parallel === "unsafe" ? "" : `parallel ${p.parallel}`,
    p.cost === null ? "" : `cost ${p.cost}`,
    p.rows === null ? "" : `rows ${p.rows}`,
    p.support === null ? "" : `support ${p.support}`,
  ];
  return [
    ...(p.returns === null ? [] : [`returns ${p.returns}`]),
    flags.filter((flag) => flag !== "").join(" "),
    ...(p.transforms.length === 0
      ? []
      : [`transform ${p.transforms.map((type) => `for type ${type}`).join(", ")}`]),
    ...p.config.map(setClause),
    source(p),
  ];
}

/** A default of a polymorphic argument has a type of its own, which CREATE OR REPLACE keeps. */
const isPolymorphic = (p: Routine): boolean => p.types.includes("any");

/** Names and modes stay, and so do defaults, though their values need not. */
const keepsArguments = (to: Routine, from: Routine): boolean =>
  to.identity_arguments === from.identity_arguments &&
  to.calls.length >= from.calls.length &&
  !isPolymorphic(to);

/**
 * A kind of routine that has a body; they differ in name and pg_proc.prokind only. `shellOf` names the object that
 * the functions of a type need, which is dropped with them.
 */
export function routineKind(
  name: string,
  prokinds: "'f', 'w'" | "'p'",
  shellOf?: (type: string) => ObjectId,
): Kind<Routine> {
  const address = (p: Routine) => `${name} ${ident(p.schema, p.name)}(${p.identity_arguments})`;
  const definition = (p: Routine) =>
    [`${name} ${ident(p.schema, p.name)}(${p.arguments})`, ...attributes(p)].join("\n  ");
  const made = (p: Routine, create: string) => [
    `${create} ${definition(p)}`,
    ...dependOn(address(p), p.depends_on),
  ];
  // It forgets extensions.
  const replace = (p: Routine) => made(p, "create or replace");
  return {
    name,
    folder: "functions",
    file: (p) => ident(p.schema, p.name),
    holdsCode: true,
    // Two of a name that can be called alike make such calls ambiguous.
    occupies: (p) => p.calls.map((types) => `${ident(p.schema, p.name)}(${types})`),
    catalog: "pg_proc",
    key: ["schema", "name", "types"],
    label: (p) => `${ident(p.schema, p.name)}(${p.types})`,
    row,
    query: (server) => query(prokinds, server),
    same: { calls: () => true, identity_arguments: () => true, makes: () => true },
    address,
    create: (p) => made(p, "create"),
    drop: (p) => (p.makes === null ? `drop ${address(p)}` : []),
    alter: {
      arguments: (to, from) => (keepsArguments(to, from) ? replace(to) : null),
      language: replace,
      body: replace,
      parsed: replace,
      object_file: replace,
      volatility: replace,
      strict: replace,
      security_definer: replace,
      leakproof: replace,
      parallel: replace,
      cost: replace,
      rows: replace,
      support: replace,
      config: replace,
      transforms: replace,
      depends_on: (to, from) => dependOn(address(to), to.depends_on, from.depends_on),
    },
    ...(shellOf && { needs: (p) => (p.makes === null ? [] : [shellOf(p.makes)]) }),
  };
}
