import { expect, test } from "vitest";
import { newIssue } from "../../../src/base/issue.ts";
import { issueLines } from "../../../src/cli/issue-lines.ts";

const index = (line: number) =>
  newIssue("warning", "PFLIGHT_REPLICA_CREATE_INDEX", `an index on line ${line}`, {
    file: "1_a.up.sql",
    line,
    actionable: "Do it CONCURRENTLY.",
    details: { operation: "CREATE INDEX", object: "t" },
  });

test("findings about replicas are told by code, the remedy once; others one by one", () => {
  const lines = issueLines([
    ...[1, 2, 3, 4, 5, 6, 7].map(index),
    newIssue("error", "PFLIGHT_MISSING_DOWN", "1 has no .down.sql", { file: "1_a.up.sql" }),
  ]);
  expect(lines).toEqual([
    "error PFLIGHT_MISSING_DOWN: 1 has no .down.sql (1_a.up.sql)",
    [
      "warning PFLIGHT_REPLICA_CREATE_INDEX: 7 statements",
      ...[1, 2, 3, 4, 5].map((line) => `  1_a.up.sql:${line}: CREATE INDEX on t`),
      "  and 2 more",
      "  Do it CONCURRENTLY.",
    ].join("\n"),
  ]);
});

test("a single finding keeps its sentence", () => {
  expect(issueLines([index(3)])).toEqual([
    "warning PFLIGHT_REPLICA_CREATE_INDEX: an index on line 3 (1_a.up.sql:3)\n  Do it CONCURRENTLY.",
  ]);
});
