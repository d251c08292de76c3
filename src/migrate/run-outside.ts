import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { runScript } from "../pg/run-script.ts";
import { statementFacts } from "../sql/facts.ts";
import type { Statement } from "../sql/script.ts";
import { beginningOf } from "../sql/statement-text.ts";
import { sql } from "../sql/tag.ts";
import { guardStatements, type JobContext, ledgerStatements } from "./job.ts";
import { clearInvalidIndex, concurrentIndex, isPatient } from "./concurrent-index.ts";
import { finishDetach, outcomeOf } from "./interrupted.ts";
import { hooksAround } from "./hooks/job-hooks.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { lockTimeoutOf, withLockRetry } from "./lock/lock-retry.ts";
import { OURS, type OutsideSession, restoreSession, roleAt, withoutLockTimeout } from "./outside-session.ts";
import { requirePreconditions } from "./preconditions/preconditions.ts";
import {
  beginProgress,
  dropProgress,
  endProgress,
  hashOf,
  type Progress,
  type ProgressChange,
  readProgress,
  updateProgress,
} from "./ledger/progress.ts";

/** Everything one run of such a migration works with. */
interface Outside extends OutsideSession {
  readonly ledger: Ledger;
  /** When this run of it began, in ms of the process's clock. */
  readonly started: number;
  /** False on a rehearsal, which neither records progress nor resumes. */
  readonly records: boolean;
}

/**
 * Run a migration statement by statement, each a transaction of its own together with the record of it where
 * PostgreSQL allows; a run that was cut off goes on with the statement it stopped at. Gives the rows written.
 * Throws MIGR_110 for a failure half-way, MIGR_111 when the file no longer begins with what was done.
 */
export async function runOutside(
  db: Connection,
  ledger: Ledger,
  job: OutsideSession["job"],
  context: JobContext,
): Promise<number> {
  const { statements } = job.body.script;
  const lockTimeoutMs = job.body.directives.lockTimeoutMs ?? lockTimeoutOf(context.limits);
  const records = job.ledgerRow !== "keep";
  const started = performance.now();
  const run: Outside = { db, ledger, job, statements, lockTimeoutMs, context, records, started };
  const hooked = hooksAround(db, job, context);
  for (const statement of guardStatements(context.guard)) await db.run(sql.raw(statement));
  await hooked("before_migration");
  const earlier = records ? await startOrResume(run) : undefined;
  let done = earlier?.statements_done ?? 0;
  await restoreSession(run, done);
  let rows = 0;
  try {
    if (earlier?.running != null && (await wasDone(run, statements[done]))) await recordDone(run, done++);
    for (; done < statements.length; done++) rows += await runStatement(run, done);
    await hooked("after_migration");
    await finish(run);
    return rows;
  } catch (error) {
    throw await stopped(run, done, error);
  }
}

/** The record of an earlier run that this one continues; a new record otherwise. */
async function startOrResume({
  db,
  ledger,
  job,
  statements,
  context,
}: Outside): Promise<Progress | undefined> {
  const { version, name } = job.migration;
  const direction = job.ledgerRow === "delete" ? "down" : "up";
  const total = statements.length;
  const earlier = (await readProgress(db, ledger)).find((row) => row.version === version);
  const isUntouched = earlier === undefined || (earlier.statements_done === 0 && earlier.running === null);
  if (isUntouched)
    await requirePreconditions(db, job.body.preconditions, { migration: version, file: job.body.file });
  if (earlier === undefined) {
    await beginProgress(db, ledger, { version, name, direction, statements_total: total });
    return undefined;
  }
  const { statements_done: done } = earlier;
  if (earlier.direction !== direction || earlier.done_hash !== hashOf(statements.slice(0, done))) {
    throw changedMeanwhile(earlier, ledger, job.body.file);
  }
  if (total !== earlier.statements_total) {
    await db.run(updateProgress(ledger, { version, statements_done: done }, { statements_total: total }));
  }
  context.log?.info(`${version} ${name} goes on with statement ${done + 1} of ${total}`);
  return earlier;
}

function changedMeanwhile(earlier: Progress, ledger: Ledger, file: string): ConfitureError {
  const { version, direction, statements_done: done } = earlier;
  return new ConfitureError(
    "MIGR_111",
    `${done} statement(s) of ${version} (${direction}) are done, and ${file} does not begin with them any more`,
    {
      migration: version,
      file,
      details: { progress: earlier },
      actionable: `Restore the file's beginning and run the command again; or undo those statements by hand, and then: ${endProgress(ledger, version).text}`,
    },
  );
}

async function wasDone(run: Outside, statement: Statement | undefined): Promise<boolean> {
  if (statement === undefined) return false;
  const { db, context } = run;
  const outcome = await withoutLockTimeout(run, () => outcomeOf(db, statement));
  if (outcome === "done") context.log?.info(`done by the earlier run: ${beginning(statement)}`);
  if (outcome === "unknown")
    context.log?.warn(
      `nothing tells whether the earlier run got through it, so it runs again: ${beginning(statement)}`,
    );
  return outcome === "done";
}

const beginning = (statement: Statement): string => beginningOf(statement, 200);

/** Kinds that may commit on their own, and so are never put into a transaction of ours. */
const MAY_COMMIT: ReadonlySet<string> = new Set(["CallStmt", "DoStmt", "TransactionStmt"]);

async function runStatement(run: Outside, at: number): Promise<number> {
  const statement = run.statements[at]!;
  const alone = statementFacts(statement).transactional !== true;
  // What was committed of it would be done once more.
  if (MAY_COMMIT.has(statement.kind)) return runAlone(run, at);
  const { version, name } = run.job.migration;
  return withLockRetry(run.db, () => (alone ? runAlone(run, at) : runRecorded(run, at)), {
    what: `${version} ${name}, statement ${at + 1}`,
    lockTimeoutMs: run.lockTimeoutMs,
    ...run.context,
  });
}

/** Statement and record in one transaction: both or neither. */
async function runRecorded(run: Outside, at: number): Promise<number> {
  if (!run.records) return runOne(run, at);
  return run.db.transaction(async () => {
    const rows = await runOne(run, at);
    await recordDone(run, at);
    return rows;
  });
}

/** The record says first that the statement is under way, so that a run cut off here is known to be uncertain. */
async function runAlone(run: Outside, at: number): Promise<number> {
  const statement = run.statements[at]!;
  await record(run, { at, behind: at, change: { running: beginning(statement) } });
  const rows = await (isPatient(statement)
    ? withoutLockTimeout(run, () => runPatiently(run, at))
    : runOrFinish(run, at));
  await recordDone(run, at);
  return rows;
}

async function runPatiently(run: Outside, at: number): Promise<number> {
  const index = concurrentIndex(run.statements[at]!);
  if (index) await clearInvalidIndex(run.db, index);
  return runOne(run, at);
}

/** What an earlier try began and could not end is ended. */
const runOrFinish = async (run: Outside, at: number): Promise<number> =>
  (await finishDetach(run.db, run.statements[at]!)) ? 0 : runOne(run, at);

async function runOne({ db, job, statements }: Outside, at: number): Promise<number> {
  const { source } = job.body.script;
  const { rowsAffected } = await runScript(
    db,
    { source, statements: [statements[at]!] },
    { code: "MIGR_001" },
  );
  return rowsAffected;
}

const recordDone = (run: Outside, at: number): Promise<void> =>
  record(run, {
    at,
    behind: at + 1,
    change: {
      statements_done: at + 1,
      done_hash: hashOf(run.statements.slice(0, at + 1)),
      running: null,
      error: null,
    },
  });

interface Entry {
  /** How many statements the record says are done. */
  readonly at: number;
  /** How many are behind the session. */
  readonly behind: number;
  readonly change: ProgressChange;
}

/**
 * Write the record as ourselves, whatever role the migration has taken on. Throws MIGR_111 when it is not as this run
 * left it: without the lock, or once that is lost, another run may have gone on.
 */
async function record(run: Outside, { at, behind, change }: Entry): Promise<void> {
  if (!run.records) return;
  const { db, ledger, job } = run;
  const { version } = job.migration;
  const update = updateProgress(ledger, { version, statements_done: at }, change);
  const changed = await db.run(sql`${OURS}; ${update}`);
  const role = roleAt(run, behind);
  if (role !== "") await db.run(sql.raw(role));
  if (changed === 1) return;
  throw new ConfitureError("MIGR_111", `another run went on with ${version} meanwhile`, {
    actionable: "Let that run end, look at `confiture migrate status`, and run the command again.",
  });
}

/** The ledger row comes, or goes, in one transaction with the end of the record. */
async function finish({ db, ledger, job, records, started, context }: Outside): Promise<void> {
  const took = Math.round(performance.now() - started);
  await db.run(OURS);
  if (!records) return;
  await db.transaction(async () => {
    const statements = [...guardStatements(context.guard), ...ledgerStatements(ledger, job, took)];
    for (const statement of statements) await db.run(sql.raw(statement));
    await db.run(endProgress(ledger, job.migration.version));
  });
}

/** The error of a run that stopped, after the record has it; with nothing done there is nothing to continue. */
async function stopped(run: Outside, done: number, error: unknown): Promise<unknown> {
  if (!(error instanceof ConfitureError)) return error;
  if (run.records && run.db.isOpen) {
    const known = { version: run.job.migration.version, statements_done: done };
    const change =
      done === 0
        ? dropProgress(run.ledger, known)
        : updateProgress(run.ledger, known, { error: error.message.slice(0, 1000), running: null });
    await run.db.run(sql`${OURS}; ${change}`).catch(() => undefined);
  }
  if (done === 0) return error;
  const total = run.statements.length;
  const place =
    done === total
      ? `all ${total} statements are done and stay`
      : `statement ${done + 1} of ${total}; those before it are done and stay`;
  const code = error.code === "MIGR_001" ? "MIGR_110" : error.code;
  return new ConfitureError(code, `${error.message} (${place})`, {
    ...error.context,
    details: {
      ...error.context.details,
      ...(done < total && { statement_number: done + 1 }),
      statements_done: run.statements.slice(0, done).map(beginning),
      statements_total: total,
    },
    cause: error,
  });
}
