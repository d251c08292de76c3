import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { runScript } from "../pg/run-script.ts";
import { statementFacts } from "../sql/facts.ts";
import type { Node } from "../sql/node.ts";
import type { Script, Statement } from "../sql/script.ts";
import { settingsChangedBy } from "../sql/session-settings.ts";
import { beginningOf } from "../sql/statement-text.ts";
import { ident, literal, type Sql, sql } from "../sql/tag.ts";
import { ledgerStatements, type Job, type JobContext, RESET } from "./job.ts";
import { clearInvalidIndex, concurrentIndex, isPatient } from "./concurrent-index.ts";
import { finishDetach, outcomeOf } from "./interrupted.ts";
import { hooksAround } from "./job-hooks.ts";
import type { Ledger } from "./ledger.ts";
import { lockTimeoutOf, withLockRetry } from "./lock-retry.ts";
import { requirePreconditions } from "./preconditions.ts";
import {
  beginProgress,
  endProgress,
  hashOf,
  type Progress,
  readProgress,
  updateProgress,
} from "./progress.ts";

type ScriptJob = Job & { readonly body: { readonly script: Script } };

/** Everything one run of such a migration works with. */
interface Outside {
  readonly db: Connection;
  readonly ledger: Ledger;
  readonly job: ScriptJob;
  readonly statements: readonly Statement[];
  readonly lockTimeoutMs: number;
  readonly context: JobContext;
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
  job: ScriptJob,
  context: JobContext,
): Promise<number> {
  const { statements } = job.body.script;
  const lockTimeoutMs = job.body.directives.lockTimeoutMs ?? lockTimeoutOf(context.limits);
  const records = job.ledgerRow !== "keep";
  const started = performance.now();
  const run: Outside = { db, ledger, job, statements, lockTimeoutMs, context, records, started };
  const hooked = hooksAround(db, job, context);
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
    await db.run(updateProgress(ledger, version, { statements_total: total }));
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

/** The settings, role and SET statements that held when the statement `done` was reached. */
async function restoreSession({ db, job, statements, lockTimeoutMs, context }: Outside, done: number) {
  const { statementTimeoutMs } = context.limits ?? {};
  await db.run(sql.raw(`set lock_timeout = ${lockTimeoutMs}`));
  if (statementTimeoutMs !== undefined)
    await db.run(sql.raw(`set statement_timeout = ${statementTimeoutMs}`));
  if (job.body.directives.runAs !== undefined) {
    await db.run(sql.raw(`set role ${ident(job.body.directives.runAs)}`));
  }
  for (const { text } of statements.slice(0, done).filter(setsSession)) await db.run(sql.raw(text));
}

const setsSession = (statement: Statement): boolean =>
  statement.kind === "VariableSetStmt"
    ? (statement.node as Node)["is_local"] !== true
    : onlyConfigures(statement);

/** A SELECT of set_config and nothing else, as pg_dump writes it. */
const onlyConfigures = (statement: Statement): boolean =>
  statement.kind === "SelectStmt" &&
  settingsChangedBy(statement).length > 0 &&
  statementFacts(statement).uses.every(({ type, name }) => type === "function" && name === "set_config");

const setsRole = (statement: Statement): boolean =>
  setsSession(statement) &&
  ["role", "session_authorization"].includes(String((statement.node as Node)["name"]));

/** What gives the session the role it has behind the first `done` statements; none when it never changed. */
function roleAt({ job, statements }: Outside, done: number): string {
  const { runAs } = job.body.directives;
  const texts = statements
    .slice(0, done)
    .filter(setsRole)
    .map(({ text }) => text);
  return [...(runAs === undefined ? [] : [`set role ${ident(runAs)}`]), ...texts].join("; ");
}

const OURS = sql.raw(RESET.join("; "));

/** The record is ours to write, whatever role the migration has taken on. */
function asOurselves(run: Outside, done: number, statement: Sql): Sql {
  const role = roleAt(run, done);
  return role === "" ? statement : sql`${OURS}; ${statement}; ${sql.raw(role)}`;
}

async function wasDone(run: Outside, statement: Statement | undefined): Promise<boolean> {
  if (statement === undefined) return false;
  const { db, context } = run;
  const outcome = await withoutLockTimeout(run, () => outcomeOf(db, statement));
  if (outcome === "done") context.log?.info(`done by the earlier run: ${beginning(statement)}`);
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
    await run.db.run(asOurselves(run, at + 1, doneRecord(run, at)));
    return rows;
  });
}

/** The record says first that the statement is under way, so that a run cut off here is known to be uncertain. */
async function runAlone(run: Outside, at: number): Promise<number> {
  const { db, ledger, job, records } = run;
  const statement = run.statements[at]!;
  const { version } = job.migration;
  if (records)
    await db.run(asOurselves(run, at, updateProgress(ledger, version, { running: beginning(statement) })));
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

/** The timeout afterwards is the one before: the file may have set its own. */
async function withoutLockTimeout<T>({ db }: Outside, work: () => Promise<T>): Promise<T> {
  const [before] = await db.rows<{ ms: string }>(sql`select current_setting('lock_timeout') as ms`);
  await db.run(sql`set lock_timeout = 0`);
  try {
    return await work();
  } finally {
    if (db.isOpen) await db.run(sql.raw(`set lock_timeout = ${literal(before!.ms)}`));
  }
}

async function runOne({ db, job, statements }: Outside, at: number): Promise<number> {
  const { source } = job.body.script;
  const { rowsAffected } = await runScript(
    db,
    { source, statements: [statements[at]!] },
    { code: "MIGR_001" },
  );
  return rowsAffected;
}

const doneRecord = ({ ledger, job, statements }: Outside, at: number): Sql =>
  updateProgress(ledger, job.migration.version, {
    statements_done: at + 1,
    done_hash: hashOf(statements.slice(0, at + 1)),
    running: null,
    error: null,
  });

async function recordDone(run: Outside, at: number): Promise<void> {
  if (run.records) await run.db.run(asOurselves(run, at + 1, doneRecord(run, at)));
}

/** The ledger row comes, or goes, in one transaction with the end of the record. */
async function finish({ db, ledger, job, records, started }: Outside): Promise<void> {
  const took = Math.round(performance.now() - started);
  await db.run(OURS);
  if (!records) return;
  await db.transaction(async () => {
    for (const statement of ledgerStatements(ledger, job, took)) await db.run(sql.raw(statement));
    await db.run(endProgress(ledger, job.migration.version));
  });
}

/** The error of a run that stopped, after the record has it; with nothing done there is nothing to continue. */
async function stopped(run: Outside, done: number, error: unknown): Promise<unknown> {
  if (!(error instanceof ConfitureError)) return error;
  if (run.records && run.db.isOpen) {
    const { version } = run.job.migration;
    const record =
      done === 0
        ? endProgress(run.ledger, version)
        : updateProgress(run.ledger, version, { error: error.message.slice(0, 1000), running: null });
    await run.db.run(sql`${OURS}; ${record}`).catch(() => undefined);
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
