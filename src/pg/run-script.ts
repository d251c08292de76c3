import type pg from "pg";
import { ConfitureError, type ErrorCode } from "../base/errors.ts";
import type { Script, Statement } from "../sql/script.ts";
import { type Sql, sql } from "../sql/tag.ts";
import type { Connection } from "./connection.ts";
import { copyIn } from "./copy.ts";
import { wrapServerError } from "./server-error.ts";

export interface RunScriptOptions {
  /** Of the error when a statement is refused; default SQL_001. */
  readonly code?: ErrorCode | undefined;
  /** Called after each statement that is done, in order. */
  readonly onStatement?: ((statement: Statement) => void) | undefined;
  /** Runs behind the last statement, inside a transaction without waiting for it. */
  readonly last?: Sql | undefined;
}

export interface ScriptResult {
  readonly statements: number;
  /** Rows written by INSERT, UPDATE, DELETE, MERGE and COPY. */
  readonly rowsAffected: number;
  readonly milliseconds: number;
}

/** How many statements may be under way at once. */
const WINDOW = 100;
/** How much text may be under way at once, in characters. */
const WINDOW_LENGTH = 1_000_000;

/**
 * Run the statements of a script in order and stop at the first error, which names file, line and statement number.
 * Inside a transaction they are sent without waiting for each other: once one fails, the server refuses the rest.
 * Outside one, each is a transaction of its own and waits for the one before.
 */
export async function runScript(
  db: Connection,
  script: Script,
  options: RunScriptOptions = {},
): Promise<ScriptResult> {
  const started = performance.now();
  let rowsAffected = 0;
  let lastIsDone = false;
  for (let at = 0; at < script.statements.length;) {
    db.throwIfAborted();
    const end = db.transactionStatus === "T" ? windowEnd(script.statements, at) : at + 1;
    const last = end === script.statements.length && db.transactionStatus === "T" ? options.last : undefined;
    rowsAffected += await runWindow(db, script, { ...options, at, end, last });
    if (last !== undefined) lastIsDone = true;
    at = end;
  }
  if (options.last !== undefined && !lastIsDone) await db.run(options.last);
  const milliseconds = Math.round(performance.now() - started);
  return { statements: script.statements.length, rowsAffected, milliseconds };
}

/** What ends a transaction, or takes the connection for itself, is never sent together with others. */
const standsAlone = ({ kind }: Statement): boolean => kind === "TransactionStmt" || kind === "CopyStmt";

function windowEnd(statements: readonly Statement[], at: number): number {
  let length = 0;
  for (let end = at; end < statements.length; end++) {
    const statement = statements[end];
    if (statement === undefined || end - at === WINDOW) return end;
    if (standsAlone(statement)) return Math.max(end, at + 1);
    length += statement.text.length;
    if (length > WINDOW_LENGTH) return end + 1;
  }
  return statements.length;
}

interface Window extends RunScriptOptions {
  readonly at: number;
  readonly end: number;
}

async function runWindow(
  db: Connection,
  script: Script,
  { at, end, code, onStatement, last }: Window,
): Promise<number> {
  const running = script.statements
    .slice(at, end)
    .map((statement) => ({ statement, rows: runOne(db, statement) }));
  const behind = last === undefined ? undefined : db.run(last);
  // Everything sent is awaited before the first failure is told, so that nothing is under way afterwards.
  await Promise.allSettled([...running.map(({ rows }) => rows), behind]);
  let rowsAffected = 0;
  for (const [i, { statement, rows }] of running.entries()) {
    try {
      rowsAffected += await rows;
    } catch (error) {
      throw atStatement(error, { script, statement, number: at + i + 1, code });
    }
    onStatement?.(statement);
  }
  await behind;
  return rowsAffected;
}

const WRITES: ReadonlySet<string> = new Set(["COPY", "DELETE", "INSERT", "MERGE", "UPDATE"]);

async function runOne(db: Connection, statement: Statement): Promise<number> {
  if (statement.copyData !== undefined) return copyIn(db, sql.raw(statement.text), statement.copyData);
  try {
    return rowsWritten(await db.client.query(statement.text));
  } catch (error) {
    throw await db.failure(error);
  }
}

/** Rows that statements wrote; one that a rule rewrites may have several results. */
export const rowsWritten = (results: pg.QueryResult | pg.QueryResult[]): number =>
  [results]
    .flat()
    .filter(({ command }) => WRITES.has(command))
    .reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0);

export interface StatementResult<Row extends object> {
  readonly rows: Row[];
  readonly rowsAffected: number;
}

/** Run one parsed statement with its parameters; throws an error of `code`, which never repeats a secret. */
export async function runStatement<Row extends object>(
  db: Connection,
  statement: Statement,
  values: readonly unknown[],
  code: ErrorCode,
): Promise<StatementResult<Row>> {
  try {
    const results = await db.client.query<Row>(statement.text, [...values]);
    return { rows: [results].flat().at(-1)?.rows ?? [], rowsAffected: rowsWritten(results) };
  } catch (error) {
    throw wrapServerError(await db.failure(error), { statement, code });
  }
}

export interface Place {
  readonly script: Script;
  readonly statement: Statement;
  readonly number: number;
  readonly code: ErrorCode | undefined;
}

/** The error with the statement's place in its script. */
export function atStatement(error: unknown, { script, statement, number, code }: Place): unknown {
  const wrapped = wrapServerError(error, { source: script.source, statement, code });
  if (!(wrapped instanceof ConfitureError)) return wrapped;
  return wrapped.with({ details: { statement_number: number, statements_total: script.statements.length } });
}
