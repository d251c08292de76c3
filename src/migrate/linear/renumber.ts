import { ConfitureError } from "../../base/errors.ts";
import type { MigrationFile } from "../files.ts";
import type { LedgerRow } from "../ledger/ledger.ts";
import { squashOf } from "../squash/squash-state.ts";
import { compareVersions } from "../version.ts";
import { readBytes } from "../read-bytes.ts";
import { holdsConflict, stemOf } from "./sum.ts";

/** A migration of this branch and the version it gets, which may be its own. */
export interface Numbered {
  readonly migration: MigrationFile;
  readonly version: string;
}

/**
 * Versions behind the base's newest, for migrations in the order they are to keep; one that comes late enough keeps
 * its own, the others get the next number. Throws MIGR_116 for one that must not be renamed.
 */
export function renumber(
  migrations: readonly MigrationFile[],
  newest: string | undefined,
): readonly Numbered[] {
  let last = newest;
  return migrations.map((migration) => {
    const isLate = last === undefined || compareVersions(migration.version, last) > 0;
    const version = isLate ? migration.version : nextAfter(last!, migration);
    if (!isLate) refuseSquash(migration);
    refuseConflict(migration);
    last = version;
    return { migration, version };
  });
}

/** As many digits as before where they suffice. */
function nextAfter(version: string, { version: own, upFile: file }: MigrationFile): string {
  if (/^\d+$/.test(version)) return String(BigInt(version) + 1n).padStart(version.length, "0");
  throw new ConfitureError("MIGR_116", `nothing comes after version ${version}, which is no number`, {
    migration: own,
    file,
    actionable: "Rename the migration by hand.",
  });
}

function refuseSquash(migration: MigrationFile): void {
  if (squashOf(migration) === undefined) return;
  const { version, upFile: file } = migration;
  throw new ConfitureError("MIGR_116", `${file} is a squash, whose version stands in ledgers`, {
    migration: version,
    file,
    actionable: "Squash again once this branch has all migrations of the base.",
  });
}

/** Git put two migrations of the same name into one file. */
function refuseConflict({ version, upFile: file, downFile }: MigrationFile): void {
  const conflicted = [file, downFile].find(
    (one) => one !== undefined && holdsConflict(readBytes(one).toString("utf8")),
  );
  if (conflicted === undefined) return;
  throw new ConfitureError("MIGR_116", `${conflicted} holds the conflict of a merge`, {
    migration: version,
    file: conflicted,
    actionable:
      "End the merge with `git merge --abort`, run `confiture migrate rebase`, commit, and merge again.",
  });
}

/** Refuse to rename what this database has: MIGR_116. A version that the base has may be the base's there. */
export function refuseApplied(
  numbered: readonly Numbered[],
  rows: readonly LedgerRow[],
  baseVersions: ReadonlySet<string>,
): void {
  const applied = numbered
    .filter(({ migration, version }) => migration.version !== version)
    .filter(({ migration }) =>
      rows.some(
        (row) =>
          row.version === migration.version &&
          (row.name === migration.name || !baseVersions.has(row.version)),
      ),
    )
    .map(({ migration }) => migration);
  const [first] = applied;
  if (first === undefined) return;
  throw new ConfitureError(
    "MIGR_116",
    `${applied.map(stemOf).join(", ")} must come after the migrations of the base, and is applied in this database`,
    {
      migration: first.version,
      file: first.upFile,
      actionable: "Roll it back first: `confiture migrate down`.",
      details: { applied: applied.map(({ version, name }) => ({ version, name })) },
    },
  );
}
