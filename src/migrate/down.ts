import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import { Connection } from "../pg/connection.ts";
import { runJob } from "./apply.ts";
import type { Ran } from "./job.ts";
import { analyse, dryRunKeys, dryRunReport, type DryRunReport, NO_DRY_RUN } from "./dry-run.ts";
import { findMigrations, type MigrationFile, type MigrationFiles, requireDirectory } from "./files.ts";
import type { Hooks } from "./hooks/hooks.ts";
import { ensureLedger, findLedger, type Ledger, type LedgerRow, readLedger } from "./ledger/ledger.ts";
import { type LockOptions, type MigrationLock, takeMigrationLock } from "./lock/lock.ts";
import { type MigrationBody, readBody } from "./migration.ts";
import { readProgress, refuseHalfWay } from "./ledger/progress.ts";
import { type RunReports, runReports, withRunEvents } from "./run-events.ts";
import { forgetRepeatables } from "./repeatables/repeatable-record.ts";
import { squashedRows } from "./squash/squash-state.ts";
import type { Target } from "./target.ts";
import type { OnWork } from "./work.ts";
import { ranSchema } from "./up.ts";

export const downOutput = defineOutput(
  "migrate.down",
  1,
  z.object({
    success: z.boolean(),
    rolled_back: z.array(ranSchema).describe("Newest first"),
    total_duration_ms: z.int(),
    dry_run: z.boolean(),
    ...dryRunKeys,
    ...runReports,
    warnings: z.array(z.string()),
    errors: z.array(z.string()),
  }),
);

export type DownResult = z.infer<typeof downOutput.schema>;

export interface DownOptions extends LockOptions {
  /** How many of the newest applied migrations; default 1. */
  readonly steps?: number | undefined;
  /** Say what would run; write nothing. */
  readonly dryRun?: boolean | undefined;
  readonly onWork?: OnWork | undefined;
}

/**
 * Roll back the newest applied migrations, newest first, each in one transaction with its ledger row.
 * Refuses with ROLLBACK_600 before anything runs when one of them has no way back;
 * throws PRECON_1001 without a ledger, CONFIG_004 without a directory, MIGR_100 when a migration's files are gone,
 * MIGR_111 while one is half-way up, MIGR_001 on failure, CONFIG_008 for a number of steps below 1.
 */
export async function down(target: Target, options: DownOptions = {}): Promise<DownResult> {
  const started = performance.now();
  const steps = options.steps ?? 1;
  if (!Number.isInteger(steps) || steps < 1)
    throw new ConfitureError("CONFIG_008", `${steps} is no number of migrations to roll back`);
  const { ran, ...reports } = await rollBack(target, options, (rows) => rows.slice(-steps).toReversed());
  return {
    success: true,
    rolled_back: ran,
    ...reports,
    total_duration_ms: Math.round(performance.now() - started),
    dry_run: options.dryRun ?? false,
    warnings: [],
    errors: [],
  };
}

/** What a rollback did, or would do. */
interface RolledBack extends DryRunReport, RunReports {
  readonly ran: Ran[];
}

type Choice = (rows: readonly LedgerRow[], files: MigrationFiles) => readonly LedgerRow[];

/** Roll back what `choose` picks from the ledger, in its order. */
export async function rollBack(
  target: Target,
  options: LockOptions & Pick<DownOptions, "dryRun" | "onWork">,
  choose: Choice,
): Promise<RolledBack> {
  const files = await findMigrations(target.migrationsDir);
  requireDirectory(files);
  const plan = async (db: Connection, ledger: Ledger) => {
    const rows = await readLedger(db, ledger);
    refuseHalfWay(ledger, { progress: await readProgress(db, ledger), rows }, "up");
    const squashed = squashedRows(files, rows);
    const chosen = choose(
      rows.filter(({ version }) => !squashed.has(version)),
      files,
    );
    const jobs = await prepare(files, chosen);
    const migrations = jobs.map(([{ version, name }, { checksum }]) => ({ version, name, checksum }));
    await options.onWork?.({ migrations, repeatables: [] }, db);
    return jobs;
  };
  if (options.dryRun) return analyseDown(target, plan);
  const done: Ran[] = [];
  const { hooks, notifications } = await withRunEvents(
    target,
    { direction: "down", done },
    async (events) => {
      await using lock = await takeMigrationLock(target, { command: "confiture migrate down", ...options });
      await using db = await Connection.open(target.url, target);
      const found = await findLedger(db, target.trackingTable);
      const jobs = await plan(db, found);
      if (jobs.length === 0) return { success: true };
      const ledger = await ensureLedger(db, target.trackingTable);
      const work = async () => {
        await events.begin();
        await runDown({ target, db, ledger, lock, runHooks: events.hooks, done }, jobs);
        await events.end();
      };
      await work().catch((error: unknown) => {
        if (!(error instanceof ConfitureError)) throw error;
        throw error.with({ details: { rolled_back: done.map((ran) => ran.version) } });
      });
      return { success: true };
    },
  );
  return { ran: done, ...NO_DRY_RUN, hooks, notifications };
}

async function analyseDown(
  target: Target,
  plan: (db: Connection, ledger: Ledger) => Promise<Prepared[]>,
): Promise<RolledBack> {
  await using db = await Connection.open(target.url, target);
  const jobs = await plan(db, await findLedger(db, target.trackingTable));
  const analyses = await analyse(jobs);
  return {
    ran: jobs.map(([{ version, name }]) => ({ version, name, duration_ms: 0, rows_affected: 0 })),
    ...dryRunReport("analysis", "down", analyses),
    hooks: [],
    notifications: [],
  };
}

type Prepared = readonly [migration: MigrationFile, body: MigrationBody, squashes: readonly string[]];

async function prepare(files: MigrationFiles, rows: readonly LedgerRow[]): Promise<Prepared[]> {
  const found = rows.map((row) => fileOf(files, row));
  const ups = await Promise.all(found.map((m) => readBody(m, "up")));
  const stuck = found.filter((_, i) => !ups[i]!.reversible);
  if (stuck.length === 0) {
    return Promise.all(
      found.map(async (m, i) => [m, await readBody(m, "down"), ups[i]!.directives.squashes] as const),
    );
  }
  const versions = stuck.map((m) => m.version);
  const [first] = stuck;
  throw new ConfitureError(
    "ROLLBACK_600",
    `no way back from ${versions.join(", ")}; nothing was rolled back`,
    {
      migration: versions[0],
      file: first!.upFile,
      details: { irreversible_versions: versions },
      actionable: wayForward(first!, ups[found.indexOf(first!)]!),
    },
  );
}

function wayForward({ upFile, kind, downFile }: MigrationFile, { directives }: MigrationBody): string {
  if (directives.irreversible) return "It is declared irreversible: roll forward with a new migration.";
  if (kind === "module") return "Write its down(), or roll forward with a new migration.";
  return downFile === undefined
    ? `Write ${upFile.replace(/\.up\.sql$/, ".down.sql")}, or roll forward with a new migration.`
    : "Roll forward with a new migration.";
}

function fileOf(files: MigrationFiles, row: LedgerRow): MigrationFile {
  const found = files.migrations.find((m) => m.version === row.version);
  if (found) return found;
  throw new ConfitureError(
    "MIGR_100",
    `${row.version}_${row.name} is applied, but its files are not in ${files.dir}`,
    {
      migration: row.version,
      file: files.dir,
      actionable: "Restore the migration's files, then roll back.",
    },
  );
}

interface Run {
  readonly target: Target;
  readonly db: Connection;
  readonly ledger: Ledger;
  readonly lock: MigrationLock;
  readonly runHooks: Hooks;
  /** Grows as migrations are rolled back. */
  readonly done: Ran[];
}

async function runDown(run: Run, jobs: readonly Prepared[]): Promise<void> {
  const { target, db, ledger, runHooks, done } = run;
  await forgetRepeatables(db, ledger);
  for (const [migration, body, squashes] of jobs) {
    run.lock.assertHeld();
    const job = { migration, body, squashes, ledgerRow: "delete" as const };
    const ran = await runJob(db, ledger, job, { ...target, runHooks, done });
    done.push(ran);
    target.log.info(`rolled back ${ran.version} ${ran.name} (${ran.duration_ms} ms)`);
    await runHooks.fire("after_migration_commit", { migration, applied: done, durationMs: ran.duration_ms });
  }
}
