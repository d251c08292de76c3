import { ConfitureError } from "../../base/errors.ts";
import type { Connection } from "../../pg/connection.ts";
import { runScript } from "../../pg/run-script.ts";
import { resetsOf } from "../../sql/session-settings.ts";
import { type Sql, sql } from "../../sql/tag.ts";
import { guardStatements, type JobContext, limitStatements, RESET } from "../job.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { lockTimeoutOf, withLockRetry } from "../lock/lock-retry.ts";
import type { ParsedRepeatable } from "./repeatable.ts";
import type { Limits } from "../target.ts";
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
  const { limits, guard } = target;
  const front = sql.raw(["", ...limitStatements(limits), ...guardStatements(guard)].join("; "));
  const attempt = () => db.transaction(() => runInTransaction(db, files, { ledger, limits }), front);
  return withLockRetry(db, attempt, {
    what: `repeatable files ${files.map((file) => file.path).join(", ")}`,
    lockTimeoutMs: lockTimeoutOf(target.limits),
    ...target,
  });
}

interface Occasion {
  /** Beside it the files are recorded; a rehearsal has none. */
  readonly ledger?: Ledger | undefined;
  readonly limits: Limits | undefined;
}

/** As `runRepeatables`, inside a transaction that is open already. */
export async function runInTransaction(
  db: Connection,
  files: readonly ParsedRepeatable[],
  occasion: Occasion,
): Promise<string[]> {
  await db.run(limitsSql(occasion));
  if (occasion.ledger) await ensureRepeatables(db, occasion.ledger);
  const done: ParsedRepeatable[] = [];
  for (let todo = files; todo.length > 0;) {
    const waiting: [ParsedRepeatable, ConfitureError][] = [];
    for (const file of todo) {
      const missing = await runOne(db, file, occasion);
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

const limitsSql = ({ limits }: Occasion): Sql => sql.raw(limitStatements(limits).join("; "));

/** In a savepoint, from which no setting reaches the next file; gives the error when the file needs something that is not there yet. */
async function runOne(
  db: Connection,
  file: ParsedRepeatable,
  occasion: Occasion,
): Promise<ConfitureError | undefined> {
  try {
    await db.savepoint("repeatable", async () => {
      await db.run(limitsSql(occasion));
      await runScript(db, file.script, { code: "MIGR_001" });
      await db.run(sql.raw([...RESET, ...resetsOf(file.script.statements)].join("; ")));
      if (occasion.ledger) await db.run(recordRepeatable(occasion.ledger, file));
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfitureError) || !MISSING.has(error.context.details?.["sqlstate"])) throw error;
    return error;
  }
}
