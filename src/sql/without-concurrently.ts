import { scanTokens } from "./parse.ts";
import type { Statement } from "./script.ts";

/** Kinds whose concurrent form has a plain one with the same result. */
const HAS_PLAIN_FORM: ReadonlySet<string> = new Set(["IndexStmt", "DropStmt", "AlterTableStmt"]);

/** The statement without its CONCURRENTLY, so that it can run in a transaction; undefined when there is no such form. */
export async function withoutConcurrently(statement: Statement): Promise<Statement | undefined> {
  if (!HAS_PLAIN_FORM.has(statement.kind)) return undefined;
  const word = (await scanTokens(statement.text)).find(
    (token) => token.text.toLowerCase() === "concurrently",
  );
  if (!word) return undefined;
  const text = statement.text.slice(0, word.start) + statement.text.slice(word.end).replace(/^ /, "");
  return { ...statement, text };
}
