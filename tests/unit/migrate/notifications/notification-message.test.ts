import { expect, test } from "vitest";
import { bodyOf, subjectOf, textOf } from "../../../../src/migrate/notifications/notification-message.ts";
import { summaryOf } from "./run-summary.ts";

const error = { code: "MIGR_001", message: 'relation "<!channel> & co" does not exist' };

test.each([
  [{}, "[Migration] prod (app@db:5432/app): 2 migration(s) applied"],
  [{ environment: null }, "[Migration] app@db:5432/app: 2 migration(s) applied"],
  [{ direction: "down" }, "[Migration] prod (app@db:5432/app): 2 migration(s) rolled back"],
  [{ applied: [] }, "[Migration] prod (app@db:5432/app): nothing to do"],
  [
    { success: false, error },
    "[Migration] prod (app@db:5432/app): failed with MIGR_001, 2 migration(s) applied",
  ],
  [{ success: false, applied: [] }, "[Migration] prod (app@db:5432/app): failed, 0 migration(s) applied"],
  [{ test: true }, "[Test] [Migration] prod (app@db:5432/app): 2 migration(s) applied"],
] as const)("the subject of %j", (given, subject) => {
  expect(subjectOf(summaryOf(given))).toBe(subject);
});

test("the text lists what was done, why it failed and what is left", () => {
  expect(textOf(summaryOf({ success: false, error })).split("\n")).toEqual([
    "002 create_orders (12 ms)",
    "003 index_orders (1300 ms)",
    'MIGR_001: relation "<!channel> & co" does not exist',
    "1 pending",
    "1350 ms from 2026-05-20T12:00:00.000Z, run on deployer",
  ]);
  expect(textOf(summaryOf({ pending_count: null }))).not.toContain("pending");
});

test("a long run is cut short", () => {
  const applied = Array.from({ length: 50 }, (_, i) => ({ version: `${i}`, name: "x", duration_ms: 1 }));
  const lines = textOf(summaryOf({ applied })).split("\n");
  expect(lines.slice(19, 21)).toEqual(["19 x (1 ms)", "and 30 more"]);
  expect(lines).toHaveLength(23);
});

test("json is the summary; slack has a colour, and nothing in it calls a channel", () => {
  expect(bodyOf.json(summaryOf())).toEqual({ event: "migration_completed", ...summaryOf() });
  expect(bodyOf.slack(summaryOf())).toMatchObject({ attachments: [{ color: "#36a64f" }] });
  const failed = bodyOf.slack(summaryOf({ success: false, error }));
  expect(failed).toMatchObject({
    text: "[Migration] prod (app@db:5432/app): failed with MIGR_001, 2 migration(s) applied",
    attachments: [{ color: "#cc0000", text: expect.stringContaining('"&lt;!channel&gt; &amp; co"') }],
  });
});
