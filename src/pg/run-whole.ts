import pg from "pg";
import type { ErrorCode } from "../base/errors.ts";
import type { Script } from "../sql/script.ts";
import { sql } from "../sql/tag.ts";
import { characterToIndex } from "../sql/utf8.ts";
import type { Connection } from "./connection.ts";
import { atStatement, rowsWritten } from "./run-script.ts";
import { wrapServerError } from "./server-error.ts";

/** How much text may be sent as one message, in characters. */
const LENGTH = 1_000_000;

/**
 * Whether a script can be sent as one message: it holds no data that goes a way of its own, is not huge, and does not
 * change how the server reads what follows, as all of a message is read at its beginning.
 */
export const canRunWhole = ({ statements }: Script): boolean =>
  statements.every(({ kind, node }) => kind !== "CopyStmt" && !changesReading(kind, node)) &&
  statements.reduce((length, { text }) => length + text.length, 0) <= LENGTH;

const changesReading = (kind: string, node: object): boolean =>
  kind === "VariableSetStmt" && Reflect.get(node, "name") === "standard_conforming_strings";

export interface WholeOptions {
  /** Of the error when a statement of the script is refused. */
  readonly code: ErrorCode;
  /** Statements that run in front of the script and behind it, in its transaction. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * Run a script in a transaction of its own that is sent as one message; gives the rows it wrote. What the server
 * refuses of the script is told with file, line and number of the statement, as `runScript` does.
 */
export async function runWhole(
  db: Connection,
  script: Script,
  { code, before, after }: WholeOptions,
): Promise<number> {
  const front = ["begin", ...before];
  const parts = [...front, ...script.statements.map(({ text }) => text), ...after, "commit"];
  const text = parts.join(";\n");
  try {
    const results = await db.wholeTransaction(sql.raw(text));
    return rowsWritten(results.slice(front.length, results.length - after.length - 1));
  } catch (error) {
    const place = placeOf(error, { parts, text, completed: db.completed });
    const statement = script.statements[place.part - front.length];
    if (statement === undefined) throw wrapServerError(error);
    if (error instanceof pg.DatabaseError) Object.assign(error, { position: place.position });
    const number = place.part - front.length + 1;
    throw atStatement(error, { script, statement, number, code });
  }
}

interface Message {
  readonly parts: readonly string[];
  readonly text: string;
  /** Parts that were through before the error. */
  readonly completed: number;
}

/** The part that failed, and the server's position within it: 1-based, in characters. */
function placeOf(error: unknown, { parts, text, completed }: Message): { part: number; position?: string } {
  const position = error instanceof pg.DatabaseError ? error.position : undefined;
  if (position === undefined) return { part: completed };
  const at = characterToIndex(text, Number(position) - 1);
  let start = 0;
  for (const [part, { length }] of parts.entries()) {
    if (at <= start + length) {
      return { part, position: String(Array.from(text.slice(start, at)).length + 1) };
    }
    start += length + ";\n".length;
  }
  return { part: completed };
}
