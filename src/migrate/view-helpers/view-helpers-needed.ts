import { statementFacts } from "../../sql/facts.ts";
import type { Script, Statement } from "../../sql/script.ts";

/** What migrations call. */
const CALLED_HELPERS: readonly string[] = ["save_and_drop_dependent_views", "recreate_saved_views"];

/** Whether one of the scripts calls a helper; code that is not looked into counts as soon as it names one. */
export const viewHelpersNeeded = (scripts: readonly Script[]): boolean =>
  scripts.some((script) => script.statements.some(callsHelper));

function callsHelper(statement: Statement): boolean {
  const text = statement.text.toLowerCase();
  if (!CALLED_HELPERS.some((name) => text.includes(name))) return false;
  const { uses, opaque } = statementFacts(statement);
  if (uses.some(({ schema, name }) => schema === "confiture" && CALLED_HELPERS.includes(name))) return true;
  return opaque;
}
