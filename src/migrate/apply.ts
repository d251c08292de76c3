import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { runScript } from "../pg/run-script.ts";
import { ident, type Sql, sql } from "../sql/tag.ts";
import type { MigrationFile } from "./files.ts";
import { deleteRow, insertRow, type Ledger, recordTime } from "./ledger.ts";
import { lockTimeoutOf, withLockRetry } from "./lock-retry.ts";
import type { MigrationBody } from "./migration.ts";
import { runOutside } from "./run-outside.ts";
import type { Limits, Target } from "./target.ts";

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

/** What a job takes from the run it belongs to. */
export type JobContext = Partial<Pick<Target, "environment" | "limits" | "log" | "signal" | "url">>;

/**
 * Run one migration and change its ledger row: in one transaction where PostgreSQL allows it.
 * Throws MIGR_001 (rolled back), LOCK_1301 after too many lost races for a lock (rolled back), or MIGR_110 naming
 * the statements that stay when it could not be one transaction.
 */
export async function runJob(
  db: Connection,
  ledger: Ledger,
  job: Job,
  context: JobContext = {},
): Promise<Ran> {
  const { migration, body } = job;
  const started = performance.now();
  try {
    const rows = body.transactional
      ? await runInTransaction(db, ledger, job, context)
      : await runOutside(db, ledger, job, context);
    const duration = Math.round(performance.now() - started);
    return { version: migration.version, name: migration.name, duration_ms: duration, rows_affected: rows };
  } catch (error) {
    if (!(error instanceof ConfitureError)) throw error;
    const place = { migration: migration.version, file: body.file };
    // What fails beside the statements, e.g. a deferred constraint at COMMIT, is the migration's failure too.
    throw error.code === "SQL_001"
      ? new ConfitureError("MIGR_001", error.message, { ...error.context, ...place })
      : error.with(place);
  } finally {
    // Not waited for: it travels with the next migration's BEGIN. A session it fails on is lost, which that one tells.
    if (db.isOpen) db.run(sql`discard all`).catch(() => undefined);
  }
}

function runInTransaction(db: Connection, ledger: Ledger, job: Job, context: JobContext): Promise<number> {
  const { version, name } = job.migration;
  const limits = limitsOf(job.body, context);
  const before = joined([...firstStatements(ledger, job), ...limits.statements]);
  const after = joined([...lastStatements(ledger, job), "commit"]);
  const attempt = () =>
    db.transaction(
      async () => (await runScript(db, job.body.script, { code: "MIGR_001", last: after })).rowsAffected,
      sql`; ${before}`,
      { workCommits: true },
    );
  return withLockRetry(db, attempt, {
    what: `${version} ${name}`,
    lockTimeoutMs: limits.lockTimeoutMs,
    ...context,
  });
}

const joined = (statements: readonly string[]): Sql => sql.raw(statements.filter(Boolean).join(";\n"));

/** What changes the ledger before the migration's own statements: whoever got past a lost lock waits here. */
export function firstStatements(ledger: Ledger, { migration, body, ledgerRow }: Job): string[] {
  const { version, name } = migration;
  if (ledgerRow === "insert") {
    return [insertRow(ledger, { version, name, checksum: body.checksum, reason: "applied" })];
  }
  return ledgerRow === "delete" ? [deleteRow(ledger, version)] : [];
}

export const lastStatements = (ledger: Ledger, { migration, ledgerRow }: Job): string[] => [
  "reset role",
  ledgerRow === "insert" ? recordTime(ledger, migration.version) : "",
];

/** The settings that hold for one migration in a transaction, as statements, and the lock timeout among them. */
export function limitsOf(
  { directives }: MigrationBody,
  { limits }: JobContext,
): { readonly statements: readonly string[]; readonly lockTimeoutMs: number } {
  const lockTimeoutMs = directives.lockTimeoutMs ?? lockTimeoutOf(limits);
  const role = directives.runAs === undefined ? [] : [`set local role ${ident(directives.runAs)}`];
  return { statements: [...limitStatements({ ...limits, lockTimeoutMs }), ...role], lockTimeoutMs };
}

/** PostgreSQL's timeouts for the rest of a transaction. */
export const limitStatements = (limits: Limits | undefined): string[] => [
  `set local lock_timeout = ${lockTimeoutOf(limits)}`,
  ...(limits?.statementTimeoutMs === undefined
    ? []
    : [`set local statement_timeout = ${limits.statementTimeoutMs}`]),
];
