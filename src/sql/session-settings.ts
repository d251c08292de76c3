import { isNode, type Node, namePartsOf, nodesOf, textOf, unwrap } from "./node.ts";
import type { Statement } from "./script.ts";
import { ident } from "./tag.ts";

const SETS: ReadonlySet<unknown> = new Set(["VAR_SET_VALUE", "VAR_SET_CURRENT"]);

/** Settings of the session that a statement changes, by SET or by set_config; what a function does is not seen. */
export function settingsChangedBy({ kind, node }: Statement): string[] {
  if (kind !== "VariableSetStmt") return configured(node);
  const { kind: form, name } = node as Node;
  return SETS.has(form) ? [textOf(name) ?? ""].filter(Boolean) : [];
}

/** Statements that take back the settings that these change. */
export const resetsOf = (statements: readonly Statement[]): string[] =>
  [...new Set(statements.flatMap(settingsChangedBy))].map((name) => `reset ${ident(...name.split("."))}`);

/** Names that calls of set_config below `value` give as a constant. */
function configured(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(configured);
  if (!isNode(value)) return [];
  const call = unwrap(value, "FuncCall");
  const name =
    namePartsOf(call?.["funcname"]).at(-1) === "set_config" ? firstText(call?.["args"]) : undefined;
  return [...(name === undefined ? [] : [name]), ...Object.values(value).flatMap(configured)];
}

function firstText(args: unknown): string | undefined {
  const constant = unwrap(nodesOf(args)[0], "A_Const")?.["sval"];
  return isNode(constant) ? textOf(constant["sval"]) : undefined;
}
