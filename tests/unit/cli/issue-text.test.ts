import { expect, test } from "vitest";
import { newIssue } from "../../../src/base/issue.ts";
import { issueText } from "../../../src/cli/issue-text.ts";

test("the spot in the source stands between message and remedy", () => {
  const issue = newIssue("error", "MIGR_108", "a.sql does not parse", {
    file: "a.sql",
    line: 3,
    actionable: "Correct it.",
    details: { pointer: "3 | creat\n  | ^" },
  });
  expect(issueText(issue)).toBe(
    "error MIGR_108: a.sql does not parse (a.sql:3)\n  3 | creat\n    | ^\n  Correct it.",
  );
});

test("a file that the message names is not told twice", () => {
  const issue = newIssue("error", "MIGR_011", "a.sql was edited", { file: "a.sql", actionable: null });
  expect(issueText(issue)).toBe("error MIGR_011: a.sql was edited");
});
