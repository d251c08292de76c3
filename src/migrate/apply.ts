import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { runScript } from "../pg/run-script.ts";
import { ident, type Sql, sql } from "../sql/tag.ts";
import type { MigrationFile } from "./files.ts";
import { deleteRow, insertRow, type Ledger, recordTime } from "./ledger.ts";
import type { MigrationBody } from "./migration.ts";

/** One migration that ran. */
export interface Ran {
  readonly version: string;
  readonly name: string;
  readonly duration_ms: number;
  readonly rows_affected: number;
}

/** A migration, its body in the wanted direction, and what happens to its ledger row. */
export interface Job {
  readonly migration: MigrationFile;
  readonly body: MigrationBody;
  readonly ledgerRow: "insert" | "delete" | "keep";
}

/** PostgreSQL's timeouts for the statements of one migration. */
export interface Timeouts {
  readonly lockTimeoutMs?: number | undefined;
  readonly statementTimeoutMs?: number | undefined;
}

/**
 * Run one migration and change its ledger row: in one transaction where PostgreSQL allows it.
 * Throws MIGR_001 (rolled back), or MIGR_110 naming the statements that stay when it could not be one transaction.
 */
export async function runJob(
  db: Connection,
  ledger: Ledger,
  job: Job,
  timeouts: Timeouts = {},
): Promise<Ran> {
  const { migration, body } = job;
  const started = performance.now();
  try {
    const rows = body.transactional
      ? await runInTransaction(db, ledger, { ...job, timeouts })
      : await runOutside(db, ledger, job);
    const duration = Math.round(performance.now() - started);
    return { version: migration.version, name: migration.name, duration_ms: duration, rows_affected: rows };
  } catch (error) {
    if (!(error instanceof ConfitureError)) throw error;
    const context = { migration: migration.version, file: body.file };
    // What fails beside the statements, e.g. a deferred constraint at COMMIT, is the migration's failure too.
    throw error.code === "SQL_001"
      ? new ConfitureError("MIGR_001", error.message, { ...error.context, ...context })
      : error.with(context);
  } finally {
    // Not waited for: it travels with the next migration's BEGIN. A session it fails on is lost, which that one tells.
    if (db.isOpen) db.run(sql`discard all`).catch(() => undefined);
  }
}

function runInTransaction(
  db: Connection,
  ledger: Ledger,
  { migration, body, ledgerRow, timeouts }: Job & { readonly timeouts: Timeouts },
): Promise<number> {
  const { version, name } = migration;
  const before = [
    ledgerRow === "insert"
      ? insertRow(ledger, { version, name, checksum: body.checksum, reason: "applied" })
      : "",
    ledgerRow === "delete" ? deleteRow(ledger, version) : "",
    ...settings(body, timeouts),
  ];
  const after = ["reset role", ledgerRow === "insert" ? recordTime(ledger, version) : "", "commit"];
  return db.transaction(
    async () => (await runScript(db, body.script, { code: "MIGR_001", last: joined(after) })).rowsAffected,
    sql`; ${joined(before)}`,
    { workCommits: true },
  );
}

const joined = (statements: readonly string[]): Sql => sql.raw(statements.filter(Boolean).join(";\n"));

function settings({ directives }: MigrationBody, timeouts: Timeouts): string[] {
  const lockTimeout = directives.lockTimeoutMs ?? timeouts.lockTimeoutMs;
  return [
    lockTimeout === undefined ? "" : `set local lock_timeout = ${lockTimeout}`,
    timeouts.statementTimeoutMs === undefined
      ? ""
      : `set local statement_timeout = ${timeouts.statementTimeoutMs}`,
    directives.runAs === undefined ? "" : `set local role ${ident(directives.runAs)}`,
  ];
}

/** Statement by statement, each on its own; the ledger row follows only when all are through. */
async function runOutside(
  db: Connection,
  ledger: Ledger,
  { migration, body, ledgerRow }: Job,
): Promise<number> {
  const { version, name } = migration;
  const done: string[] = [];
  const { lockTimeoutMs, runAs } = body.directives;
  if (lockTimeoutMs !== undefined) await db.run(sql.raw(`set lock_timeout = ${lockTimeoutMs}`));
  if (runAs !== undefined) await db.run(sql.raw(`set role ${ident(runAs)}`));
  try {
    const { rowsAffected } = await runScript(db, body.script, {
      code: "MIGR_001",
      onStatement: (statement) => done.push(statement.text.slice(0, 200)),
    });
    await db.run(sql`reset role`);
    if (ledgerRow === "insert") {
      await db.run(sql.raw(insertRow(ledger, { version, name, checksum: body.checksum, reason: "applied" })));
    }
    if (ledgerRow === "delete") await db.run(sql.raw(deleteRow(ledger, version)));
    return rowsAffected;
  } catch (error) {
    if (!(error instanceof ConfitureError) || done.length === 0) throw error;
    throw new ConfitureError(
      "MIGR_110",
      `${error.message} (${done.length} statements before it are done and stay)`,
      {
        ...error.context,
        details: {
          ...error.context.details,
          statements_done: done,
          statements_total: body.script.statements.length,
        },
        cause: error,
      },
    );
  }
}
