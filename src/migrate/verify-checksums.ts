import { join } from "node:path";
import * as z from "zod";
import { type Issue, issueSchema, newIssue } from "../base/issue.ts";
import { defineOutput } from "../base/output.ts";
import { Connection } from "../pg/connection.ts";
import { mismatchText } from "./checksums.ts";
import { contentChecksum, isChecksumOf } from "./content-checksum.ts";
import {
  findMigrations,
  type MigrationFiles,
  migrationOfRow,
  requireDirectory,
  requireUnique,
} from "./files.ts";
import { findLedger, type Ledger, type LedgerRow, readLedger, updateChecksum } from "./ledger/ledger.ts";
import { type LockOptions, takeMigrationLock } from "./lock/lock.ts";
import { readBytes } from "./read-bytes.ts";
import { isSquashedChecksum, squashedRows, squashIn } from "./squash/squash-state.ts";
import type { Target } from "./target.ts";

export const verifyChecksumsOutput = defineOutput(
  "verify-checksums",
  1,
  z.object({
    ok: z.boolean(),
    ledger_present: z.boolean(),
    fixed: z.array(z.string()).describe("Versions whose hash in the ledger is now that of the file"),
    summary: z.object({
      checked: z.int().describe("Applied migrations whose file is there"),
      mismatched: z.int(),
      missing_files: z.int(),
      tracking_table: z.string(),
      resolved_table: z.string().nullable(),
    }),
    issues: z.array(issueSchema),
  }),
);

export type VerifyChecksumsResult = z.infer<typeof verifyChecksumsOutput.schema>;

export interface VerifyChecksumsOptions extends LockOptions {
  /** Record the files' present hashes, under the migration lock. */
  readonly fix?: boolean | undefined;
  /** A database without a ledger has nothing to verify, rather than PRECON_1001. */
  readonly allowUninitialized?: boolean | undefined;
}

/**
 * Compare every applied migration's file with the hash in the ledger; writes nothing without `fix`.
 * Throws PRECON_1001, CONFIG_004 without a migrations directory; with `fix` MIGR_106 and LOCK_1300.
 */
export async function verifyAllChecksums(
  target: Target,
  options: VerifyChecksumsOptions = {},
): Promise<VerifyChecksumsResult> {
  const files = await findMigrations(target.migrationsDir);
  requireDirectory(files);
  if (options.fix) return await fixChecksums(target, files, options);
  await using db = await Connection.open(target.url, target);
  const ledger = await findLedger(db, target.trackingTable);
  return resultOf(ledger, compareAll(files, await rowsOf(db, ledger, options)), []);
}

async function fixChecksums(
  target: Target,
  files: MigrationFiles,
  options: VerifyChecksumsOptions,
): Promise<VerifyChecksumsResult> {
  requireUnique(files);
  await using lock = await takeMigrationLock(target, {
    command: "confiture verify-checksums --fix",
    ...options,
  });
  await using db = await Connection.open(target.url, target);
  return await db.transaction(async () => {
    const ledger = await findLedger(db, target.trackingTable);
    const compared = compareAll(files, await rowsOf(db, ledger, options));
    const fixed: string[] = [];
    lock.assertHeld();
    for (const { row, checksum } of compared.filter(isMismatch)) {
      await updateChecksum(db, ledger, { version: row.version, checksum });
      fixed.push(row.version);
    }
    return resultOf(ledger, compared, fixed);
  });
}

const rowsOf = (db: Connection, ledger: Ledger, { allowUninitialized }: VerifyChecksumsOptions) =>
  ledger.resolved === null && allowUninitialized ? [] : readLedger(db, ledger);

/** A ledger row beside its file; `file` is undefined when that is gone. */
interface Compared {
  readonly row: LedgerRow;
  readonly file: string | undefined;
  readonly checksum: string;
  readonly matches: boolean;
}

function compareAll(files: MigrationFiles, rows: readonly LedgerRow[]): Compared[] {
  const fileOf = applyingFiles(files);
  const squashed = squashedRows(files, rows);
  return rows
    .filter(({ version }) => !squashed.has(version))
    .map((row) => {
      const file = fileOf(row);
      if (file === undefined) return { row, file, checksum: "", matches: false };
      const bytes = readBytes(file);
      return { row, file, checksum: contentChecksum(bytes), matches: matches(row, file, bytes) };
    });
}

/** The hash is that of the file, or of the migration whose version a squash has now. */
function matches({ checksum }: LedgerRow, file: string, bytes: Uint8Array): boolean {
  if (isChecksumOf(checksum, bytes)) return true;
  const squash = file.endsWith(".sql") ? squashIn(bytes, file) : undefined;
  return squash !== undefined && isSquashedChecksum(checksum, squash);
}

/** Python files cannot be run, but they can be edited. */
function applyingFiles(files: MigrationFiles): (row: LedgerRow) => string | undefined {
  const migrationOf = migrationOfRow(files);
  const python = new Map(files.python.map((name) => [name.split("_")[0], join(files.dir, name)]));
  return (row) => migrationOf(row)?.upFile ?? python.get(row.version);
}

const isMismatch = ({ file, matches }: Compared): boolean => file !== undefined && !matches;

function resultOf(
  ledger: Ledger,
  compared: readonly Compared[],
  fixed: readonly string[],
): VerifyChecksumsResult {
  const mismatched = compared.filter(isMismatch);
  const missing = compared.filter(({ file }) => file === undefined);
  const open = mismatched.filter(({ row }) => !fixed.includes(row.version));
  return {
    ok: open.length === 0,
    ledger_present: ledger.resolved !== null,
    fixed: [...fixed],
    summary: {
      checked: compared.length - missing.length,
      mismatched: mismatched.length,
      missing_files: missing.length,
      tracking_table: ledger.table,
      resolved_table: ledger.resolved,
    },
    issues: [...open.map(edited), ...missing.map(gone)],
  };
}

const edited = ({ row, file, checksum }: Compared): Issue =>
  newIssue("error", "MIGR_011", mismatchText({ file: String(file), recorded: row.checksum }), {
    ...(row.checksum === null && {
      actionable: "Compare the file with the database, then record its hash with --fix.",
    }),
    details: { recorded: row.checksum, found: checksum },
    migration: row.version,
    file: file ?? null,
  });

const gone = ({ row: { version, name, checksum } }: Compared): Issue =>
  newIssue("warning", "MIGR_100", `${version}_${name} is applied, but its file is gone`, {
    actionable: "Restore the file; without it the migration can neither be verified nor rolled back.",
    details: { recorded: checksum },
    migration: version,
  });
