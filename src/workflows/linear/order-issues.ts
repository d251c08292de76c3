import { type Issue, newIssue } from "../../base/issue.ts";
import type { MigrationFile, MigrationFiles } from "../../migrate/files.ts";
import { type Branch, branchOf } from "../../migrate/linear/branch.ts";
import { stemOf } from "../../migrate/linear/sum.ts";
import { compareVersions } from "../../migrate/version.ts";
import { type BaseRequest, withBase } from "./with-base.ts";

/** How the migrations of a branch break the order of a base: MIGR_118 and MIGR_119. Throws DIFFER_403. */
export const orderIssues = (here: MigrationFiles, request: BaseRequest): Promise<Issue[]> =>
  withBase(request, async ({ files: base, fork }) => {
    const branch = branchOf({ here, base, fork });
    return [...tooEarly(branch, request.ref), ...touched(branch, request.ref)];
  });

function tooEarly({ added, newest }: Branch, ref: string): Issue[] {
  if (newest === undefined) return [];
  return added
    .filter(({ version }) => compareVersions(version, newest.version) <= 0)
    .map(({ version, upFile: file }) =>
      newIssue("error", "MIGR_118", `${file} does not come after ${stemOf(newest)}, the newest of ${ref}`, {
        actionable: `Give it a new version: \`confiture migrate rebase --onto ${ref}\`.`,
        migration: version,
        file,
        details: { newest: stemOf(newest), ref },
      }),
    );
}

/** Migrations of the base that this branch changed or removed. */
export const touched = ({ changed, removed }: Branch, ref: string): Issue[] => [
  ...changed.map((migration) => touch(migration, ref, "was changed")),
  ...removed.map((migration) => touch(migration, ref, "was removed")),
];

const touch = (migration: MigrationFile, ref: string, what: string): Issue =>
  newIssue("error", "MIGR_119", `${stemOf(migration)} of ${ref} ${what} on this branch`, {
    migration: migration.version,
    details: { ref },
  });
