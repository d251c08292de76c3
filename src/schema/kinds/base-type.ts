import * as z from "zod";
import { ident, sql } from "../../sql/tag.ts";
import { defineKind, type Kind } from "../kind.ts";
import { text } from "../quoting.ts";
import { standsAlone, userSchema } from "../scope.ts";

const optional = z.string().nullable();
const row = z.object({
  schema: z.string(),
  name: z.string(),
  input: z.string(),
  output: z.string(),
  receive: optional,
  send: optional,
  typmod_in: optional,
  typmod_out: optional,
  analyze: optional,
  /** Since PostgreSQL 14. */
  subscript: optional,
  /** In bytes; null when it varies. */
  length: z.number().nullable(),
  by_value: z.boolean(),
  /** Only when it is not int4. */
  alignment: optional,
  /** Only when it is not plain. */
  storage: optional,
  /** Only when it is not U, user-defined. */
  category: optional,
  preferred: z.boolean(),
  default: optional,
  element: optional,
  /** Only when it is not a comma. */
  delimiter: optional,
  collatable: z.boolean(),
});
type BaseType = z.infer<typeof row>;

const functions = sql.raw(
  ["input", "output", "receive", "send"]
    .map((name) => `nullif(t.typ${name}::oid, 0)::regproc::text as ${name}`)
    .concat(
      ["in", "out"].map((way) => `nullif(t.typmod${way}::oid, 0)::regproc::text as typmod_${way}`),
      "nullif(t.typanalyze::oid, 0)::regproc::text as analyze",
    )
    .join(", "),
);

const options = (t: BaseType): string[] =>
  Object.entries({
    input: t.input,
    output: t.output,
    receive: t.receive,
    send: t.send,
    typmod_in: t.typmod_in,
    typmod_out: t.typmod_out,
    analyze: t.analyze,
    subscript: t.subscript,
    internallength: t.length ?? "variable",
    passedbyvalue: t.by_value || null,
    alignment: t.alignment,
    storage: t.storage,
    category: t.category && text(t.category),
    preferred: t.preferred || null,
    default: t.default === null ? null : text(t.default),
    element: t.element,
    delimiter: t.delimiter && text(t.delimiter),
    collatable: t.collatable || null,
  }).flatMap(([name, value]) => (value === null ? [] : [`${name} = ${value}`]));

/** What ALTER TYPE … SET can change, since PostgreSQL 13. */
const set =
  (name: "receive" | "send" | "typmod_in" | "typmod_out" | "analyze" | "subscript") => (to: BaseType) =>
    `alter type ${ident(to.schema, to.name)} set (${name} = ${to[name] ?? "none"})`;

/**
 * The definition of a type by its functions. Its name is a `shell-type`, which goes with it and takes it along: what
 * is not altered in place is changed there.
 */
export const baseType: Kind<BaseType> = defineKind({
  name: "base-type",
  folder: "types",
  catalog: "pg_type",
  key: ["schema", "name"],
  label: (t) => ident(t.schema, t.name),
  row,
  query: ({ major }) => sql`
    select t.oid, n.nspname as schema, t.typname as name, ${functions},
      ${major >= 14 ? sql`nullif(t.typsubscript::oid, 0)::regproc::text` : sql`null`} as subscript,
      nullif(t.typlen, -1) as length, t.typbyval as by_value,
      case t.typalign when 'c' then 'char' when 's' then 'int2' when 'd' then 'double' end as alignment,
      case t.typstorage when 'e' then 'external' when 'm' then 'main' when 'x' then 'extended' end as storage,
      nullif(t.typcategory, 'U') as category, t.typispreferred as preferred, t.typdefault as default,
      format_type(nullif(t.typelem, 0), null) as element, nullif(t.typdelim, ',') as delimiter,
      t.typcollation <> 0 as collatable
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where t.typtype = 'b' and t.typisdefined and ${userSchema} and ${standsAlone("pg_type", "t")}`,
  address: (t) => `type ${ident(t.schema, t.name)}`,
  create: (t) => `create type ${ident(t.schema, t.name)} (\n  ${options(t).join(",\n  ")}\n)`,
  drop: () => [],
  alter: {
    receive: set("receive"),
    send: set("send"),
    typmod_in: set("typmod_in"),
    typmod_out: set("typmod_out"),
    analyze: set("analyze"),
    subscript: set("subscript"),
    storage: (to) => `alter type ${ident(to.schema, to.name)} set (storage = ${to.storage ?? "plain"})`,
  },
  grantedAs: "type",
  needs: (t) => [`shell-type ${ident(t.schema, t.name)}`],
});
