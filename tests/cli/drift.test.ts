import { expect, inject, test } from "vitest";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { testDatabase } from "../support/database.ts";
import { cli, migrationFiles, testProject } from "../support/project.ts";

const TABLES = `
  create table users (id int primary key, email varchar(20) not null, born date default now());
  create index on users (born);
`;

const FILES = {
  ...migrationFiles({ "1_users": TABLES }),
  "db/schema/10_tables.sql": TABLES,
  "db/schema/20_code.sql": `
    create function greet(who text) returns text language sql as $$ select 'hello ' || who $$;
    create view people as select id, greet(email) as greeting from users;
  `,
};

async function bench(live = Object.values(FILES).slice(1).join("\n")) {
  const database = await testDatabase();
  const project = testProject(FILES);
  const ask = async (text: string) => {
    await using db = await Connection.open(database.url);
    return await db.rows(sql.raw(text));
  };
  if (live !== "") await ask(live);
  const environment = { CONFITURE_DATABASE_URL: database.url, CONFITURE_SCRATCH_URL: inject("serverUrl") };
  return {
    project,
    database,
    ask,
    run: (words: string) => cli(project.dir, `drift ${words}`, environment),
    async [Symbol.asyncDispose]() {
      project[Symbol.dispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** `severity type object` of each item. */
const items = (json: Record<string, unknown>): string[] =>
  (json["drift_items"] as Record<string, string>[]).map(
    ({ severity, type, object }) => `${severity} ${type} ${object}`,
  );

test("a database that is what the files say has none, though applied by up and read-only", async () => {
  await using b = await bench("");
  const target = { CONFITURE_DATABASE_URL: b.database.url };
  expect((await cli(b.project.dir, "migrate up", target)).exit).toBe(0);
  await b.ask(`alter database ${b.database.name} set default_transaction_read_only = on`);
  const same = await b.run("--against migrations --format json");
  expect(same).toMatchObject({
    exit: 0,
    json: {
      ok: true,
      database_name: b.database.name,
      expected_schema_source: "migrations",
      has_drift: false,
      has_critical_drift: false,
      critical_count: 0,
      ignored_count: 0,
      tables_checked: 1,
      columns_checked: 3,
      indexes_checked: 1,
      drift_items: [],
      changes: [],
      hints: [],
    },
  });
  const text = await b.run("--against migrations");
  expect(text.out).toMatch(/^No drift between t_\w+ and migrations \(\d+ object\(s\) compared\)\n$/);
});

test("every sort of difference has its type, severity and file", async () => {
  await using b = await bench();
  await b.ask(`
    drop view people;
    alter table users alter email type varchar(30), alter email drop not null, alter born set default 'today',
      add phone text;
    create or replace function greet(who text) returns text language sql as $$ select 'hi ' || who $$;
    create table extra (a int);
    drop index users_born_idx;
  `);
  const { exit, json } = await b.run("--format json");
  expect(exit).toBe(1);
  expect(items(json)).toEqual([
    "warning extra_table public.extra",
    "warning type_mismatch public.users.email",
    "warning extra_column public.users.phone",
    "warning default_mismatch public.users.born",
    "warning nullable_mismatch public.users.email",
    "critical missing_index public.users_born_idx",
    "critical missing_view public.people",
    "warning body_mismatch public.greet(text)",
  ]);
  expect(json).toMatchObject({
    critical_count: 2,
    warning_count: 6,
    info_count: 0,
    has_critical_drift: true,
  });
  const byType = (type: string) =>
    (json["drift_items"] as Record<string, unknown>[]).find((item) => item["type"] === type);
  expect(byType("type_mismatch")).toEqual({
    type: "type_mismatch",
    severity: "warning",
    kind: "column",
    object: "public.users.email",
    part_of: "table public.users",
    attribute: "type",
    expected: "character varying(20)",
    actual: "character varying(30)",
    message: "column public.users.email: type character varying(20) -> character varying(30)",
    file: "db/schema/10_tables.sql",
  });
  expect(byType("missing_view")).toMatchObject({
    expected: "view public.people",
    actual: null,
    message: "view public.people is missing from the database",
    file: "db/schema/20_code.sql",
  });
  expect(byType("extra_table")).toMatchObject({ expected: null, actual: "table public.extra", file: null });
  expect(byType("extra_column")).toMatchObject({ file: "db/schema/10_tables.sql" });
  expect(byType("body_mismatch")).toMatchObject({ file: "db/schema/20_code.sql" });
});

test("what is granted and who owns: missing and wrong are critical, extra is a warning", async () => {
  await using b = await bench("");
  const roles = ["owner", "reader", "other"].map((name) => `${b.database.name}_${name}`);
  const [owner, reader, other] = roles;
  // They stay on the run's server: the template of the build refers to them.
  for (const role of roles) await b.ask(`create role ${role}`);
  const table = "create table papers (id int);";
  b.project.write(
    "papers.sql",
    `${table} alter table papers owner to ${owner}; grant select on papers to ${reader};`,
  );
  await b.ask(`${table} alter table papers owner to ${other}; grant insert on papers to ${reader};`);
  const { json } = await b.run("--schema papers.sql --format json");
  expect(items(json)).toEqual([
    "critical wrong_owner of table public.papers",
    `warning extra_grant insert on table public.papers to ${reader}`,
    `critical missing_grant select on table public.papers to ${reader}`,
  ]);
});

test("what is ignored is counted, by the config file and by --ignore, with all that comes along", async () => {
  await using b = await bench();
  await b.ask("create table extra (a int primary key); create table other (); create index on users (email)");
  const config = `database_url: ${b.database.url}\ndrift:\n  ignore: ["index public.users_*"]\n`;
  b.project.write("db/environments/local.yaml", config);
  const run = async (words: string) =>
    await cli(b.project.dir, `drift ${words}`, { CONFITURE_SCRATCH_URL: inject("serverUrl") });
  const { json } = await run("--ignore table?public.ex* --format json");
  expect(items(json)).toEqual(["warning extra_table public.other"]);
  expect(json).toMatchObject({ ignored_count: 2, warning_count: 1, tables_checked: 3 });
  expect(json["changes"]).toMatchObject([{ object: "public.other" }, { within: "table public.other" }]);
  const all = await run("--ignore table*");
  expect(all.out).toMatch(/^3 difference\(s\) ignored\nNo other drift between /);
});

test("--warn-only, --fail-on-warning and the text", async () => {
  await using b = await bench();
  await b.ask("drop view people; create table extra ()");
  const plain = await b.run("");
  expect(plain.exit).toBe(1);
  expect(plain.out.split("\n").slice(0, 4)).toEqual([
    "table public.extra",
    "  warning   extra_table  table public.extra is only in the database",
    "view public.people",
    "  critical  missing_view  view public.people is missing from the database (db/schema/20_code.sql)",
  ]);
  expect(plain.out).toContain("and db/schema (");
  expect(plain.out).toMatch(/: 1 critical, 1 warning, 0 info\n$/);
  const warned = await b.run("--warn-only --format json");
  expect(warned).toMatchObject({ exit: 0, json: { ok: true, critical_count: 0, warning_count: 2 } });
  const strict = await b.run("--fail-on-warning --ignore view* --format json");
  expect(strict).toMatchObject({ exit: 1, json: { ok: false, critical_count: 0, warning_count: 1 } });
});

test("an empty side is told, as it may be the wrong one", async () => {
  await using b = await bench("");
  b.project.write("nothing.sql", "create type mood as enum ('ok');");
  const { err } = await b.run("--schema nothing.sql");
  expect(err).toContain("hint: The source makes no table");
  expect(err).toContain(`hint: The database ${b.database.name} has no table`);
});
