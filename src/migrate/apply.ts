import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { runScript } from "../pg/run-script.ts";
import { canRunWhole, runWhole } from "../pg/run-whole.ts";
import type { Script } from "../sql/script.ts";
import { type Sql, sql } from "../sql/tag.ts";
import { type Job, type JobContext, ledgerStatements, limitsOf, type Ran, RESET } from "./job.ts";
import { hooksAround } from "./hooks/job-hooks.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { withLockRetry } from "./lock/lock-retry.ts";
import { viewColumnHint } from "./view-helpers/view-hint.ts";

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
    const rows = await runWherePossible(db, ledger, job, context);
    const duration = Math.round(performance.now() - started);
    return { version: migration.version, name: migration.name, duration_ms: duration, rows_affected: rows };
  } catch (error) {
    if (!(error instanceof ConfitureError)) throw error;
    const place = { migration: migration.version, file: body.file };
    // What fails beside the statements, e.g. a deferred constraint at COMMIT, is the migration's failure too.
    const failure =
      error.code === "SQL_001"
        ? new ConfitureError("MIGR_001", error.message, { ...error.context, ...place })
        : error.with(place);
    throw viewColumnHint(failure);
  } finally {
    // Not waited for: it travels with the next migration's BEGIN. A session it fails on is lost, which that one tells.
    if (db.isOpen) db.run(sql`discard all`).catch(() => undefined);
  }
}

/** What most runs do without is loaded where it is needed. */
async function runWherePossible(
  db: Connection,
  ledger: Ledger,
  job: Job,
  context: JobContext,
): Promise<number> {
  const { body } = job;
  if (body.transactional) return runInTransaction(db, ledger, job, context);
  if (!body.script) {
    const { runModuleOutside } = await import("./modules/run-module-outside.ts");
    return runModuleOutside(db, ledger, { ...job, body }, context);
  }
  const { runOutside } = await import("./run-outside.ts");
  return runOutside(db, ledger, { ...job, body }, context);
}

function runInTransaction(db: Connection, ledger: Ledger, job: Job, context: JobContext): Promise<number> {
  const { version, name } = job.migration;
  const limits = limitsOf(job.body, context);
  const before = limits.statements;
  const after = [...RESET, ...ledgerStatements(ledger, job)];
  const attempt = () =>
    canRunAlone(job, context)
      ? runWhole(db, job.body.script, { code: "MIGR_001", before, after })
      : db.transaction(
          () => runBody(db, job, { ...context, after: joined([...after, "commit"]) }),
          sql`; ${joined(before)}`,
          { workCommits: true },
        );
  return withLockRetry(db, attempt, {
    what: `${version} ${name}`,
    lockTimeoutMs: limits.lockTimeoutMs,
    ...context,
  });
}

interface Within extends JobContext {
  /** Statements behind the migration's own; with an SQL script they travel with its last one. */
  readonly after: Sql;
  /** Everything is rolled back afterwards. */
  readonly dryRun?: boolean | undefined;
}

/** Run a transactional migration in the open transaction, with its preconditions and hooks; gives the rows written. */
export async function runBody(db: Connection, job: Job, context: Within): Promise<number> {
  const { body, migration } = job;
  const hooked = hooksAround(db, job, context);
  await hooked("before_migration");
  if (body.preconditions.length > 0) {
    const { requirePreconditions } = await import("./preconditions/preconditions.ts");
    await requirePreconditions(db, body.preconditions, { migration: migration.version, file: body.file });
  }
  if (body.script && !context.runHooks?.has("after_migration")) {
    return (await runScript(db, body.script, { code: "MIGR_001", last: context.after })).rowsAffected;
  }
  const { rowsAffected } = body.script
    ? await runScript(db, body.script, { code: "MIGR_001" })
    : await (await import("./modules/run-module.ts")).runModule(db, body.module, body.direction, context);
  await hooked("after_migration");
  await db.run(context.after);
  return rowsAffected;
}

type PlainJob = Job & { readonly body: { readonly script: Script } };

/** Nothing has to happen between its statements and around them, so that one message holds all. */
const canRunAlone = (job: Job, { runHooks }: JobContext): job is PlainJob =>
  job.body.script !== undefined &&
  job.body.preconditions.length === 0 &&
  !runHooks?.has("before_migration") &&
  !runHooks?.has("after_migration") &&
  canRunWhole(job.body.script);

const joined = (statements: readonly string[]): Sql => sql.raw(statements.filter(Boolean).join(";\n"));
