import { ConfitureError } from "../../base/errors.ts";
import { decodeUtf8 } from "../../sql/decode-utf8.ts";
import { type Directives, readDirectives } from "../directives.ts";
import type { MigrationFile, MigrationFiles } from "../files.ts";
import type { LedgerRow } from "../ledger/ledger.ts";
import { readBytes } from "../read-bytes.ts";

type Rows = readonly Pick<LedgerRow, "version" | "checksum">[];
export type Squash = Pick<Directives, "squashes" | "squashedBefore" | "squashedChecksum">;

/**
 * How a database stands to a squash: `fresh`, it has nothing of what was squashed; `carried-over`, it is past the
 * squash, having run the squash itself or all that it replaces; `too-old`, it has run a part of that.
 */
export type SquashState = "fresh" | "carried-over" | "too-old";

export function squashState(rows: Rows, squash: Squash): SquashState {
  const missing = missingVersions(rows, squash);
  if (missing.length === 0) return "carried-over";
  return missing.length === squash.squashes.length ? "fresh" : "too-old";
}

/** Versions of a squash that the database has not run; all of them when it has run none. */
function missingVersions(rows: Rows, { squashes, squashedBefore, squashedChecksum }: Squash): string[] {
  const applied = new Map(rows.map((row) => [row.version, row.checksum]));
  const last = squashes.at(-1);
  const own = last === undefined ? undefined : applied.get(last);
  // A row with another hash is that of the squash itself, which did all of it.
  if (own !== undefined && own !== squashedChecksum) return [];
  const missing = squashes.filter((version) => !applied.has(version));
  return own === undefined ? missing : missing.filter((version) => !squashedBefore.includes(version));
}

/** Whether the ledger's hash of a squash's version is the one of the migration that had it before. */
export const isSquashedChecksum = (
  checksum: string | null,
  { squashes, squashedChecksum }: Squash,
): boolean => squashes.length > 0 && checksum !== null && checksum === squashedChecksum;

/** Refuse a database that has run a part of what was squashed: MIGR_112. */
export function refuseTooOld(rows: Rows, squash: Squash): void {
  if (squashState(rows, squash) !== "too-old") return;
  const missing = missingVersions(rows, squash);
  const [first, last] = [squash.squashes[0], squash.squashes.at(-1)];
  const applied = squash.squashes.filter((version) => !missing.includes(version));
  throw new ConfitureError(
    "MIGR_112",
    `this database is at ${applied.at(-1)} and lacks ${missing.join(", ")}; versions ${first} to ${last} were squashed`,
    { migration: last, details: { missing, squashes: [...squash.squashes] } },
  );
}

/** What a migration says it replaces; undefined when it is no squash. */
export const squashOf = ({ kind, upFile }: MigrationFile): Squash | undefined =>
  kind === "sql" ? squashIn(readBytes(upFile), upFile) : undefined;

/** As `squashOf`, of the content of an SQL file. */
export function squashIn(bytes: Uint8Array, file: string): Squash | undefined {
  const directives = readDirectives(decodeUtf8(bytes, file), file);
  return directives.squashes.length === 0 ? undefined : directives;
}

/** Of migrations to be marked as applied, the squashes of which the database has run a part. */
export const partSquashed = (migrations: readonly MigrationFile[], rows: Rows): string[] =>
  migrations.flatMap((migration) => {
    const squash = squashOf(migration);
    if (squash === undefined || squashState(rows, squash) !== "too-old") return [];
    const missing = missingVersions(rows, squash).filter((version) => version !== migration.version);
    const what = `${migration.version} stands for ${squash.squashes.join(", ")}`;
    return missing.length === 0
      ? []
      : [`${what}; ${missing.join(", ")} was not applied here, and counts as applied now`];
  });

/**
 * Of the rows whose files are gone, those that a squash on disk stands for, with the squash's version.
 * Where every row has its file nothing is read.
 */
export function squashedRows(files: MigrationFiles, rows: Rows): ReadonlyMap<string, string> {
  const onDisk = new Set(files.migrations.map(({ version }) => version));
  const gone = new Set(rows.map(({ version }) => version).filter((version) => !onDisk.has(version)));
  if (gone.size === 0) return new Map();
  return new Map(
    files.migrations.flatMap((migration) =>
      (squashOf(migration)?.squashes ?? [])
        .filter((version) => gone.has(version))
        .map((version) => [version, migration.version] as const),
    ),
  );
}
