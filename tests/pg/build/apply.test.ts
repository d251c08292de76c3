import { expect, test } from "vitest";
import { applyScripts, parseSources } from "../../../src/build/apply.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testDatabase } from "../../support/database.ts";

async function apply(files: Readonly<Record<string, string>>, question = sql`select 1`) {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  const sources = Object.entries(files).map(([file, text]) => ({ file, text }));
  const applied = await applyScripts(db, await parseSources(sources));
  return { applied, rows: await db.rows(question) };
}

test("in file order nothing waits", async () => {
  const { applied } = await apply({
    "a.sql": "create table a (i int); insert into a values (1);",
    "b.sql": "create view v as select * from a",
  });
  expect(applied).toEqual({ statements: 3, deferred: 0 });
});

test("a view before its table, a function in a default, a trigger, a grant on what comes later", async () => {
  const { rows } = await apply(
    {
      "01.sql": "create view v as select id, f(id) as g from t; comment on view v is 'of t';",
      "02.sql":
        "create table t (id int default f(1), kind k); create trigger tr before insert on t execute function trf();",
      "03.sql": "create function f(int) returns int language sql as 'select $1';",
      "04.sql":
        "create type k as enum ('a'); create function trf() returns trigger language plpgsql as 'begin return new; end';",
    },
    sql`select pg_get_viewdef('v') as v, obj_description('v'::regclass) as c, (select count(*)::int from pg_trigger) as t`,
  );
  expect(rows).toEqual([{ v: expect.stringMatching(/f\((t\.)?id\)/), c: "of t", t: 1 }]);
});

test("foreign keys that point forward, in a circle, and without a column list", async () => {
  const { rows } = await apply(
    {
      "a.sql":
        "create table a (id int primary key, b_id int references b on delete cascade, constraint self foreign key (b_id) references a (id));",
      "b.sql":
        "create table b (id int primary key, a_id int not null references a deferrable initially deferred);",
    },
    sql`select conrelid::regclass::text as t, pg_get_constraintdef(oid) as def from pg_constraint where contype = 'f' order by 1, 2`,
  );
  expect(rows).toEqual([
    { t: "a", def: "FOREIGN KEY (b_id) REFERENCES a(id)" },
    { t: "a", def: "FOREIGN KEY (b_id) REFERENCES b(id) ON DELETE CASCADE" },
    { t: "b", def: "FOREIGN KEY (a_id) REFERENCES a(id) DEFERRABLE INITIALLY DEFERRED" },
  ]);
});

test("what is missing is an error that names file and line; nothing is left behind", async () => {
  await expect(
    apply({ "a.sql": "create table a ();", "b.sql": "\ncreate view v as select * from nowhere" }),
  ).rejects.toMatchObject({
    code: "SCHEMA_202",
    message: expect.stringMatching(/b\.sql:2.*nowhere.*no file defines it/),
    context: { file: "b.sql", line: 2 },
  });
});

test("a true circle names both files", async () => {
  const circle = { "a.sql": "create view a as select * from b", "b.sql": "create view b as select * from a" };
  await expect(apply(circle)).rejects.toMatchObject({
    code: "SCHEMA_202",
    message: expect.stringMatching(/a\.sql:1.*b\.sql:1/),
  });
});

test("any other error is told at once, with its place", async () => {
  await expect(apply({ "a.sql": "create table a (i int);\ncreate table a (i int);" })).rejects.toMatchObject({
    code: "SCHEMA_001",
    exit: 4,
    context: { file: "a.sql", line: 2, details: { sqlstate: "42P07" } },
  });
});

test("what cannot run in a transaction runs after the rest", async () => {
  const { rows } = await apply(
    { "a.sql": "create index concurrently a_i on a (i);", "b.sql": "create table a (i int);" },
    sql`select indisvalid from pg_index where indexrelid = 'a_i'::regclass`,
  );
  expect(rows).toEqual([{ indisvalid: true }]);
});

test.each([
  ["creat table x ()", "SCHEMA_200"],
  ["select 1; commit", "SCHEMA_001"],
  ["\\i x.sql", "SCHEMA_207"],
  ["select 'open", "SCHEMA_206"],
])("%s is %s", async (text, code) => {
  await expect(parseSources([{ file: "x.sql", text }])).rejects.toMatchObject({
    code,
    exit: 4,
    context: { file: "x.sql", line: 1 },
  });
});
