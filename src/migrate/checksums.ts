import { ConfitureError } from "../base/errors.ts";
import { isChecksumOf } from "./content-checksum.ts";
import type { MigrationFile, MigrationFiles } from "./files.ts";
import type { LedgerRow } from "./ledger/ledger.ts";
import { readBytes } from "./read-bytes.ts";
import { isSquashedChecksum, refuseTooOld, squashOf } from "./squash/squash-state.ts";

export type OnMismatch = "fail" | "warn" | "ignore";

/** Compare every applied migration's file with the hash in the ledger; throws MIGR_011, or gives warnings. */
export function verifyChecksums(
  files: MigrationFiles,
  rows: readonly LedgerRow[],
  onMismatch: OnMismatch,
): string[] {
  if (onMismatch === "ignore") return [];
  const edited = editedSince(files, rows);
  const [first] = edited;
  if (first === undefined) return [];
  const warnings = edited.map(mismatchText);
  if (onMismatch === "warn") return warnings;
  throw new ConfitureError("MIGR_011", warnings.join("; "), {
    file: first.file,
    actionable: edited.every(({ recorded }) => recorded === null)
      ? "Compare the files with the database, then record their hashes: `confiture verify-checksums --fix`."
      : undefined,
    details: { files: edited.map(({ file }) => file) },
  });
}

/** The file of an applied migration that does not match its row. */
export interface Edited {
  readonly file: string;
  /** The ledger's hash; null where an older tool recorded none. */
  readonly recorded: string | null;
}

export const mismatchText = ({ file, recorded }: Edited): string =>
  recorded === null ? `${file} has no hash in the ledger` : `${file} was edited after it was applied`;

/**
 * Files whose content is not what the ledger says was applied; a row without a hash counts as edited, and a squash
 * does not where its version was applied before it. Throws MIGR_112 where only a part of what it replaces was.
 */
export function editedSince(files: MigrationFiles, rows: readonly LedgerRow[]): Edited[] {
  const applied = new Map(rows.map((row) => [row.version, row]));
  return files.migrations.flatMap((migration) => {
    const row = applied.get(migration.version);
    if (row === undefined || isRecorded(migration, row, rows)) return [];
    return [{ file: migration.upFile, recorded: row.checksum }];
  });
}

function isRecorded(migration: MigrationFile, { checksum }: LedgerRow, rows: readonly LedgerRow[]): boolean {
  if (isChecksumOf(checksum, readBytes(migration.upFile))) return true;
  const squash = squashOf(migration);
  if (squash === undefined || !isSquashedChecksum(checksum, squash)) return false;
  refuseTooOld(rows, squash);
  return true;
}
