import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { standsAlone, userSchema } from "../scope.ts";

const row = z.object({
  schema: z.string(),
  name: z.string(),
  subtype: z.string(),
  /** Only when it is not a default one. */
  operator_class: z.string().nullable(),
  /** Only when it is not the subtype's. */
  collation: z.string().nullable(),
  canonical: z.string().nullable(),
  subtype_diff: z.string().nullable(),
  /** Since PostgreSQL 14. */
  multirange: z.string().nullable(),
});
type RangeType = z.infer<typeof row>;

const options = (t: RangeType): string[] =>
  Object.entries({
    subtype: t.subtype,
    subtype_opclass: t.operator_class,
    collation: t.collation,
    canonical: t.canonical,
    subtype_diff: t.subtype_diff,
    multirange_type_name: t.multirange,
  }).flatMap(([name, value]) => (value === null ? [] : [`${name} = ${value}`]));

const MAX_NAME = 63;

/** With what PostgreSQL made for it and leaves its name: the constructors, and the multirange with its own. */
function renameAll(t: RangeType, name: string): string[] {
  const range = ident(t.schema, t.name);
  const rename = (what: string, to: string) => `alter ${what} rename to ${ident(to)}`;
  const constructors = (of: string, types: readonly string[], to: string) =>
    types.map((list) => rename(`function ${of}(${list})`, to));
  const { multirange, subtype } = t;
  const multi = `multi${name}`.slice(0, MAX_NAME);
  return [
    ...constructors(range, [`${subtype}, ${subtype}`, `${subtype}, ${subtype}, text`], name),
    ...(multirange === null ? [] : constructors(multirange, ["", range, `${range}[]`], multi)),
    ...(multirange === null ? [] : [rename(`type ${multirange}`, multi)]),
    rename(`type ${range}`, name),
  ];
}

/** One with a canonical function, which names the type, has its name as a `shell-type`, and goes with that. */
export const rangeType: Kind<RangeType> = defineKind({
  name: "range-type",
  folder: "types",
  catalog: "pg_type",
  key: ["schema", "name"],
  label: (t) => ident(t.schema, t.name),
  row,
  query: (server) => sql`
    select t.oid, n.nspname as schema, t.typname as name, format_type(r.rngsubtype, null) as subtype,
      case when not o.opcdefault then quote_ident(on_.nspname) || '.' || quote_ident(o.opcname) end
        as operator_class,
      case when r.rngcollation <> s.typcollation then r.rngcollation::regcollation::text end as collation,
      nullif(r.rngcanonical::oid, 0)::regproc::text as canonical,
      nullif(r.rngsubdiff::oid, 0)::regproc::text as subtype_diff,
      ${server.major >= 14 ? sql`format_type(r.rngmultitypid, null)` : sql`null`} as multirange
    from pg_range r join pg_type t on t.oid = r.rngtypid join pg_namespace n on n.oid = t.typnamespace
      join pg_type s on s.oid = r.rngsubtype join pg_opclass o on o.oid = r.rngsubopc
      join pg_namespace on_ on on_.oid = o.opcnamespace
    where ${userSchema} and ${standsAlone("pg_type", "t")}`,
  address: (t) => `type ${ident(t.schema, t.name)}`,
  create: (t) => `create type ${ident(t.schema, t.name)} as range (${options(t).join(", ")})`,
  drop: (t) => (t.canonical === null ? `drop type ${ident(t.schema, t.name)}` : []),
  grantedAs: "type",
  needs: (t) => (t.canonical === null ? [] : [`shell-type ${ident(t.schema, t.name)}`]),
  occupies: (t) => [ident(t.schema, t.name), ...(t.multirange === null ? [] : [t.multirange])],
  rename: renameAll,
});
