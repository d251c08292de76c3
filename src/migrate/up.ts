import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import { type Job, type Ran, runJob } from "./apply.ts";
import { type OnMismatch, verifyChecksums } from "./checksums.ts";
import {
  findMigrations,
  type MigrationFile,
  type MigrationFiles,
  migrationNamed,
  requireRunnable,
} from "./files.ts";
import { ensureLedger, findLedger, type Ledger, type LedgerRow, readLedger } from "./ledger.ts";
import { type LockOptions, type MigrationLock, takeMigrationLock } from "./lock.ts";
import { type MigrationBody, readBody } from "./migration.ts";
import type { Target } from "./target.ts";

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
    pending: z.array(z.string()).describe("Versions still to be applied after this run"),
    irreversible_versions: z.array(z.string()).describe("Filled when --require-reversible refuses"),
    errors: z.array(z.string()),
    total_duration_ms: z.int(),
    checksums_verified: z.boolean(),
    dry_run: z.boolean(),
    dry_run_execute: z.boolean(),
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
}

/** What a run will do, computed under the lock and before anything is written. */
interface Plan {
  readonly prepared: readonly Prepared[];
  readonly pending: readonly string[];
  /** Versions in the ledger. */
  readonly recorded: ReadonlySet<string>;
  readonly irreversible: readonly string[];
  readonly checksumsVerified: boolean;
  readonly warnings: readonly string[];
}

/** Everything one run works with, once it holds the lock. */
interface Run {
  readonly target: Target;
  readonly db: Connection;
  readonly ledger: Ledger;
  readonly lock: MigrationLock;
  readonly applied: Ran[];
}

/**
 * Apply pending migrations in version order, each with its ledger row in one transaction.
 * Everything is read and parsed before anything is written. Throws LOCK_1300, MIGR_001 with
 * `details.applied`, MIGR_011, MIGR_100, MIGR_106 to MIGR_110, CONFIG_004 or CONFIG_006.
 */
export async function up(target: Target, options: UpOptions = {}): Promise<UpResult> {
  const started = performance.now();
  const files = await findMigrations(target.migrationsDir);
  requireRunnable(files);
  await using lock = await takeMigrationLock(target, { command: "confiture migrate up", ...options });
  await using db = await Connection.open(target.url, target);
  const plan = await planUp(db, { target, files, options });
  for (const warning of plan.warnings) target.log.warn(warning);
  const run = { target, db, lock, applied: [] as Ran[] };
  const outcome =
    plan.irreversible.length > 0
      ? { success: false, errors: [`no way back from ${plan.irreversible.join(", ")}`] }
      : await runAll({ ...run, ledger: await ensureLedger(db, target.trackingTable) }, plan);
  const done = new Set(run.applied.map((ran) => ran.version));
  return {
    success: true,
    applied: run.applied,
    skipped: options.force ? [] : onDisk(files).filter((version) => plan.recorded.has(version)),
    skipped_superuser: [],
    pending: plan.pending.filter((version) => !done.has(version)),
    irreversible_versions: [...plan.irreversible],
    errors: [],
    checksums_verified: plan.checksumsVerified,
    dry_run: false,
    dry_run_execute: false,
    warnings: [...plan.warnings],
    ...outcome,
    total_duration_ms: Math.round(performance.now() - started),
  };
}

const onDisk = (files: MigrationFiles): string[] => files.migrations.map((m) => m.version);

interface Question {
  readonly target: Target;
  readonly files: MigrationFiles;
  readonly options: UpOptions;
}

async function planUp(db: Connection, { target, files, options }: Question): Promise<Plan> {
  const ledger = await findLedger(db, target.trackingTable);
  const rows = ledger.resolved === null ? [] : await readLedger(db, ledger);
  const orphans = orphanWarnings(files, options.strict ?? target.strict ?? false);
  const onMismatch = options.force ? "ignore" : (options.onChecksumMismatch ?? "fail");
  const edited = verifyChecksums(files, rows, onMismatch);
  const pending = pendingOf(files, options.force ? [] : rows);
  const last = options.target === undefined ? undefined : migrationNamed(files, options.target);
  const wanted = last ? pending.slice(0, lastIndexUpTo(files, pending, last) + 1) : pending;
  const prepared = await readBodies(wanted);
  const forced = options.force ? ["Force mode enabled"] : [];
  return {
    prepared,
    pending: pending.map((m) => m.version),
    recorded: new Set(rows.map((row) => row.version)),
    irreversible: options.requireReversible ? irreversible(prepared) : [],
    checksumsVerified: onMismatch !== "ignore",
    warnings: [...forced, ...orphans, ...edited, ...unwrappedWarnings(prepared)],
  };
}

/** Migrations on disk that the ledger does not know, in version order. */
function pendingOf(files: MigrationFiles, rows: readonly LedgerRow[]): MigrationFile[] {
  const applied = new Set(rows.map((row) => row.version));
  return files.migrations.filter((m) => !applied.has(m.version));
}

const lastIndexUpTo = (
  files: MigrationFiles,
  pending: readonly MigrationFile[],
  last: MigrationFile,
): number => pending.findLastIndex((m) => files.migrations.indexOf(m) <= files.migrations.indexOf(last));

function orphanWarnings(files: MigrationFiles, strict: boolean): string[] {
  if (files.orphans.length === 0) return [];
  if (strict) {
    throw new ConfitureError("MIGR_102", `no migration: ${files.orphans.join(", ")}`, {
      file: files.dir,
      details: { orphaned_files: files.orphans },
    });
  }
  return files.orphans.map((file) => `${file} is not named like a migration and is ignored`);
}

type Prepared = readonly [migration: MigrationFile, body: MigrationBody];

const readBodies = async (wanted: readonly MigrationFile[]): Promise<Prepared[]> => {
  const prepared: Prepared[] = [];
  for (const migration of wanted) prepared.push([migration, await readBody(migration, "up")]);
  return prepared;
};

function unwrappedWarnings(prepared: readonly Prepared[]): string[] {
  const [first, ...more] = prepared.filter(([, body]) => body.unwrapped).map(([, body]) => body.file);
  if (first === undefined) return [];
  const files = more.length === 0 ? first : `${first} and ${more.length} more`;
  return [`${files}: the BEGIN and COMMIT around it are ignored; a migration already runs in a transaction`];
}

const irreversible = (prepared: readonly Prepared[]): string[] =>
  prepared
    .filter(([migration, body]) => migration.downFile === undefined || body.directives.irreversible)
    .map(([migration]) => migration.version);

/** Run them one after the other; stops before a migration that needs a superuser the session is not. */
async function runAll(run: Run, { prepared, recorded }: Plan): Promise<Partial<UpResult>> {
  for (const [migration, body] of prepared) {
    run.lock.assertHeld();
    if (body.directives.requiresSuperuser && !(await isSuperuser(run.db))) {
      const { version, name } = migration;
      const reason = "needs a superuser, and this role is none";
      return { success: false, skipped_superuser: [{ version, name, reason }] };
    }
    const job: Job = { migration, body, ledgerRow: recorded.has(migration.version) ? "keep" : "insert" };
    const ran = await runJob(run.db, run.ledger, job, run.target).catch((error: unknown) => {
      throw partly(error, run.applied, prepared);
    });
    run.applied.push(ran);
    run.target.log.info(`applied ${ran.version} ${ran.name} (${ran.duration_ms} ms)`);
  }
  return {};
}

const isSuperuser = async (db: Connection): Promise<boolean> =>
  (await db.rows(sql`select from pg_catalog.pg_roles where rolname = current_user and rolsuper`)).length > 0;

/** The error with what this run had applied before it, and what it did not get to. */
function partly(error: unknown, applied: readonly Ran[], prepared: readonly Prepared[]): unknown {
  if (!(error instanceof ConfitureError)) return error;
  const pending = prepared.slice(applied.length).map(([migration]) => migration.version);
  return error.with({ details: { applied: [...applied], pending } });
}
