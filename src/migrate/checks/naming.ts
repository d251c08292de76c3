import { join } from "node:path";
import { type Issue, newIssue } from "../../base/issue.ts";
import { defineCheck } from "../check.ts";
import type { MigrationFile, MigrationFiles } from "../files.ts";
import { properName } from "../proper-name.ts";

export const naming = defineCheck({
  name: "naming",
  summary: "Files that look like migrations but are none, and migrations with a bad name",
  run: ({ files }) => [
    ...files.python.map((name) => neverRun(files, name)),
    ...files.orphans.flatMap((name) => misnamed(files, name)),
    ...files.strays.filter((name) => /\.m?[jt]s$/.test(name)).map((name) => withoutVersion(files, name)),
    ...files.migrations.flatMap(badName),
  ],
});

const neverRun = ({ dir }: MigrationFiles, name: string): Issue =>
  newIssue("error", "MIGR_109", `${name} is a Python migration, which is never run`, {
    file: join(dir, name),
  });

function misnamed({ dir }: MigrationFiles, name: string): Issue[] {
  const proper = properName(name);
  if (proper === undefined) return [];
  const issue = newIssue("warning", "MIGR_102", `${name} looks like a migration and is never run`, {
    actionable: `Rename it to ${proper} (\`migrate validate --fix-naming\`), or move it away.`,
    file: join(dir, name),
    details: { proper_name: proper },
  });
  return [issue];
}

const withoutVersion = ({ dir }: MigrationFiles, name: string): Issue =>
  newIssue("warning", "MIGR_102", `${name} is a module without a version and is never run`, {
    actionable: "Name it <version>_<name>, or begin its name with _ if it is no migration.",
    file: join(dir, name),
  });

function badName({ version, name, upFile }: MigrationFile): Issue[] {
  const wrong =
    version === ""
      ? "has no version"
      : name === ""
        ? "has no name"
        : /\s/.test(version + name)
          ? "has a blank in its name"
          : undefined;
  if (wrong === undefined) return [];
  return [newIssue("warning", "MIGR_102", `${upFile} ${wrong}`, { migration: version, file: upFile })];
}
