import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import { Connection } from "../pg/connection.ts";
import { type Ran, runJob } from "./apply.ts";
import { analyse, dryRunKeys, dryRunReport, type DryRunReport, NO_DRY_RUN } from "./dry-run.ts";
import { findMigrations, type MigrationFile, type MigrationFiles } from "./files.ts";
import { ensureLedger, findLedger, type Ledger, type LedgerRow, readLedger } from "./ledger.ts";
import { type LockOptions, type MigrationLock, takeMigrationLock } from "./lock.ts";
import { type MigrationBody, readBody } from "./migration.ts";
import { forgetRepeatables } from "./run-repeatables.ts";
import type { Target } from "./target.ts";
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
}

/**
 * Roll back the newest applied migrations, newest first, each in one transaction with its ledger row.
 * Refuses with ROLLBACK_600 before anything runs when one of them has no way back;
 * throws PRECON_1001 without a ledger, MIGR_100 when a migration's files are gone, MIGR_001 on failure.
 */
export async function down(target: Target, options: DownOptions = {}): Promise<DownResult> {
  const started = performance.now();
  const steps = options.steps ?? 1;
  const { ran, dryRun } = await rollBack(target, options, (rows) => rows.slice(-steps).toReversed());
  return {
    success: true,
    rolled_back: ran,
    ...dryRun,
    total_duration_ms: Math.round(performance.now() - started),
    dry_run: options.dryRun ?? false,
    warnings: [],
    errors: [],
  };
}

/** What a rollback did, or would do. */
interface RolledBack {
  readonly ran: Ran[];
  readonly dryRun: DryRunReport;
}

/** Roll back what `choose` picks from the ledger, in its order. */
export async function rollBack(
  target: Target,
  options: LockOptions & { readonly dryRun?: boolean | undefined },
  choose: (rows: readonly LedgerRow[], files: MigrationFiles) => readonly LedgerRow[],
): Promise<RolledBack> {
  const files = await findMigrations(target.migrationsDir);
  const plan = async (db: Connection, ledger: Ledger) =>
    prepare(files, choose(await readLedger(db, ledger), files));
  if (options.dryRun) {
    await using db = await Connection.open(target.url, target);
    const jobs = await plan(db, await findLedger(db, target.trackingTable));
    const analyses = jobs.map(([migration, body]) => analyse(migration, body));
    return {
      ran: jobs.map(([{ version, name }]) => ({ version, name, duration_ms: 0, rows_affected: 0 })),
      dryRun: dryRunReport("analysis", "down", analyses),
    };
  }
  await using lock = await takeMigrationLock(target, { command: "confiture migrate down", ...options });
  await using db = await Connection.open(target.url, target);
  const found = await findLedger(db, target.trackingTable);
  const jobs = await plan(db, found);
  const ledger = jobs.length > 0 ? await ensureLedger(db, target.trackingTable) : found;
  return { ran: await runDown({ target, db, ledger, lock }, jobs), dryRun: NO_DRY_RUN };
}

type Prepared = readonly [migration: MigrationFile, body: MigrationBody];

async function prepare(files: MigrationFiles, rows: readonly LedgerRow[]): Promise<Prepared[]> {
  const found = rows.map((row) => fileOf(files, row));
  const bodies = await Promise.all(found.map(async (m) => (m.downFile ? readBody(m, "down") : undefined)));
  const ups = await Promise.all(found.map((m) => readBody(m, "up")));
  const stuck = found.filter((_, i) => bodies[i] === undefined || ups[i]!.directives.irreversible);
  if (stuck.length === 0) return found.map((m, i) => [m, bodies[i]!]);
  const versions = stuck.map((m) => m.version);
  throw new ConfitureError(
    "ROLLBACK_600",
    `no way back from ${versions.join(", ")}; nothing was rolled back`,
    {
      migration: versions[0],
      file: stuck[0]!.upFile,
      details: { irreversible_versions: versions },
    },
  );
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
}

async function runDown(run: Run, jobs: readonly Prepared[]): Promise<Ran[]> {
  const done: Ran[] = [];
  if (jobs.length > 0) await forgetRepeatables(run.db, run.ledger);
  for (const [migration, body] of jobs) {
    run.lock.assertHeld();
    const job = { migration, body, ledgerRow: "delete" as const };
    const ran = await runJob(run.db, run.ledger, job, run.target).catch((error: unknown) => {
      if (!(error instanceof ConfitureError)) throw error;
      throw error.with({ details: { rolled_back: done.map((d) => d.version) } });
    });
    done.push(ran);
    run.target.log.info(`rolled back ${ran.version} ${ran.name} (${ran.duration_ms} ms)`);
  }
  return done;
}
