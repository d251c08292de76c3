import { statementFacts } from "./facts.ts";
import type { Statement } from "./script.ts";

const ENDS: ReadonlySet<string | undefined> = new Set(["begin", "commit", "rollback", "prepare"]);

/** The first statement that begins or ends a transaction itself; savepoints stay inside one. */
export const transactionControlIn = (statements: readonly Statement[]): Statement | undefined =>
  statements.find((statement) => ENDS.has(statementFacts(statement).transactionControl));

/** What stands between a BEGIN and COMMIT around all statements, which mean what a runner does anyway; else all. */
export function withoutWrapper(statements: readonly Statement[]): readonly Statement[] {
  const [first, last] = [statements.at(0), statements.at(-1)];
  if (!first || !last || first === last) return statements;
  const opens = statementFacts(first).transactionControl === "begin";
  const closes = statementFacts(last).transactionControl === "commit";
  return opens && closes ? statements.slice(1, -1) : statements;
}
