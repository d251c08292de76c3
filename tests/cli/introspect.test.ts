import { expect, test } from "vitest";
import { parse } from "yaml";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { testDatabase } from "../support/database.ts";
import { cli, testProject } from "../support/project.ts";

const LIVE = `
  create schema app;
  create table app.tb_team (pk_team int generated always as identity primary key, id uuid not null unique, label text);
  create table public.tb_user (
    pk_user bigserial primary key, id uuid not null unique, name varchar(20) not null unique,
    fk_team int references app.tb_team, manager bigint references tb_user);
  create table pair (a int, b int, primary key (b, a));
  create table child (x int, y int, foreign key (y, x) references pair (b, a));
  create table parts (day date) partition by range (day);
  create table app.tb_late (fk_user bigint references public.tb_user (pk_user));
  create view people as select name from tb_user;
`;

async function bench() {
  const database = await testDatabase();
  const project = testProject();
  const environment = { CONFITURE_DATABASE_URL: database.url };
  await using db = await Connection.open(database.url);
  await db.run(sql.raw(LIVE));
  return {
    project,
    database,
    run: (words: string, env: Record<string, string> = environment) =>
      cli(project.dir, `introspect ${words}`, env),
    async [Symbol.asyncDispose]() {
      project[Symbol.dispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

interface Told {
  readonly tables: { readonly schema: string; readonly name: string; readonly hints: unknown }[];
  readonly objects: Record<string, object[]>;
}

test("tables with columns and foreign keys across schemas, and every object", async () => {
  await using b = await bench();
  const { exit, json } = await b.run("--format json --prefix tb_");
  expect(exit).toBe(0);
  const team = {
    constraint: "tb_user_fk_team_fkey",
    from_schema: "public",
    from_table: "tb_user",
    to_schema: "app",
    to_table: "tb_team",
    via_column: "fk_team",
    on_column: "pk_team",
  };
  const manager = {
    ...team,
    constraint: "tb_user_manager_fkey",
    to_schema: "public",
    to_table: "tb_user",
    via_column: "manager",
    on_column: "pk_user",
  };
  expect(json).toMatchObject({ database: b.database.name, schema: "public", schemas: ["public"], hints: [] });
  expect(json["introspected_at"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(json["tables"]).toEqual([
    {
      schema: "public",
      name: "tb_user",
      columns: [
        { name: "pk_user", pg_type: "bigint", nullable: false, is_primary_key: true },
        { name: "id", pg_type: "uuid", nullable: false, is_primary_key: false },
        { name: "name", pg_type: "character varying(20)", nullable: false, is_primary_key: false },
        { name: "fk_team", pg_type: "integer", nullable: true, is_primary_key: false },
        { name: "manager", pg_type: "bigint", nullable: true, is_primary_key: false },
      ],
      outbound_fks: [team, manager],
      inbound_fks: [
        {
          ...manager,
          constraint: "tb_late_fk_user_fkey",
          from_schema: "app",
          from_table: "tb_late",
          via_column: "fk_user",
        },
        manager,
      ],
      hints: { surrogate_pk: "pk_user", natural_id: "id" },
    },
  ]);
  const { objects } = json as unknown as Told;
  expect(objects["view"]).toMatchObject([{ schema: "public", name: "people" }]);
  expect(objects["table"]).toHaveLength(6);
});

test("which tables are told: one schema, several, all; the tool's own never", async () => {
  await using b = await bench();
  b.project.write("db/migrations/1_a.up.sql", "create table from_migration ()");
  await cli(b.project.dir, "migrate up", { CONFITURE_DATABASE_URL: b.database.url });
  const told = async (words: string) => {
    const { json } = await b.run(`${words} --format json`, {});
    return (json as unknown as Told).tables.map(({ schema, name }) => `${schema}.${name}`);
  };
  const at = `--db ${b.database.url}`;
  const own = ["public.child", "public.from_migration", "public.pair", "public.parts", "public.tb_user"];
  expect(await told(at)).toEqual(own);
  expect(await told(`${at} --all-tables`)).toEqual(own);
  expect(await told(`${at} --schema app`)).toEqual(["app.tb_late", "app.tb_team"]);
  expect(await told(`${at} --schema app --schema public --prefix tb_`)).toEqual([
    "app.tb_late",
    "app.tb_team",
    "public.tb_user",
  ]);
  expect(await told(`${at} --all-schemas`)).toEqual(["app.tb_late", "app.tb_team", ...own]);
});

test("columns of a key of several pair up; hints can be left out", async () => {
  await using b = await bench();
  const tables = async (words: string) =>
    ((await b.run(`${words} --format json`)).json as unknown as Told).tables;
  const [child, pair] = await tables("");
  expect(child).toMatchObject({
    hints: null,
    outbound_fks: [
      { via_column: "y", on_column: "b" },
      { via_column: "x", on_column: "a" },
    ],
  });
  expect(pair).toMatchObject({
    hints: null,
    columns: [{ is_primary_key: true }, { is_primary_key: true }],
    inbound_fks: [{ via_column: "y" }, { via_column: "x" }],
  });
  expect((await tables("--no-hints")).filter(({ hints }) => hints !== null)).toEqual([]);
});

test("as text and as YAML, also into a file", async () => {
  await using b = await bench();
  const text = await b.run("--prefix tb_");
  expect(text.out.split("\n").slice(0, 5)).toEqual([
    "public.tb_user",
    "  pk_user  bigint not null, primary key",
    "  id       uuid not null, natural id",
    "  name     character varying(20) not null",
    "  fk_team  integer -> app.tb_team.pk_team",
  ]);
  const [json, yaml] = [await b.run("--format json"), await b.run("--format yaml")];
  const { introspected_at: _a, ...fromJson } = json.json;
  const { introspected_at: _b, ...fromYaml } = parse(yaml.out) as Record<string, unknown>;
  expect(fromYaml).toEqual(fromJson);
  const file = await b.run("--format yaml --output out.yaml");
  expect(file).toMatchObject({ exit: 0, out: "" });
  expect((await b.run("--prefix nothing_")).err).toContain(
    "hint: There is no table whose name begins with nothing_",
  );
  expect((await cli(b.project.dir, "diff empty empty --format yaml")).exit).toBe(5);
});

test("a database that may only be read is enough, and nothing is left in it", async () => {
  await using b = await bench();
  await using db = await Connection.open(b.database.url);
  const name = sql.raw(b.database.name);
  await db.run(sql`alter database ${name} set default_transaction_read_only = on`);
  expect((await b.run("")).exit).toBe(0);
});
