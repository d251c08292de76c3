import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { TIERS } from "../sql/impact.ts";
import { ident, sql } from "../sql/tag.ts";
import { runBody } from "./apply.ts";
import { fireDeferred } from "./fire-deferred.ts";
import { type Job, ledgerStatements, limitsOf, type Ran, RESET } from "./job.ts";
import { ensureLedger, type Ledger } from "./ledger/ledger.ts";
import { ensureHelpersFor, haltedBefore, isSuperuser, needsSuperuser, type Run } from "./run.ts";
import { runInTransaction } from "./repeatables/run-repeatables.ts";
import type { Plan, Prepared } from "./up-plan.ts";
import { viewColumnHint } from "./view-helpers/view-hint.ts";
import type { UpResult } from "./up.ts";

const analysis = z.object({
  version: z.string(),
  name: z.string(),
  statements: z.int().nullable().describe("null: a module, whose statements show when it runs"),
  transactional: z.boolean(),
  classification: z
    .enum(TIERS)
    .nullable()
    .describe("The worst that one of its statements does; null where one is not known, or it is a module"),
  duration_ms: z.int().nullable().describe("Measured under --dry-run-execute, null when it did not run"),
  skipped_reason: z.string().nullable(),
  estimated_duration_ms: z.null().describe("Nothing is estimated"),
  estimated_disk_usage_mb: z.null(),
  estimated_cpu_percent: z.null(),
});

export type Analysis = z.infer<typeof analysis>;

/** Keys of a result that a dry run fills; null and empty otherwise. */
export const dryRunKeys = {
  mode: z.enum(["analysis", "execute_and_analyze"]).nullable(),
  migration_id: z.string().nullable(),
  statements_analyzed: z.int().nullable(),
  migrations: z.array(analysis).describe("What a dry run would run, or ran and rolled back"),
  analyses: z.array(analysis).describe("The same as migrations"),
  summary: z
    .object({
      unsafe_count: z.int().describe("Migrations that do not run in one transaction"),
      has_unsafe_statements: z.boolean(),
      total_estimated_time_ms: z.null(),
      total_estimated_disk_mb: z.null(),
    })
    .nullable(),
};

export type DryRunReport = Pick<UpResult, keyof typeof dryRunKeys>;

/** What a real run says in these keys. */
export const NO_DRY_RUN: DryRunReport = {
  mode: null,
  migration_id: null,
  statements_analyzed: null,
  migrations: [],
  analyses: [],
  summary: null,
};

/** What is known of migrations before they run. */
export async function analyse(parts: readonly (readonly [...Prepared, ...unknown[]])[]): Promise<Analysis[]> {
  const tiers = (await import("./classify.ts")).worstTiers(parts);
  return parts.map(([{ version, name }, body], i) => ({
    version,
    name,
    statements: body.script?.statements.length ?? null,
    transactional: body.transactional,
    classification: tiers[i] ?? null,
    duration_ms: null,
    skipped_reason: null,
    estimated_duration_ms: null,
    estimated_disk_usage_mb: null,
    estimated_cpu_percent: null,
  }));
}

/** The report of a dry run over these migrations. */
export function dryRunReport(
  mode: "analysis" | "execute_and_analyze",
  direction: "up" | "down",
  migrations: readonly Analysis[],
): DryRunReport {
  const unsafe = migrations.filter((m) => !m.transactional).length;
  return {
    mode,
    migration_id: direction === "up" ? "dry_run" : "dry_run_rollback",
    statements_analyzed: migrations.reduce((sum, m) => sum + (m.statements ?? 0), 0),
    migrations: [...migrations],
    analyses: [...migrations],
    summary: {
      unsafe_count: unsafe,
      has_unsafe_statements: unsafe > 0,
      total_estimated_time_ms: null,
      total_estimated_disk_mb: null,
    },
  };
}

const NOT_IN_A_TRANSACTION = "it does not run in a transaction, and this run must be rolled back";

/**
 * Run everything that a plan holds, ledger rows included, in savepoints of one transaction that is rolled back.
 * Migrations that need to commit are skipped, with the reason. Stops at the first failure and throws it, as `up` does.
 */
export async function executeAndRollBack(
  run: Omit<Run, "ledger">,
  { prepared, recorded, repeatables }: Plan,
): Promise<Partial<UpResult>> {
  const { db, target } = run;
  const expected = await analyse(prepared);
  const analyses: Analysis[] = [];
  await db.run(sql`begin; savepoint dry_run_execute`);
  try {
    const ledger = await ensureLedger(db, target.trackingTable);
    await ensureHelpersFor(run, prepared);
    for (const [i, [migration, body]] of prepared.entries()) {
      if (needsSuperuser(body) && !(await isSuperuser(db))) {
        return { ...haltedBefore(migration), ...report(analyses) };
      }
      if (!body.transactional) {
        analyses.push({ ...expected[i]!, skipped_reason: NOT_IN_A_TRANSACTION });
        continue;
      }
      const job: Job = { migration, body, ledgerRow: recorded.has(migration.version) ? "keep" : "insert" };
      const ran = await runInSavepoint(run, ledger, job);
      analyses.push({ ...expected[i]!, duration_ms: ran.duration_ms });
      run.applied.push(ran);
    }
    const paths = await runInTransaction(db, repeatables, { ledger, limits: target.limits });
    return { repeatables: paths, ...report(analyses) };
  } finally {
    if (db.isOpen) {
      await db.run(sql`rollback to savepoint dry_run_execute; release savepoint dry_run_execute; rollback`);
    }
  }
}

const report = (analyses: readonly Analysis[]): DryRunReport =>
  dryRunReport("execute_and_analyze", "up", analyses);

async function runInSavepoint(
  { db, target, runHooks, applied }: Omit<Run, "ledger">,
  ledger: Ledger,
  job: Job,
): Promise<Ran> {
  const { migration, body } = job;
  const started = performance.now();
  const savepoint = ident(`migration_${migration.version}`);
  const { statements } = limitsOf(body, target);
  const first = [`savepoint ${savepoint}`, ...statements];
  const last = [...RESET, "reset all", ...ledgerStatements(ledger, job)];
  try {
    await db.run(sql.raw(first.filter(Boolean).join(";\n")));
    const after = sql.raw(last.filter(Boolean).join(";\n"));
    const rows = await runBody(db, job, { ...target, runHooks, done: applied, after, dryRun: true });
    await fireDeferred(db);
    await db.run(sql.raw(`release savepoint ${savepoint}`));
    const { version, name } = migration;
    return { version, name, duration_ms: Math.round(performance.now() - started), rows_affected: rows };
  } catch (error) {
    throw error instanceof ConfitureError ? asFailure(error, migration.version, body.file) : error;
  }
}

function asFailure(error: ConfitureError, migration: string, file: string): ConfitureError {
  const sqlstate = error.context.details?.["sqlstate"];
  // 55P04: a value that an earlier migration of the run added to an enum; up commits in between.
  const actionable =
    sqlstate === "55P04" ? "`up` commits before this one and gets through; this run cannot." : undefined;
  const context = { migration, file, actionable };
  const failure =
    error.code === "SQL_001"
      ? new ConfitureError("MIGR_001", error.message, { ...context, ...error.context })
      : error.with(context);
  return viewColumnHint(failure);
}
