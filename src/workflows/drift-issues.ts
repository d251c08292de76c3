import type { Issue } from "../base/issue.ts";
import { type Change, changeText } from "../diff/change.ts";

const CODES: Readonly<Record<Change["op"], readonly [code: string, what: string, actionable: string]>> = {
  "+": [
    "PFLIGHT_DRIFT_EXTRA",
    "only the migrations make it",
    "Add it to the DDL files, or drop it in a migration.",
  ],
  "-": [
    "PFLIGHT_DRIFT_MISSING",
    "only the DDL files have it",
    "Write a migration that makes it, or remove it from the DDL files.",
  ],
  "~": ["PFLIGHT_DRIFT_CHANGED", "migrations and DDL files differ", "Make the two agree."],
};

/** One issue per difference between what the migrations lead to and what the DDL files say. */
export const driftIssues = (changes: readonly Change[]): Issue[] =>
  changes
    .filter((change) => change.within === null)
    .map((change) => {
      const [code, what, actionable] = CODES[change.op];
      return {
        severity: "error",
        code,
        message: `${change.kind} ${change.object}: ${what}`,
        actionable,
        details: { op: change.op, kind: change.kind, object: change.object, text: changeText([change]) },
        migration: null,
        file: null,
        line: null,
      };
    });
