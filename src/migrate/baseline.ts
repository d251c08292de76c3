import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import { Connection } from "../pg/connection.ts";
import { describeTarget } from "../pg/dsn.ts";
import { sql } from "../sql/tag.ts";
import { readAdopted } from "./adopt/adopt.ts";
import {
  findMigrations,
  type MigrationFile,
  type MigrationFiles,
  migrationNamed,
  requireRunnable,
} from "./files.ts";
import {
  copyRow,
  ensureLedger,
  findLedger,
  insertRow,
  type Ledger,
  type LedgerRow,
  readLedger,
} from "./ledger/ledger.ts";
import { type LockOptions, takeMigrationLock } from "./lock/lock.ts";
import { forgetProgress, type Progress } from "./ledger/progress.ts";
import { checksumOf } from "./read-bytes.ts";
import { partSquashed } from "./squash/squash-state.ts";
import type { Target } from "./target.ts";
import { versionAndName } from "./version-and-name.ts";

export const baselineOutput = defineOutput(
  "migrate.baseline",
  1,
  z.object({
    success: z.boolean(),
    marked: z.array(versionAndName).describe("Recorded as applied by this run; no SQL was executed"),
    skipped: z.array(versionAndName).describe("Recorded before"),
    source_only: z
      .array(z.string())
      .describe("With --from-db or --from-tool: applied there, but no file here"),
    dry_run: z.boolean(),
    warnings: z.array(z.string()),
  }),
);

export type BaselineResult = z.infer<typeof baselineOutput.schema>;

export interface BaselineOptions extends LockOptions {
  /** The last migration to mark, inclusive: a version or `version_name`. */
  readonly through?: string | undefined;
  /** A database whose ledger says what is applied, instead of (or bounded by) `through`. */
  readonly fromDb?: string | undefined;
  /** Ledger table of `fromDb`; by default named as the target's. */
  readonly sourceTable?: string | undefined;
  /** Another migration tool, or `auto`, whose own table in the target says what is applied. */
  readonly fromTool?: string | undefined;
  /** Table of `fromTool`, `name` or `schema.name`; by default where the tool has it. */
  readonly fromToolTable?: string | undefined;
  readonly dryRun?: boolean | undefined;
}

/** A migration to mark: with the row it takes over from another ledger, or the time another tool knows. */
interface Entry {
  readonly migration: MigrationFile;
  readonly row?: LedgerRow | undefined;
  readonly appliedAt?: string | undefined;
}

/** What to mark. */
interface Plan {
  readonly entries: readonly Entry[];
  readonly sourceOnly: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Record migrations as applied without running them; safe to repeat, all rows in one transaction.
 * Throws CONFIG_008 when nothing says what is applied, MIGR_100 for an unknown version, MIGR_106, LOCK_1300, and for
 * another tool's history ADOPT_001 and ADOPT_002.
 */
export async function baseline(target: Target, options: BaselineOptions): Promise<BaselineResult> {
  const files = await findMigrations(target.migrationsDir);
  requireRunnable(files);
  refuseContradictions(options);
  const through = options.through === undefined ? undefined : migrationNamed(files, options.through);
  const plan = options.fromTool === undefined ? await planBaseline(target, files, options) : undefined;
  const planNow = async (db: Connection): Promise<Plan> =>
    plan ?? readAdopted(db, files, { tool: options.fromTool!, table: options.fromToolTable, through });
  if (options.dryRun) {
    await using db = await Connection.open(target.url, target);
    return await db.transaction(
      async () => {
        const ledger = await findLedger(db, target.trackingTable);
        const rows = ledger.resolved === null ? [] : await readLedger(db, ledger);
        return resultOf(await planNow(db), rows, true);
      },
      sql`read only`,
    );
  }
  await using lock = await takeMigrationLock(target, { command: "confiture migrate baseline", ...options });
  await using db = await Connection.open(target.url, target);
  return await db.transaction(async () => {
    const decided = await planNow(db);
    const ledger = await ensureLedger(db, target.trackingTable);
    const result = resultOf(decided, await readLedger(db, ledger), false);
    const marked = new Set(result.marked.map((m) => m.version));
    lock.assertHeld();
    const entries = decided.entries.filter((entry) => marked.has(entry.migration.version));
    for (const [place, entry] of entries.entries()) await mark(db, ledger, { ...entry, place });
    const forgotten = await forgetProgress(db, ledger, [...marked]);
    return { ...result, warnings: [...result.warnings, ...forgotten.map(settledWarning)] };
  });
}

const settledWarning = ({ version, statements_done: done, statements_total: total }: Progress): string =>
  `${version} had stopped after ${done} of ${total} statements; it counts as applied now`;

/** Every option acts, or is refused. */
function refuseContradictions({
  through,
  fromDb,
  sourceTable,
  fromTool,
  fromToolTable,
}: BaselineOptions): void {
  const refuse = (message: string) => {
    throw new ConfitureError("CONFIG_008", message);
  };
  if (through === undefined && fromDb === undefined && fromTool === undefined) {
    refuse("baseline needs --through <version>, --from-db <url> or --from-tool <tool>");
  }
  if (fromDb !== undefined && fromTool !== undefined) refuse("--from-db and --from-tool exclude each other");
  if (sourceTable !== undefined && fromDb === undefined) refuse("--source-table needs --from-db");
  if (fromToolTable !== undefined && fromTool === undefined) refuse("--from-tool-table needs --from-tool");
}

async function mark(
  db: Connection,
  ledger: Ledger,
  { migration, row, appliedAt, place }: Entry & { readonly place: number },
): Promise<void> {
  if (row) {
    await db.run(copyRow(ledger, row));
    return;
  }
  const { version, name, upFile } = migration;
  const marked = {
    version,
    name,
    checksum: checksumOf(upFile),
    reason: "baseline",
    place,
    appliedAt,
  } as const;
  await db.run(sql.raw(insertRow(ledger, marked)));
}

function resultOf(plan: Plan, rows: readonly LedgerRow[], dryRun: boolean): BaselineResult {
  const recorded = new Set(rows.map((row) => row.version));
  const migrations = plan.entries.map(({ migration }) => migration);
  const named = migrations.map(({ version, name }) => ({ version, name }));
  return {
    success: true,
    marked: named.filter((m) => !recorded.has(m.version)),
    skipped: named.filter((m) => recorded.has(m.version)),
    source_only: [...plan.sourceOnly],
    dry_run: dryRun,
    warnings: [
      ...plan.warnings,
      ...partSquashed(
        migrations.filter(({ version }) => !recorded.has(version)),
        rows,
      ),
    ],
  };
}

async function planBaseline(target: Target, files: MigrationFiles, options: BaselineOptions): Promise<Plan> {
  const last = options.through === undefined ? undefined : migrationNamed(files, options.through);
  const upTo = last ? files.migrations.slice(0, files.migrations.indexOf(last) + 1) : files.migrations;
  if (options.fromDb === undefined) {
    return {
      entries: upTo.map((migration) => ({ migration, row: undefined })),
      sourceOnly: [],
      warnings: [],
    };
  }
  const rows = await readSource(target, options.fromDb, options.sourceTable ?? target.trackingTable);
  const byVersion = new Map(files.migrations.map((m) => [m.version, m]));
  const above = rows.filter(
    (row) => byVersion.has(row.version) && !upTo.includes(byVersion.get(row.version)!),
  );
  const sourceOnly = rows.filter((row) => !byVersion.has(row.version)).map((row) => row.version);
  return {
    entries: rows.flatMap((row) => {
      const migration = byVersion.get(row.version);
      return migration && upTo.includes(migration) ? [{ migration, row }] : [];
    }),
    sourceOnly,
    warnings: [
      ...sourceOnly.map((version) => `${version} is applied in the source, but has no file here`),
      ...above.map((row) => `${row.version} is applied in the source, but lies beyond --through`),
    ],
  };
}

async function readSource(target: Target, url: string, table: string): Promise<LedgerRow[]> {
  target.log.info(`reading the ledger of ${describeTarget(url)}`);
  await using source = await Connection.open(url, target);
  const ledger = await findLedger(source, table);
  return await readLedger(source, ledger).catch((error: unknown) => {
    if (!(error instanceof ConfitureError) || error.code !== "PRECON_1001") throw error;
    throw error.with({ actionable: "Name the ledger of --from-db with --source-table." });
  });
}
