import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { runScript } from "../pg/run-script.ts";
import { sql } from "../sql/tag.ts";
import { type JobContext, limitStatements } from "./job.ts";
import type { Ledger } from "./ledger.ts";
import { lockTimeoutOf, withLockRetry } from "./lock-retry.ts";
import type { ParsedRepeatable } from "./repeatable.ts";
import { ensureRepeatables, recordRepeatable } from "./repeatable-record.ts";

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
  await ensureRepeatables(db, ledger);
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
      await db.run(recordRepeatable(ledger, file));
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfitureError) || !MISSING.has(error.context.details?.["sqlstate"])) throw error;
    return error;
  }
}
