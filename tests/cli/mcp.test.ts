import { execFileSync } from "node:child_process";
import { expect, inject, test } from "vitest";
import { Connection } from "../../src/pg/connection.ts";
import { identSql, sql } from "../../src/sql/tag.ts";
import { testDatabase } from "../support/database.ts";
import { type Answer, mcpSession } from "../support/mcp.ts";
import { cli, migrationFiles, testProject } from "../support/project.ts";

const FILES = {
  ...migrationFiles({
    "1_a": ["create table a (id int primary key, e text)", "drop table a"],
    "2_b": ["create table b ()", "drop table b"],
  }),
  "db/schema/1.sql": "create table a (id int primary key, e text);\ncreate table b ();\n",
};

async function place(files: Readonly<Record<string, string>> = FILES) {
  const database = await testDatabase();
  const project = testProject(files);
  const environment = { CONFITURE_DATABASE_URL: database.url, CONFITURE_SCRATCH_URL: inject("serverUrl") };
  return {
    database,
    project,
    environment,
    open: (flags = "") => mcpSession(project.dir, flags, environment),
    ask: async (text: string) => {
      await using db = await Connection.open(database.url);
      return await db.rows<Record<string, unknown>>(sql.raw(text));
    },
    async [Symbol.asyncDispose]() {
      project[Symbol.dispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

const code = ({ isError, value }: Answer) => (isError ? value["code"] : null);

test("the reading tools answer what the CLI does as JSON, and write nothing", async () => {
  await using p = await place();
  await cli(p.project.dir, "migrate up --target 1", p.environment);
  const before = await p.ask("select relname from pg_class order by 1");
  await using session = await p.open();
  const asCli = async (words: string) =>
    (await cli(p.project.dir, `${words} --format json`, p.environment)).json;
  expect((await session.call("status")).value).toEqual(await asCli("migrate status"));
  const { value: rehearsed } = await session.call("preflight");
  expect(rehearsed).toMatchObject({ ok: true, rehearsed_on: "scratch" });
  expect(Object.keys(rehearsed)).toEqual(Object.keys(await asCli("migrate preflight")));
  const { value: differing } = await session.call("diff", { from: "database", to: "schema", plan: true });
  expect(differing).toEqual(await asCli(`diff ${p.database.url} db/schema`));
  expect((await session.call("diff", { from: "migrations", to: "schema" })).value).toMatchObject({
    same: true,
    plan: null,
  });
  const { value: described } = await session.call("introspect", { name: "a" });
  expect(described).toMatchObject({ tables: [{ schema: "public", name: "a" }], schema: "public" });
  expect(Object.keys(described)).toEqual(Object.keys(await asCli("introspect")));
  expect(await p.ask("select relname from pg_class order by 1")).toEqual(before);
  expect(await session.end()).toEqual({ exit: 0, printed: "" });
});

test("the sessions of reading tools cannot write, whatever the functions do that they call", async () => {
  await using p = await place();
  await cli(p.project.dir, "migrate up", p.environment);
  await p.ask(`create table seen (at timestamptz); create schema sneaky;
    create function sneaky.to_char(timestamp, text) returns text language plpgsql as
      'begin insert into public.seen values (now()); return pg_catalog.to_char($1, $2); end';
    alter database ${p.database.name} set search_path = sneaky, pg_catalog, public`);
  await using session = await p.open("--allow-write");
  for (const [tool, input] of [
    ["status", {}],
    ["preflight", {}],
    ["plan", { direction: "up" }],
  ] as const) {
    const { isError, value } = await session.call(tool, input);
    expect({ tool, isError, value }).toMatchObject({
      tool,
      isError: true,
      value: { details: { sqlstate: "25006" } },
    });
  }
  expect(await p.ask("table public.seen")).toEqual([]);
});

test("migrate_up and migrate_down do what a plan said, each once", async () => {
  await using p = await place();
  await using session = await p.open("--allow-write");
  const { value: plan } = await session.call("plan", { direction: "up", to: "1" });
  expect(plan).toMatchObject({ direction: "up", to: "1", migrations: [{ version: "1" }] });
  expect(await p.ask("select to_regclass('tb_confiture') as found")).toEqual([{ found: null }]);
  const hash = { plan: plan["plan"] };
  expect(code(await session.call("migrate_down", hash))).toBe("MCP_002");
  expect((await session.call("migrate_up", hash)).value).toMatchObject({
    success: true,
    applied: [{ version: "1" }],
    pending: ["2"],
  });
  expect((await session.call("migrate_up", hash)).value).toMatchObject({
    code: "MCP_002",
    details: { reason: "used" },
    actionable: expect.stringContaining("`plan`"),
  });
  const all = (await session.call("plan", { direction: "up" })).value;
  expect(code(await session.call("migrate_up", { plan: all["plan"] }))).toBeNull();
  expect((await session.call("plan", { direction: "up" })).value).toMatchObject({
    plan: null,
    migrations: [],
  });
  const back = (await session.call("plan", { direction: "down", to: "1" })).value;
  expect(back).toMatchObject({ migrations: [{ version: "2" }] });
  expect((await session.call("migrate_down", { plan: back["plan"] })).value).toMatchObject({
    rolled_back: [{ version: "2" }],
  });
  expect(code(await session.call("plan", { direction: "down" }))).toBe("CONFIG_008");
  expect(await p.ask("select to_regclass('a') is not null as a, to_regclass('b') as b")).toEqual([
    { a: true, b: null },
  ]);
});

test("a plan is refused when files, the ledger or the database are others now, and nothing runs", async () => {
  await using p = await place();
  await using session = await p.open("--allow-write");
  const planned = async () => ({ plan: (await session.call("plan", { direction: "up" })).value["plan"] });
  const refused = { code: "MCP_002", details: { reason: "changed" } };
  const edited = await planned();
  p.project.write("db/migrations/2_b.up.sql", "create table b (id int)");
  expect((await session.call("migrate_up", edited)).value).toMatchObject(refused);
  const grown = await planned();
  p.project.write("db/migrations/3_c.up.sql", "create table c ()");
  expect((await session.call("migrate_up", grown)).value).toMatchObject(refused);
  const shown = await planned();
  p.project.write("db/repeatable/v.sql", "create or replace view v as select 1 as a");
  expect((await session.call("migrate_up", shown)).value).toMatchObject(refused);
  const moved = await planned();
  {
    // Another database under the name of the first.
    await using admin = await Connection.open(inject("serverUrl"));
    await admin.run(sql`drop database ${identSql(p.database.name)} with (force)`);
    await admin.run(sql`create database ${identSql(p.database.name)}`);
  }
  expect((await session.call("migrate_up", moved)).value).toMatchObject(refused);
  const overtaken = await planned();
  expect((await cli(p.project.dir, "migrate up --target 1", p.environment)).exit).toBe(0);
  expect((await session.call("migrate_up", overtaken)).value).toMatchObject(refused);
  expect(await p.ask("select version from tb_confiture")).toEqual([{ version: "1" }]);
});

test("a session killed in a call is that call's error, and the next works; so after any other error", async () => {
  await using p = await place({
    ...FILES,
    ...migrationFiles({ "3_c": ["select pg_sleep(60)", "select 1"] }),
  });
  await using session = await p.open("--allow-write");
  const plan = (await session.call("plan", { direction: "up" })).value["plan"];
  const running = session.call("migrate_up", { plan });
  const asleep = "from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
  await expect.poll(() => p.ask(`select ${asleep}`), { timeout: 20_000 }).toHaveLength(1);
  await p.ask(`select pg_terminate_backend(pid) ${asleep}`);
  expect((await running).value).toMatchObject({
    code: "CONFIG_006",
    details: { applied: expect.anything() },
  });
  expect((await session.call("status")).value).toMatchObject({ applied: ["1", "2"], pending: ["3"] });
  await p.ask("alter table tb_confiture rename to away");
  await p.ask("create table tb_confiture ()");
  expect(code(await session.call("status"))).toBe("MIGR_012");
  await p.ask("drop table tb_confiture; alter table away rename to tb_confiture");
  expect(code(await session.call("status"))).toBeNull();
  const left = "select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
  await expect.poll(() => p.ask(left)).toEqual([]);
});

test("a call that the client gives up is cancelled on the server", async () => {
  await using p = await place({
    ...FILES,
    ...migrationFiles({ "3_c": ["select pg_sleep(60)", "select 1"] }),
  });
  await using session = await p.open("--allow-write");
  const plan = (await session.call("plan", { direction: "up" })).value["plan"];
  const giveUp = new AbortController();
  const options = { signal: giveUp.signal };
  const running = session.client.callTool({ name: "migrate_up", arguments: { plan } }, undefined, options);
  const asleep = "select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
  await expect.poll(() => p.ask(asleep), { timeout: 20_000 }).toHaveLength(1);
  giveUp.abort("enough");
  await expect(running).rejects.toThrow("enough");
  await expect.poll(() => p.ask(asleep), { timeout: 20_000 }).toEqual([]);
  expect((await session.call("status")).value).toMatchObject({ applied: ["1", "2"] });
});

test("a call that is under way when the client hangs up is rolled back before the server ends", async () => {
  await using p = await place(migrationFiles({ "1_a": "create table a (); select pg_sleep(60)" }));
  await using session = await p.open("--allow-write");
  const plan = (await session.call("plan", { direction: "up" })).value["plan"];
  const running = session.call("migrate_up", { plan }).catch(() => "gone");
  const asleep = "select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
  await expect.poll(() => p.ask(asleep), { timeout: 20_000 }).toHaveLength(1);
  expect((await session.end()).exit).toBe(0);
  expect(await p.ask(asleep)).toEqual([]);
  expect(await p.ask("select to_regclass('a') as a")).toEqual([{ a: null }]);
  await session.client.close();
  expect(await running).toBe("gone");
});

test("no value of a row goes out with an error", async () => {
  await using p = await place({
    ...migrationFiles({
      "1_a": "create table a (e text); insert into a values ('ann@example.org'), ('ann@example.org')",
      "2_b": "create unique index on a (e)",
    }),
  });
  await using session = await p.open("--allow-write");
  const plan = (await session.call("plan", { direction: "up" })).value["plan"];
  const { value, isError } = await session.call("migrate_up", { plan });
  expect(isError).toBe(true);
  expect(value).toMatchObject({ code: "MIGR_001", migration: "2" });
  expect(JSON.stringify(value)).not.toContain("ann@");
  p.project.write("db/migrations/2_b.up.sql", "alter table a alter e type int using e::int");
  const again = (await session.call("plan", { direction: "up" })).value["plan"];
  const { value: other } = await session.call("migrate_up", { plan: again });
  expect(other["message"]).toContain("invalid input syntax");
  expect(JSON.stringify(other)).not.toContain("ann@");
});

test("introspect tells a schema, a table with its parts, or what is called almost so", async () => {
  await using p = await place();
  await p.ask(`create schema shop; create table shop.orders (id int primary key, note text);
    create index orders_note on shop.orders (note); comment on table shop.orders is 'sold';
    create table shop.lines (id int references shop.orders); create type shop.state as enum ('new')`);
  await using session = await p.open();
  const objects = async (name: string) =>
    Object.keys((await session.call("introspect", { name })).value["objects"] as object);
  expect(await objects("shop.orders")).toEqual(await objects("orders"));
  expect(await objects("orders")).toEqual(expect.arrayContaining(["column", "comment", "index", "table"]));
  expect(await objects("state")).toEqual(["enum", "owner"]);
  const { value } = await session.call("introspect", { name: "shop" });
  expect(value).toMatchObject({ schema: "shop", tables: [{ name: "lines" }, { name: "orders" }] });
  const wrong = await session.call("introspect", { name: "ordres" });
  expect(wrong.value).toMatchObject({ code: "CONFIG_008", actionable: "Did you mean orders?" });
  expect(code(await session.call("introspect"))).toBeNull();
});

test("an answer of introspect has a size, and says what is left out", async () => {
  await using p = await place();
  await p.ask(`do $$ begin for i in 1..400 loop
    execute format('create table many_%s (%s int, %s text)', i, 'column_' || i, repeat('c', 40)); end loop; end $$`);
  await using session = await p.open();
  const { value } = await session.call("introspect", { name: "public" });
  expect(JSON.stringify(value).length).toBeLessThan(65_000);
  expect(value).toMatchObject({ objects: {} });
  expect(String(value["hints"])).toMatch(
    /object\(s\) are left out.*table\(s\) are left out as well: public\.many_/s,
  );
});

test("diff knows a ref of git, and the working tree beside it", async () => {
  await using p = await place();
  const git = (...words: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...words], {
      cwd: p.project.dir,
    });
  git("init", "-q");
  git("add", ".");
  git("commit", "-qm", "one");
  p.project.write("db/schema/1.sql", `${FILES["db/schema/1.sql"]}create table c ();\n`);
  await using session = await mcpSession(p.project.dir, "", {
    ...p.environment,
    PATH: process.env["PATH"]!,
  });
  const { value } = await session.call("diff", { from: "git:HEAD", to: "schema" });
  expect(value).toMatchObject({ from: "git:HEAD", same: false });
  expect(value["changes"]).toContainEqual(
    expect.objectContaining({ op: "+", kind: "table", object: "public.c" }),
  );
  expect(code(await session.call("diff", { from: "git:nowhere", to: "schema" }))).toBe("DIFFER_403");
});

test("a session as it goes over the wire: tests/fixtures/mcp-session.json", async () => {
  await using p = await place();
  await using session = await p.open("--allow-write");
  await session.client.listTools();
  await session.call("status");
  const { value } = await session.call("plan", { direction: "up" });
  await session.call("migrate_up", { plan: value["plan"] });
  await session.call("migrate_up", { plan: value["plan"] });
  await session.call("explain_error", { code: "MCP_002" });
  const constant = JSON.stringify(session.messages, null, 2)
    .replaceAll(String(value["plan"]), "0123456789abcdef0123456789abcdef")
    .replaceAll(/postgres@[^/"]*\/?[^"]*?\/t_[0-9a-f]{12}/g, "app@db.internal:5432/shop")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "2026-01-01T12:00:00.000Z")
    .replaceAll(/(duration_ms\\?": ?)\d+/g, "$17")
    .replaceAll(/("serverInfo": \{\s*"name": "confiture",\s*"version": )"[^"]*"/g, '$1"0.0.0"');
  await expect(`${constant}\n`).toMatchFileSnapshot("../fixtures/mcp-session.json");
});

test("agents say what they will change, and learn who is in the way", async () => {
  await using p = await place();
  await cli(p.project.dir, "migrate up", p.environment);
  await using session = await p.open("--allow-write");
  const say = (agent: string, text: string) => ({ agent, feature: "a feature", sql: text });
  expect(code(await session.call("intents"))).toBe("COORD_1001");
  await cli(p.project.dir, "coordinate init", p.environment);
  const ada = say("ada", "alter table a drop column e");
  expect((await session.call("register", ada)).value).toMatchObject({
    intent: { agent_id: "ada", status: "registered", tables_affected: ["public.a"] },
  });
  expect((await session.call("check", say("bob", "create view v as select e from a"))).value).toMatchObject({
    conflicts_detected: 1,
    conflicts: [{ agent_b: "ada", relation: "conflict", affected_objects: ["public.a.e"] }],
  });
  expect((await session.call("check", say("bob", "alter table b add column x int"))).value).toMatchObject({
    conflicts: [],
  });
  expect(code(await session.call("check", say("bob", "changes.sql")))).toBe("SCHEMA_200");
  const { intent } = (await session.call("register", say("bob", "alter table b add column x int"))).value as {
    intent: { id: string };
  };
  expect((await session.call("claim", { intent: intent.id, exclusive: ["public.a.e"] })).value).toMatchObject(
    {
      claims: [{ mode: "exclusive" }],
    },
  );
  const [id] = (await p.ask("select id from confiture.intent where agent_id = 'ada'")).map(
    (row) => row["id"],
  );
  expect(code(await session.call("claim", { intent: id }))).toBe("COORD_1020");
  expect((await session.call("intents", { id })).value).toMatchObject({ intent: { agent_id: "ada" } });
  expect((await session.call("intents")).value).toMatchObject({
    total: 2,
    intents: [{ agent_id: "ada" }, {}],
  });
});
