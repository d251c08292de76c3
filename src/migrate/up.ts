import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import { Connection } from "../pg/connection.ts";
import { runJob } from "./apply.ts";
import type { Job, Ran } from "./job.ts";
import type { OnMismatch } from "./checksums.ts";
import { analyse, dryRunKeys, dryRunReport, executeAndRollBack, NO_DRY_RUN } from "./dry-run.ts";
import type { Guard } from "./guard.ts";
import { findMigrations, type MigrationFiles, requireRunnable } from "./files.ts";
import { requireSum } from "./linear/check-sum.ts";
import { ensureLedger } from "./ledger/ledger.ts";
import { type LockOptions, takeMigrationLock } from "./lock/lock.ts";
import { type RunEvents, runReports, withRunEvents } from "./run-events.ts";
import { runRepeatables } from "./repeatables/run-repeatables.ts";
import { ensureHelpersFor, haltedBefore, isSuperuser, needsSuperuser, partly, type Run } from "./run.ts";
import type { Target } from "./target.ts";
import { type Plan, planUp, type Question } from "./up-plan.ts";
import type { OnWork } from "./work.ts";

export const ranSchema = z.object({
  version: z.string(),
  name: z.string(),
  duration_ms: z.int(),
  rows_affected: z.int(),
});

export const upOutput = defineOutput(
  "migrate.up",
  1,
  z.object({
    success: z.boolean(),
    applied: z.array(ranSchema),
    skipped: z.array(z.string()).describe("Versions that were applied already"),
    skipped_superuser: z.array(z.object({ version: z.string(), name: z.string(), reason: z.string() })),
    repeatables: z
      .array(z.string())
      .describe("Repeatable files that ran after the migrations because they, or what they use, changed"),
    pending: z.array(z.string()).describe("Versions still to be applied after this run"),
    irreversible_versions: z.array(z.string()).describe("Filled when --require-reversible refuses"),
    errors: z.array(z.string()),
    total_duration_ms: z.int(),
    checksums_verified: z.boolean(),
    dry_run: z.boolean(),
    dry_run_execute: z.boolean(),
    ...dryRunKeys,
    ...runReports,
    warnings: z.array(z.string()),
  }),
);

export type UpResult = z.infer<typeof upOutput.schema>;

export interface UpOptions extends LockOptions {
  /** Stop after this version (or `version_name`). */
  readonly target?: string | undefined;
  /** Run every migration again, without looking at the ledger or at checksums. */
  readonly force?: boolean | undefined;
  /** Refuse when `.sql` files lie around that are no migration. */
  readonly strict?: boolean | undefined;
  /** Refuse when a pending migration has no way back. */
  readonly requireReversible?: boolean | undefined;
  readonly onChecksumMismatch?: OnMismatch | undefined;
  /** Say what would run; write nothing. Without a `url` every migration counts as pending. */
  readonly dryRun?: boolean | undefined;
  /** Run everything in one transaction and roll it back. */
  readonly dryRunExecute?: boolean | undefined;
  readonly onWork?: OnWork | undefined;
  /** What must hold beside the lock; a dry run asks nobody. */
  readonly guard?: Guard | undefined;
}

/** A target whose database may be left out for a dry run. */
export type UpTarget = Omit<Target, "url"> & { readonly url?: string | undefined };

/**
 * Apply pending migrations in version order, each with its ledger row in one transaction.
 * Everything is read and parsed before anything is written. Throws LOCK_1300, LOCK_1301, MIGR_001 or MIGR_110 with
 * `details.applied`, MIGR_011, MIGR_100, MIGR_106 to MIGR_111, MIGR_115, CONFIG_004, CONFIG_006 or CONFIG_008.
 */
export async function up(target: UpTarget, options: UpOptions = {}): Promise<UpResult> {
  refuseContradictions(options);
  const started = performance.now();
  const files = await findMigrations(target.migrationsDir);
  requireRunnable(files);
  requireSum(files, target.linear);
  const result = options.dryRun
    ? await analyseUp(target, files, options)
    : await runUp(withUrl(target), files, options);
  return { ...result, total_duration_ms: Math.round(performance.now() - started) };
}

function refuseContradictions({ dryRun, dryRunExecute, force }: UpOptions): void {
  const given = [dryRun && "--dry-run", dryRunExecute && "--dry-run-execute", force && "--force"];
  const [one, other] = given.filter((flag) => typeof flag === "string");
  if (other !== undefined) throw new ConfitureError("CONFIG_008", `${one} and ${other} exclude each other`);
}

function withUrl({ url, ...target }: UpTarget): Target {
  if (url === undefined)
    throw new ConfitureError("CONFIG_010", "migrations are applied to a database, and none is named");
  return { ...target, url };
}

/** Needs no lock, as it writes nothing. */
async function analyseUp(target: UpTarget, files: MigrationFiles, options: UpOptions): Promise<UpResult> {
  const plan = await planAt(target, files, options);
  const analyses = await analyse(plan.prepared);
  return {
    ...resultOf(plan, files, options),
    ...refusal(plan),
    ...dryRunReport("analysis", "up", analyses),
    repeatables: plan.repeatables.map((file) => file.path),
    pending: [...plan.pending],
  };
}

async function planAt(target: UpTarget, files: MigrationFiles, options: UpOptions): Promise<Plan> {
  if (target.url === undefined) return planAndTell(undefined, { target, files, options });
  await using db = await Connection.open(target.url, target);
  return await planAndTell(db, { target, files, options });
}

async function planAndTell(db: Connection | undefined, question: Question): Promise<Plan> {
  const plan = await planUp(db, question);
  const migrations = plan.prepared.map(([{ version, name }, { checksum }]) => ({ version, name, checksum }));
  const repeatables = plan.repeatables.map(({ path, checksum }) => ({ path, checksum }));
  await question.options.onWork?.({ migrations, repeatables }, db);
  return plan;
}

/** The run proper, with its hooks and notifications around it. */
function runUp(target: Target, files: MigrationFiles, options: UpOptions): Promise<UpResult> {
  const { guard } = options;
  const applied: Ran[] = [];
  let plan: Plan | undefined;
  const left = () => {
    const done = new Set(applied.map((ran) => ran.version));
    return plan?.pending.filter((version) => !done.has(version));
  };
  const about = { direction: "up", dryRun: options.dryRunExecute, done: applied, pending: left } as const;
  return withRunEvents(target, about, async (events) => {
    await using lock = await takeMigrationLock(target, { command: "confiture migrate up", ...options });
    await using db = await Connection.open(target.url, target);
    await guard?.beforeRun(db);
    const planned = await planAndTell(db, { target, files, options });
    plan = planned;
    for (const warning of planned.warnings) target.log.warn(warning);
    const run = { target, db, lock, applied, guard, runHooks: events.hooks };
    const work = () => runPlan(run, events, { plan: planned, options });
    const outcome =
      refusal(planned) ??
      (await work().catch((error: unknown) => {
        throw partly(guard === undefined ? error : guard.explain(error), applied, planned.prepared);
      }));
    return { ...resultOf(planned, files, options), applied, pending: left() ?? [], ...outcome };
  });
}

interface Task {
  readonly plan: Plan;
  readonly options: UpOptions;
}

async function runPlan(run: Omit<Run, "ledger">, events: RunEvents, { plan, options }: Task) {
  const isIdle = plan.prepared.length + plan.repeatables.length === 0;
  if (!isIdle) await events.begin();
  if (!options.dryRunExecute) await ensureHelpersFor(run, plan.prepared);
  const outcome = options.dryRunExecute
    ? await executeAndRollBack(run, plan)
    : await runAll({ ...run, ledger: await ensureLedger(run.db, run.target.trackingTable) }, plan);
  if (!isIdle) await events.end();
  return outcome;
}

/** What --require-reversible answers when something has no way back. */
const refusal = ({ irreversible }: Plan): Partial<UpResult> | undefined =>
  irreversible.length === 0
    ? undefined
    : { success: false, errors: [`no way back from ${irreversible.join(", ")}`] };

/** The result of a plan of which nothing has run yet. */
const resultOf = (plan: Plan, files: MigrationFiles, options: UpOptions): UpResult => ({
  success: true,
  applied: [],
  skipped: options.force
    ? []
    : files.migrations.map((m) => m.version).filter((version) => plan.recorded.has(version)),
  skipped_superuser: [],
  repeatables: [],
  pending: [],
  irreversible_versions: [...plan.irreversible],
  errors: [],
  checksums_verified: plan.checksumsVerified,
  dry_run: options.dryRun ?? false,
  dry_run_execute: options.dryRunExecute ?? false,
  ...NO_DRY_RUN,
  hooks: [],
  notifications: [],
  warnings: [...plan.warnings],
  total_duration_ms: 0,
});

/** Run them one after the other; stops before a migration that needs a superuser the session is not. */
async function runAll(run: Run, { prepared, recorded, repeatables }: Plan): Promise<Partial<UpResult>> {
  const { target, db, ledger, applied, guard, runHooks } = run;
  for (const [migration, body] of prepared) {
    run.lock.assertHeld();
    if (needsSuperuser(body) && !(await isSuperuser(db))) return haltedBefore(migration);
    const job: Job = { migration, body, ledgerRow: recorded.has(migration.version) ? "keep" : "insert" };
    const ran = await runJob(db, ledger, job, { ...target, guard, runHooks, done: applied });
    applied.push(ran);
    target.log.info(`applied ${ran.version} ${ran.name} (${ran.duration_ms} ms)`);
    await runHooks.fire("after_migration_commit", { migration, applied, durationMs: ran.duration_ms });
  }
  run.lock.assertHeld();
  const paths = await runRepeatables(db, ledger, repeatables, { ...target, guard });
  for (const path of paths) target.log.info(`applied ${path}`);
  return { repeatables: paths };
}
