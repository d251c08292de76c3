import { join } from "node:path";
import { newIssue } from "../../base/issue.ts";
import { defineCheck } from "../check.ts";
import { properName } from "../proper-name.ts";

export const orphans = defineCheck({
  name: "orphans",
  summary: "Rollbacks, assertions and preconditions without their migration, and SQL files of unknown role",
  run: ({ files: { dir, orphans: scripts, strays } }) =>
    [
      ...scripts.filter((name) => properName(name) === undefined),
      ...strays.filter((name) => /\.(?:verify\.sql|ya?ml)$/.test(name)),
    ]
      .toSorted()
      .map((name) => newIssue("warning", "MIGR_102", orphanhood(name), { file: join(dir, name) })),
});

function orphanhood(name: string): string {
  if (name.endsWith(".down.sql")) return `${name} is never run: there is no .up.sql beside it`;
  if (name.endsWith(".verify.sql")) return `${name} is never asked: there is no migration beside it`;
  if (name.endsWith(".sql")) return `${name} is not named like a migration and is never run`;
  return `${name} is never read: there is no migration beside it, or another file of preconditions`;
}
