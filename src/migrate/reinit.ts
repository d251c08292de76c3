import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import { editedSince, mismatchText } from "./checksums.ts";
import {
  findMigrations,
  type MigrationFile,
  type MigrationFiles,
  migrationNamed,
  requireRunnable,
} from "./files.ts";
import {
  deleteAllRows,
  ensureLedger,
  findLedger,
  insertRow,
  type LedgerRow,
  readLedger,
} from "./ledger/ledger.ts";
import { type LockOptions, takeMigrationLock } from "./lock/lock.ts";
import { checksumOf } from "./read-bytes.ts";
import type { Target } from "./target.ts";
import { versionAndName } from "./version-and-name.ts";

export const reinitOutput = defineOutput(
  "migrate.reinit",
  1,
  z.object({
    success: z.boolean(),
    deleted_count: z.int().describe("Ledger rows that were there before"),
    marked: z.array(versionAndName).describe("Recorded as applied; no SQL was executed"),
    total_duration_ms: z.int(),
    dry_run: z.boolean(),
    warnings: z.array(z.string()),
  }),
);

export type ReinitResult = z.infer<typeof reinitOutput.schema>;

export interface ReinitOptions extends LockOptions {
  /** The last migration to mark, inclusive: a version or `version_name`. By default the last on disk. */
  readonly through?: string | undefined;
  /** Say what would be deleted and marked; write nothing. */
  readonly dryRun?: boolean | undefined;
}

/**
 * Begin the ledger anew: forget every row and mark the migrations on disk as applied, in one transaction and
 * without running them. Throws MIGR_100 for an unknown version or where there is nothing to mark, MIGR_106, LOCK_1300.
 */
export async function reinit(target: Target, options: ReinitOptions = {}): Promise<ReinitResult> {
  const started = performance.now();
  const files = await findMigrations(target.migrationsDir);
  requireRunnable(files);
  if (files.migrations.length === 0) throw nothingToMark(files);
  const last = options.through === undefined ? undefined : migrationNamed(files, options.through);
  const wanted = last ? files.migrations.slice(0, files.migrations.indexOf(last) + 1) : files.migrations;
  const rows = await (options.dryRun ? readRows(target) : replaceRows(target, wanted, options));
  return {
    success: true,
    deleted_count: rows.length,
    marked: wanted.map(({ version, name }) => ({ version, name })),
    total_duration_ms: Math.round(performance.now() - started),
    dry_run: options.dryRun ?? false,
    warnings: warningsOf(files, wanted, rows),
  };
}

/** A wrong directory must not empty the ledger. */
const nothingToMark = ({ dir }: MigrationFiles) =>
  new ConfitureError("MIGR_100", `there are no migrations in ${dir}, so the ledger would be empty`, {
    file: dir,
    actionable: "Check --migrations-dir.",
  });

async function readRows(target: Target): Promise<LedgerRow[]> {
  await using db = await Connection.open(target.url, target);
  const ledger = await findLedger(db, target.trackingTable);
  return ledger.resolved === null ? [] : await readLedger(db, ledger);
}

/** Gives the rows that were there before. */
async function replaceRows(
  target: Target,
  wanted: readonly MigrationFile[],
  options: LockOptions,
): Promise<LedgerRow[]> {
  await using lock = await takeMigrationLock(target, { command: "confiture migrate reinit", ...options });
  await using db = await Connection.open(target.url, target);
  return await db.transaction(async () => {
    const ledger = await ensureLedger(db, target.trackingTable);
    const before = await readLedger(db, ledger);
    lock.assertHeld();
    await deleteAllRows(db, ledger);
    const inserts = wanted.map(({ version, name, upFile }, place) =>
      insertRow(ledger, { version, name, checksum: checksumOf(upFile), reason: "reinit", place }),
    );
    await db.run(sql.raw(inserts.join(";\n")));
    return before;
  });
}

/** What the old ledger said and the new one does not. */
function warningsOf(
  files: MigrationFiles,
  wanted: readonly MigrationFile[],
  rows: readonly LedgerRow[],
): string[] {
  const onDisk = new Set(files.migrations.map(({ version }) => version));
  const marked = new Set(wanted.map(({ version }) => version));
  const lost = rows.filter(({ version }) => !marked.has(version));
  return [
    ...lost.map(({ version, name }) =>
      onDisk.has(version)
        ? `${version} was applied, lies beyond --through, and is pending now`
        : `${version}_${name} was applied, but has no file here: the ledger forgets it`,
    ),
    ...editedSince(
      files,
      rows.filter(({ version }) => marked.has(version)),
    ).map((edited) => `${mismatchText(edited)}; it is recorded as it is now`),
  ];
}
