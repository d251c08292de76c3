import { expect, test } from "vitest";
import { classify } from "../../../src/migrate/classify.ts";
import { findMigrations } from "../../../src/migrate/files.ts";
import { migrationFiles, testProject } from "../../support/project.ts";

/** One word per action: what replicas make of it, the tier, and the strongest lock on what was there before. */
async function verdicts(migrations: Readonly<Record<string, string>>) {
  using project = testProject(migrationFiles(migrations));
  const { migrations: files } = await findMigrations(project.path("db/migrations"));
  return (await classify(files)).flatMap(({ impacts }) =>
    impacts.map(({ replica, work, locks }) =>
      [replica, work, ...locks.map(([object, level]) => `${level} on ${object.name}`)].join(" "),
    ),
  );
}

const last = async (...statements: readonly string[]) =>
  (await verdicts({ "1_a": statements.join(";\n") })).at(-1);

test.each([
  ["an index", "create index on t (a)"],
  ["a column", "alter table t add b int not null, drop a"],
  ["a trigger", "create trigger g after insert on t execute function f()"],
  ["an unknown action", "alter table t set (user_catalog_table = true)"],
  ["a drop", "drop table t"],
])("what the set makes is used by nobody yet: %s", async (_what, statement) => {
  expect(await last("create table t (a int)", statement)).toBe("SAFE catalog");
});

test("it stays new in later migrations, and under another name", async () => {
  const found = await verdicts({
    "1_a": "create table s.t (a int)",
    "2_b": "alter table s.t rename to u; create index on s.u (a)",
    "3_c": "create index on s.t (a)",
  });
  expect(found.slice(1)).toEqual(["SAFE catalog", "SAFE catalog", "CREATE_INDEX scan SHARE on t"]);
});

test.each([
  ["IF NOT EXISTS", "create table if not exists t (a int)"],
  ["another schema", "create table s.t (a int)"],
  ["another search path", "create table t (a int); set search_path = s"],
  ["another search path by function", "create table t (); select set_config('search_path', 's', false)"],
  ["the search path reset", "set search_path = s; create table t (); reset all"],
  ["dropped again", "create table t (a int); drop table t"],
  ["OR REPLACE", "create or replace view t as select 1"],
])("not new: %s", async (_what, before) => {
  expect(await last(before, "create index on t (a)")).toBe("CREATE_INDEX scan SHARE on t");
});

test("a temporary table ends with its migration", async () => {
  const found = await verdicts({
    "1_a": "create temp table t (a int); create index on t (a)",
    "2_b": "create index on t (a)",
  });
  expect(found.slice(1)).toEqual(["SAFE catalog", "CREATE_INDEX scan SHARE on t"]);
});

test("a search path ends with its migration", async () => {
  const found = await verdicts({
    "1_a": "create table t (a int); set search_path = s",
    "2_b": "create index on t (a)",
  });
  expect(found.at(-1)).toBe("SAFE catalog");
});

test("a new table locks what it references, but not itself", async () => {
  expect(await last("create table t (id int primary key, up int references t, u int references u)")).toBe(
    "SAFE catalog SHARE ROW EXCLUSIVE on u",
  );
  expect(await last("create table u (id int)", "create table t (u int references u)")).toBe("SAFE catalog");
});

test("rows that the set itself puts into a new table take their time", async () => {
  const filled = "insert into t select a from old";
  expect(await last("create table t (a int)", filled)).toBe("SAFE scan");
  expect(await last("create table t (a int)", filled, "create index on t (a)")).toBe("SAFE scan");
  expect(await last("create table t as select a from old", "create index on t (a)")).toBe("SAFE scan");
  expect(await last("create table t (a int)", "do $$ begin end $$", "create index on t (a)")).toBe(
    "SAFE scan",
  );
  expect(await last("create table t (a int)", "insert into t values (1)", "create index on t (a)")).toBe(
    "SAFE catalog",
  );
});

test("a new type is no domain when the set says so; a function's name alone says nothing", async () => {
  const add = "alter table t add a kind";
  expect(await last("create type kind as enum ('x')", add)).toBe("SAFE catalog ACCESS EXCLUSIVE on t");
  expect(await last("create domain kind as int not null", add)).toBe("UNCLASSIFIED  ACCESS EXCLUSIVE on t");
  expect(await last("create function f(int) returns int return 1", "drop function f(text)")).toBe(
    "DROP_OBJECT catalog",
  );
});

test("a file that does not parse is there, without impacts", async () => {
  using project = testProject(migrationFiles({ "1_a": "creat table", "2_b": "" }));
  const { migrations } = await findMigrations(project.path("db/migrations"));
  expect(await classify(migrations)).toEqual([
    { migration: migrations[0], statement: undefined, impacts: [] },
  ]);
});
