import { ConfitureError } from "../../base/errors.ts";
import type { Connection } from "../../pg/connection.ts";
import { runScript, runStatement, type StatementResult } from "../../pg/run-script.ts";
import { statementFacts } from "../../sql/facts.ts";
import { parseScript } from "../../sql/parse-script.ts";
import type { Script, Source, Statement } from "../../sql/script.ts";
import { beginningOf } from "../../sql/statement-text.ts";
import { transactionControlIn } from "../../sql/transaction-control.ts";

export interface StatementOptions {
  readonly transactional: boolean;
  /** Called after each statement that is done, in order. */
  readonly onStatement?: ((statement: Statement) => void) | undefined;
}

/** Runs what a module sends, and counts the rows it writes. */
export interface ModuleStatements {
  /** One or more statements; gives the rows written. */
  readonly runAll: (source: Source) => Promise<number>;
  /** One statement, with its parameters. */
  readonly runOne: <Row extends object>(
    text: string,
    params: readonly unknown[],
  ) => Promise<StatementResult<Row>>;
  /** All rows written so far. */
  readonly rowsAffected: () => number;
}

export function moduleStatements(
  db: Connection,
  { transactional, onStatement }: StatementOptions,
): ModuleStatements {
  let written = 0;
  return {
    rowsAffected: () => written,
    async runAll(source) {
      const script = await readModuleSql(source, transactional);
      const { rowsAffected } = await runScript(db, script, { code: "MIGR_001", onStatement });
      written += rowsAffected;
      return rowsAffected;
    },
    async runOne<Row extends object>(text: string, params: readonly unknown[]) {
      const statement = onlyStatement(await readModuleSql({ text }, transactional), params);
      const result = await runStatement<Row>(db, statement, params, "MIGR_001");
      written += result.rowsAffected;
      onStatement?.(statement);
      return result;
    },
  };
}

/**
 * Parse what a module sends, all of it before any of it runs. Throws MIGR_108 when it does not parse, MIGR_107
 * when it controls the transaction, MIGR_001 when it holds no statement or one that cannot run in a transaction.
 */
async function readModuleSql(source: Source, transactional: boolean): Promise<Script> {
  if (typeof source.text !== "string") {
    throw new ConfitureError("MIGR_001", `SQL must be a text, and this is of type ${typeof source.text}`);
  }
  const script = await parseScript(source, "MIGR_108");
  const { statements } = script;
  if (statements.length === 0) {
    throw new ConfitureError("MIGR_001", `${source.file ?? "the SQL"} holds no statement`, {
      file: source.file,
    });
  }
  const control = transactionControlIn(statements);
  if (control) throw refused("MIGR_107", control, "stands inside a migration", source);
  const outside = transactional && statements.find((s) => statementFacts(s).transactional === false);
  if (!outside) return script;
  throw refused("MIGR_001", outside, "cannot run in a transaction", source).with({
    actionable: "Export `transactional = false` from the module, or move the statement to one that does.",
  });
}

function refused(
  code: "MIGR_001" | "MIGR_107",
  statement: Statement,
  why: string,
  { file }: Source,
): ConfitureError {
  return new ConfitureError(code, `${beginningOf(statement, 40)} ${why}`, {
    file,
    line: statement.position.line,
    details: { statement: beginningOf(statement, 200) },
  });
}

/** The statement of a text that must hold one, because it has parameters or gives rows. */
function onlyStatement({ statements }: Script, params: readonly unknown[]): Statement {
  const [statement, more] = statements;
  if (statement === undefined || more !== undefined) {
    throw new ConfitureError(
      "MIGR_001",
      `${statements.length} statements stand where one is wanted; execute() without parameters takes several`,
    );
  }
  if (statement.copyData !== undefined) {
    throw new ConfitureError("MIGR_001", "COPY with its data is run by execute() without parameters");
  }
  const missing = params.indexOf(undefined);
  if (missing === -1) return statement;
  throw new ConfitureError("MIGR_001", `parameter $${missing + 1} is undefined; null is written null`);
}
