import { isNode, type Node, namePartsOf } from "./node.ts";

/** Built-in functions whose result is one for the whole statement, or that have no effect. */
const STABLE: ReadonlySet<string> = new Set([
  "concat",
  "current_setting",
  "generate_series",
  "lower",
  "md5",
  "now",
  "statement_timestamp",
  "timezone",
  "transaction_timestamp",
  "upper",
]);

/** Built-in functions with another result for every row. */
const VOLATILE: ReadonlySet<string> = new Set([
  "clock_timestamp",
  "gen_random_uuid",
  "nextval",
  "random",
  "random_normal",
  "timeofday",
  "uuidv7",
]);

/** Functions called anywhere below a node; of those outside pg_catalog, the full name. */
function callsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(callsIn);
  if (!isNode(value)) return [];
  const { FuncCall: call } = value;
  const own = isNode(call)
    ? [
        namePartsOf(call["funcname"])
          .join(".")
          .replace(/^pg_catalog\./, ""),
      ]
    : [];
  return [...own, ...Object.values(value).flatMap(callsIn)];
}

/** Whether the tree calls a function whose effects are not known. */
export const callsUnknown = (value: unknown): boolean =>
  callsIn(value).some((name) => !STABLE.has(name) && !VOLATILE.has(name));

/** Built-in functions with another result for every row that the tree calls. */
export const volatileCallsIn = (value: unknown): readonly string[] =>
  callsIn(value).filter((name) => VOLATILE.has(name));

/** Whether a default must be worked out for each row; undefined when that is not known. */
export function isVolatile(expression: unknown): boolean | undefined {
  if (callsUnknown(expression)) return undefined;
  return callsIn(expression).some((name) => VOLATILE.has(name));
}

/** Types that are no domain, beside those that the parser writes with pg_catalog. */
const BUILT_IN_TYPES: ReadonlySet<string> = new Set(
  `
    bytea cidr date daterange inet int4range int8range json jsonb jsonpath macaddr money name numrange oid point
    text timestamptz tsquery tsrange tstzrange tsvector uuid xml
    bool char float4 float8 int2 int4 int8 numeric time timestamp timetz varchar
  `
    .trim()
    .split(/\s+/),
);

const SERIALS: ReadonlySet<string> = new Set([
  "bigserial",
  "serial",
  "serial2",
  "serial4",
  "serial8",
  "smallserial",
]);

/** What the type of a new column is; `named` may be a domain, which brings constraints and a default. */
export function typeSort(typeName: unknown): {
  sort: "built-in" | "serial" | "named";
  parts: readonly string[];
} {
  const node: Node = isNode(typeName) ? typeName : {};
  const parts = namePartsOf(node["names"]);
  const [first = ""] = parts;
  if (node["pct_type"] === true) return { sort: "named", parts };
  if (parts.length === 1 && SERIALS.has(first)) return { sort: "serial", parts };
  const isBuiltIn = first === "pg_catalog" || (parts.length === 1 && BUILT_IN_TYPES.has(first));
  return { sort: isBuiltIn ? "built-in" : "named", parts };
}
