import { expect, test } from "vitest";
import { classify } from "../../../src/migrate/classify.ts";
import { findMigrations } from "../../../src/migrate/files.ts";
import { isWindowSafe, type Replication, replicaIssues } from "../../../src/workflows/replica-issues.ts";
import { migrationFiles, testProject } from "../../support/project.ts";

async function classified(up: string) {
  using project = testProject(migrationFiles({ "001_change": up }));
  const { migrations } = await findMigrations(project.path("db/migrations"));
  return await classify(migrations);
}

const FOLLOWED: Replication = { replicas: ["standby"], allowUnsafe: false };

const issuesOf = async (up: string, replication: Replication | undefined = FOLLOWED) =>
  replicaIssues(await classified(up), replication).map(({ code, severity }) => `${severity} ${code}`);

test.each([
  ["alter table t add a int not null default 0", "error PFLIGHT_REPLICA_ADD_COLUMN"],
  ["alter table t drop a", "error PFLIGHT_REPLICA_DROP_COLUMN"],
  ["alter table t rename a to b", "error PFLIGHT_REPLICA_RENAME_COLUMN"],
  ["alter table t alter a type text", "error PFLIGHT_REPLICA_CHANGE_TYPE"],
  ["alter table t add unique (a)", "error PFLIGHT_REPLICA_ADD_CONSTRAINT"],
  ["create index on t (a)", "error PFLIGHT_REPLICA_CREATE_INDEX"],
  ["drop table t", "error PFLIGHT_REPLICA_DROP_TABLE"],
  ["drop view v", "error PFLIGHT_REPLICA_DROP_OBJECT"],
  ["truncate t", "error PFLIGHT_REPLICA_TRUNCATE"],
  ["revoke select on t from r", "error PFLIGHT_REPLICA_REVOKE"],
  ["alter table t alter a set not null", "error PFLIGHT_REPLICA_SET_NOT_NULL"],
  ["alter table t rename to u", "error PFLIGHT_REPLICA_RENAME_OBJECT"],
  ["create or replace view v as select 1", "warning PFLIGHT_REPLICA_REPLACE_OBJECT"],
  ["do $$ begin end $$", "warning PFLIGHT_REPLICA_UNCLASSIFIED"],
])("with replicas, %s is an %s; without, or when allowed, a warning", async (up, said) => {
  const asWarning = [said.replace("error", "warning")];
  expect(await issuesOf(up)).toEqual([said]);
  expect(await issuesOf(up, { replicas: [], allowUnsafe: false })).toEqual(asWarning);
  expect(await issuesOf(up, { replicas: ["standby"], allowUnsafe: true })).toEqual(asWarning);
  expect(replicaIssues(await classified(up), undefined).map((issue) => issue.severity)).toEqual(["warning"]);
  expect(isWindowSafe(await classified(up))).toBe(false);
});

test.each([
  "create table t (id int primary key); create index on t (id); alter table t add a int not null default 0",
  "alter table t add a int",
  "create index concurrently i on t (a)",
  "alter table t add foreign key (a) references u not valid",
  "alter table t validate constraint c",
  "grant select on t to r; comment on table t is 'x'",
  "",
])("safe in a window: %s", async (up) => {
  expect(await issuesOf(up)).toEqual([]);
  expect(isWindowSafe(await classified(up))).toBe(true);
});

test("an issue says which migration, file, line, operation and object, and what to do instead", async () => {
  const [issue] = replicaIssues(await classified("select 1;\nalter table app.t drop a"), FOLLOWED).slice(1);
  expect(issue).toMatchObject({
    migration: "001",
    file: expect.stringMatching(/001_change\.up\.sql$/),
    line: 2,
    message: expect.stringContaining("DROP COLUMN on app.t"),
    actionable: expect.stringContaining("release"),
    details: { operation: "DROP COLUMN", object: "app.t" },
  });
});

test("a program is never known, and a file that does not parse is not certified either", async () => {
  const migration = {
    version: "1",
    name: "a",
    kind: "module",
    upFile: "1_a.ts",
    downFile: "1_a.ts",
    verifyFile: undefined,
    sidecarFile: undefined,
  } as const;
  const program = await classify([migration]);
  expect(replicaIssues(program, FOLLOWED)).toMatchObject([
    { code: "PFLIGHT_REPLICA_UNCLASSIFIED", severity: "warning", migration: "1", file: "1_a.ts" },
  ]);
  expect(isWindowSafe(program)).toBe(false);
  expect(isWindowSafe(await classified("creat table"))).toBe(false);
});
