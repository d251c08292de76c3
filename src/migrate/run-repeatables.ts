import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { runScript } from "../pg/run-script.ts";
import { ident, identSql, type Sql, sql } from "../sql/tag.ts";
import { type JobContext, limitStatements } from "./job.ts";
import { type Ledger, onLedger } from "./ledger.ts";
import { lockTimeoutOf, withLockRetry } from "./lock-retry.ts";
import type { ParsedRepeatable, RepeatableFile } from "./repeatable.ts";

/** Stands beside the ledger; holds what each repeatable file was when it ran last. */
const TABLE = "confiture_repeatable";

const tableOf = (ledger: Ledger): Sql => identSql(ledger.path[0], TABLE);

/** Hash by path of every repeatable file that ran; writes nothing. */
export async function readRepeatables(db: Connection, ledger: Ledger): Promise<Map<string, string>> {
  const name = ident(ledger.path[0], TABLE);
  const [found] = await db.rows<{ there: boolean }>(sql`select to_regclass(${name}) is not null as there`);
  if (!found?.there) return new Map();
  const rows = await onLedger(
    ledger,
    db.rows<{ path: string; checksum: string }>(
      sql`select path, checksum from ${tableOf(ledger)} where ledger = ${ledger.path[1]}`,
    ),
  );
  return new Map(rows.map(({ path, checksum }) => [path, checksum]));
}

/**
 * Run repeatable files and record them, all in one transaction; gives their paths in the order they ran.
 * Throws MIGR_001 with file and line, or LOCK_1301; nothing of it stays then.
 */
export async function runRepeatables(
  db: Connection,
  ledger: Ledger,
  files: readonly ParsedRepeatable[],
  target: JobContext,
): Promise<string[]> {
  if (files.length === 0) return [];
  const limits = sql.raw(limitStatements(target.limits).join(";\n"));
  const attempt = () => db.transaction(() => runInTransaction(db, ledger, files), sql`; ${limits}`);
  return withLockRetry(db, attempt, {
    what: `repeatable files ${files.map((file) => file.path).join(", ")}`,
    lockTimeoutMs: lockTimeoutOf(target.limits),
    ...target,
  });
}

/** As `runRepeatables`, inside a transaction that is open already. */
export async function runInTransaction(
  db: Connection,
  ledger: Ledger,
  files: readonly ParsedRepeatable[],
): Promise<string[]> {
  await onLedger(ledger, db.run(sql.raw(CREATE(ledger))));
  const done: ParsedRepeatable[] = [];
  for (let todo = files; todo.length > 0;) {
    const waiting: [ParsedRepeatable, ConfitureError][] = [];
    for (const file of todo) {
      const missing = await runOne(db, ledger, file);
      if (missing) waiting.push([file, missing]);
      else done.push(file);
    }
    if (waiting.length === todo.length) throw waiting[0]![1];
    todo = waiting.map(([file]) => file);
  }
  return done.map((file) => file.path);
}

/** SQLSTATEs of what may exist once another file has run. */
const MISSING: ReadonlySet<unknown> = new Set(["3F000", "42P01", "42703", "42704", "42883"]);

/** In a savepoint; gives the error when the file needs something that is not there yet. */
async function runOne(
  db: Connection,
  ledger: Ledger,
  file: ParsedRepeatable,
): Promise<ConfitureError | undefined> {
  try {
    await db.savepoint("repeatable", async () => {
      await runScript(db, file.script, { code: "MIGR_001" });
      await db.run(sql`reset session authorization; reset role; reset search_path`);
      await db.run(record(ledger, file));
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfitureError) || !MISSING.has(error.context.details?.["sqlstate"])) throw error;
    return error;
  }
}

/** A rollback may drop what repeatable files made, so all of them run again with the next `up`. */
export async function forgetRepeatables(db: Connection, ledger: Ledger): Promise<void> {
  if ((await readRepeatables(db, ledger)).size === 0) return;
  await onLedger(ledger, db.run(sql`delete from ${tableOf(ledger)} where ledger = ${ledger.path[1]}`));
}

const CREATE = (ledger: Ledger): string => `
  create table if not exists ${ident(ledger.path[0], TABLE)} (
    ledger text not null,
    path text not null,
    checksum text not null,
    applied_at timestamptz not null default now(),
    applied_by text not null default current_user,
    primary key (ledger, path)
  )`;

const record = (ledger: Ledger, { path, checksum }: RepeatableFile): Sql => sql`
  insert into ${tableOf(ledger)} (ledger, path, checksum) values (${ledger.path[1]}, ${path}, ${checksum})
  on conflict (ledger, path) do update
    set checksum = excluded.checksum, applied_at = excluded.applied_at, applied_by = excluded.applied_by`;
