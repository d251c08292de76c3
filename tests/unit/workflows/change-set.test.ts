import { expect, test } from "vitest";
import { classify } from "../../../src/migrate/classify.ts";
import { findMigrations } from "../../../src/migrate/files.ts";
import { changeSetOf } from "../../../src/workflows/change-set.ts";
import { migrationFiles, testProject } from "../../support/project.ts";

async function changesOf(up: string) {
  using project = testProject(migrationFiles({ "1_a": up }));
  const { migrations } = await findMigrations(project.path("db/migrations"));
  return changeSetOf(await classify(migrations)).changes;
}

test.each([
  ["create table t (id int)", { tier: "additive", rewrite: false, duration: "metadata" }],
  ["create index on t (a)", { tier: "lock_risky", lock: "SHARE", rewrite: false, duration: "minutes+" }],
  [
    "alter table t add a int, drop b",
    { tier: "irreversible", lock: "ACCESS EXCLUSIVE", rewrite: false, duration: "metadata" },
  ],
  [
    "alter table t add a int default random()",
    { tier: "lock_risky", lock: "ACCESS EXCLUSIVE", rewrite: true, duration: "minutes+" },
  ],
  [
    "insert into t values (1)",
    { tier: "additive", lock: "ROW EXCLUSIVE", rewrite: false, duration: "seconds" },
  ],
  ["alter table t alter a type text", { lock: "ACCESS EXCLUSIVE" }],
  [
    "alter table t alter a type text, alter b set not null",
    { lock: "ACCESS EXCLUSIVE", duration: "minutes+" },
  ],
  ["select our_function()", {}],
])("%s", async (text, profile) => {
  const [change] = await changesOf(text);
  const { kind, object, migration, detail, ...rest } = change!;
  expect({ kind: typeof kind, object: typeof object, migration, detail }).toMatchObject({
    migration: "1",
    detail: text,
  });
  expect(rest).toEqual(profile);
});

test("a file that cannot be looked into is one entry without a tier", async () => {
  expect(await changesOf("creat table")).toEqual([
    { kind: "unknown", object: null, migration: "1", detail: expect.stringContaining("1_a.up.sql") },
  ]);
});
