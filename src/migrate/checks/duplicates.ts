import { join } from "node:path";
import { newIssue } from "../../base/issue.ts";
import { defineCheck } from "../check.ts";

export const duplicates = defineCheck({
  name: "duplicates",
  summary: "Versions that more than one migration file claims",
  run: ({ files }) =>
    Object.entries(files.duplicates).map(([version, names]) =>
      newIssue("error", "MIGR_106", `version ${version} is claimed by ${names.join(" and ")}`, {
        migration: version,
        file: join(files.dir, names[0]!),
        details: { files: names },
      }),
    ),
});
