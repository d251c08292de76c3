import { ConfitureError } from "../base/errors.ts";
import { isChecksumOf } from "./content-checksum.ts";
import type { MigrationFiles } from "./files.ts";
import type { LedgerRow } from "./ledger.ts";
import { readBytes } from "./migration.ts";

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
  const warnings = edited.map((file) => `${file} was edited after it was applied`);
  if (onMismatch === "warn") return warnings;
  throw new ConfitureError("MIGR_011", warnings.join("; "), { file: first, details: { files: edited } });
}

/** Files whose content is not what the ledger says was applied; a row without a hash counts as edited. */
export function editedSince(files: MigrationFiles, rows: readonly LedgerRow[]): string[] {
  const applied = new Map(rows.map((row) => [row.version, row]));
  return files.migrations.flatMap(({ version, upFile }) => {
    const row = applied.get(version);
    return row === undefined || isChecksumOf(row.checksum, readBytes(upFile)) ? [] : [upFile];
  });
}
