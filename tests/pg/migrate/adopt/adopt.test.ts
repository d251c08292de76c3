import { expect, test } from "vitest";
import { baseline, type BaselineOptions } from "../../../../src/migrate/baseline.ts";
import { up } from "../../../../src/migrate/up.ts";
import { sql } from "../../../../src/sql/tag.ts";
import { type Bench, testMigrations } from "../../../support/migrations.ts";

const THREE = { "1_a": "create table a ()", "2_b": "create table b ()", "3_c": "create table c ()" };

const FLYWAY = `create table flyway_schema_history (installed_rank int primary key, version varchar(50),
  description varchar(200), type varchar(20), script varchar(1000), checksum int, installed_by varchar(100),
  installed_on timestamp not null default now(), execution_time int, success boolean not null);`;
const GOLANG = "create table schema_migrations (version bigint primary key, dirty boolean not null);";
const GOOSE = `create table goose_db_version (id serial, version_id bigint, is_applied boolean,
  tstamp timestamp default now());`;
const KNEX = `create table knex_migrations (id serial, name varchar(255), batch int, migration_time timestamptz);
  create table knex_migrations_lock (index serial, is_locked int);`;
const LIQUIBASE = `create table databasechangelog (id varchar(255), author varchar(255), filename varchar(255),
  dateexecuted timestamp default now(), orderexecuted int, exectype varchar(10));
  create table databasechangeloglock (id int, locked boolean);`;
const PRISMA = `create table _prisma_migrations (id varchar(36), migration_name varchar(255),
  started_at timestamptz default now(), finished_at timestamptz, rolled_back_at timestamptz);`;
const SQLX = `create table _sqlx_migrations (version bigint, description text, installed_on timestamptz default now(),
  success boolean, checksum bytea, execution_time bigint);`;
const SQITCH = `create schema sqitch; create table sqitch.changes (change_id text, change text, project text,
  committed_at timestamptz default now(), planned_at timestamptz default now());`;
const ALEMBIC = "create table alembic_version (version_num varchar(32) primary key);";
const DBMATE = "create table schema_migrations (version varchar primary key);";

/** A bench whose database holds what another tool left. */
async function left(
  history: string,
  migrations: Parameters<typeof testMigrations>[0] = THREE,
): Promise<Bench> {
  const bench = await testMigrations(migrations);
  await bench.ask(sql.raw(history));
  return bench;
}

async function adopt(bench: Bench, options: BaselineOptions = { fromTool: "auto" }) {
  const { marked, source_only, warnings } = await baseline(bench.target, options);
  return { marked: marked.map((m) => m.version), source_only, warnings };
}

test("auto needs exactly one history, and names what it looked for or found", async () => {
  await using bench = await testMigrations(THREE);
  await expect(adopt(bench)).rejects.toMatchObject({
    code: "ADOPT_001",
    exit: 5,
    message: expect.stringContaining("flyway_schema_history (flyway)") as string,
  });
  await bench.ask(sql.raw(GOLANG + SQLX));
  await expect(adopt(bench)).rejects.toMatchObject({
    code: "ADOPT_001",
    context: {
      details: {
        found: [
          { tool: "golang-migrate", table: "public.schema_migrations" },
          { tool: "sqlx", table: "public._sqlx_migrations" },
        ],
      },
    },
  });
  expect(await bench.ask(sql`select to_regclass('tb_confiture') as ledger`)).toEqual([{ ledger: null }]);
});

test.each([
  ["golang-migrate", `${GOLANG} insert into schema_migrations values (1, false)`],
  ["dbmate", `${DBMATE} insert into schema_migrations values ('1')`],
  [
    "rails",
    `${DBMATE} create table ar_internal_metadata (key varchar); insert into schema_migrations values ('1')`,
  ],
])("schema_migrations of %s is known by its columns and companions", async (tool, history) => {
  await using bench = await left(history);
  expect((await adopt(bench, { fromTool: "auto", dryRun: true })).marked).toEqual(["1"]);
  expect((await adopt(bench, { fromTool: tool, dryRun: true })).marked).toEqual(["1"]);
  const others = ["dbmate", "golang-migrate", "rails"].filter((other) => other !== tool);
  for (const other of others) {
    await expect(adopt(bench, { fromTool: other })).rejects.toMatchObject({ code: "ADOPT_001" });
  }
});

test.each([
  [
    "flyway",
    `${FLYWAY} insert into flyway_schema_history values (1, '1', 'a', 'SQL', 'V1__a.sql', 1, 'x', now(), 1, false)`,
    "V1__a.sql has success = false",
  ],
  ["golang-migrate", `${GOLANG} insert into schema_migrations values (2, true)`, "version 2 is dirty"],
  [
    "knex",
    `${KNEX} insert into knex_migrations_lock (is_locked) values (1)`,
    "knex_migrations_lock is locked",
  ],
  [
    "liquibase-sql",
    `${LIQUIBASE} insert into databasechangeloglock values (1, true)`,
    "databasechangeloglock is locked",
  ],
  [
    "liquibase-sql",
    `${LIQUIBASE} insert into databasechangelog values ('1', 'a', 'f.sql', now(), 1, 'FAILED')`,
    "f.sql::1::a is FAILED",
  ],
  [
    "prisma",
    `${PRISMA} insert into _prisma_migrations values ('x', '1_a')`,
    "1_a was started and never finished",
  ],
  [
    "sqlx",
    `${SQLX} insert into _sqlx_migrations values (1, 'a', now(), false, '', 1)`,
    "version 1 has success = false",
  ],
])("%s: a history that is not clean stops everything", async (tool, history, entry) => {
  await using bench = await left(history);
  await expect(adopt(bench, { fromTool: tool })).rejects.toMatchObject({
    code: "ADOPT_002",
    exit: 5,
    message: expect.stringContaining(entry) as string,
  });
  expect(await bench.ask(sql`select to_regclass('tb_confiture') as ledger`)).toEqual([{ ledger: null }]);
});

test.each([
  [
    "flyway",
    `${FLYWAY} insert into flyway_schema_history values
    (1, '1', 'a', 'SQL', 'V1__a.sql', 1, 'x', now(), 1, true), (2, '2', 'b', 'SQL', 'V2__b.sql', 1, 'x', now(), 1, true),
    (3, '2', 'b', 'UNDO_SQL', 'U2__b.sql', 1, 'x', now(), 1, true)`,
    "2",
  ],
  [
    "goose",
    `${GOOSE} insert into goose_db_version (version_id, is_applied) values
    (0, true), (1, true), (2, true), (2, false)`,
    "2",
  ],
  [
    "prisma",
    `${PRISMA} insert into _prisma_migrations values
    ('x', '1_a', now(), now(), null), ('y', '2_b', now(), null, now())`,
    "2_b",
  ],
])("%s: what was taken back in good order is not marked, and told", async (tool, history, label) => {
  await using bench = await left(history);
  expect(await adopt(bench)).toEqual({
    marked: ["1"],
    source_only: [],
    warnings: [`${label} was taken back in ${tool}, so it is not marked`],
  });
  expect((await up(bench.target)).applied.map((m) => m.version)).toEqual(["2", "3"]);
});

test("an entry without a file is told, not marked", async () => {
  await using bench = await left(
    `${GOOSE} insert into goose_db_version (version_id, is_applied) values (1, true), (9, true)`,
  );
  expect(await adopt(bench)).toEqual({
    marked: ["1"],
    source_only: ["9"],
    warnings: ["9 is applied by goose, but has no file here"],
  });
});

test("what Flyway's baseline covers is marked, and a repeatable script is told", async () => {
  await using bench = await left(`${FLYWAY} insert into flyway_schema_history values
    (1, '2', '<< Flyway Baseline >>', 'BASELINE', '<< Flyway Baseline >>', null, 'x', '2024-01-02', 0, true),
    (2, '3', 'c', 'SQL', 'V3__c.sql', 1, 'x', '2024-01-03', 1, true),
    (3, null, 'v', 'SQL', 'R__v.sql', 1, 'x', '2024-01-03', 1, true)`);
  const { marked, warnings } = await adopt(bench);
  expect(marked).toEqual(["1", "2", "3"]);
  expect(warnings).toEqual(["R__v.sql is repeatable and is not marked; such files belong in db/repeatable"]);
  const rows = sql`select version from tb_confiture where applied_at < now() order by applied_at`;
  expect(await bench.ask(rows)).toEqual([{ version: "1" }, { version: "2" }, { version: "3" }]);
});

test("golang-migrate's one row means everything up to it, file or none", async () => {
  await using bench = await left(`${GOLANG} insert into schema_migrations values (7, false)`);
  expect(await adopt(bench)).toMatchObject({ marked: ["1", "2", "3"], source_only: ["7"] });
  await using empty = await left(GOLANG);
  expect(await adopt(empty)).toEqual({ marked: [], source_only: [], warnings: [] });
});

test("a renamed table is named, and knows its tool", async () => {
  await using bench = await left(`create schema app; ${GOOSE.replace("goose_db_version", "app.versions")}
    insert into app.versions (version_id, is_applied) values (1, true)`);
  await expect(adopt(bench, { fromTool: "goose" })).rejects.toMatchObject({ code: "ADOPT_001" });
  for (const fromTool of ["goose", "auto"]) {
    const options = { fromTool, fromToolTable: "app.versions", dryRun: true };
    expect((await adopt(bench, options)).marked).toEqual(["1"]);
  }
});

test("a sqitch registry of several projects is not one history", async () => {
  await using bench = await left(
    `${SQITCH} insert into sqitch.changes values ('1', 'a', 'x'), ('2', 'b', 'y')`,
  );
  await expect(adopt(bench)).rejects.toMatchObject({
    code: "ADOPT_001",
    context: { details: { projects: ["x", "y"] } },
  });
});

test("Alembic's head is found by its file's name; where it is not, --through decides", async () => {
  const files = { "1_aa_x": "select 1", "2_bb_y": "select 1", "3_cc_z": "select 1" };
  await using bench = await left(`${ALEMBIC} insert into alembic_version values ('bb')`, files);
  expect((await adopt(bench, { fromTool: "alembic", dryRun: true })).marked).toEqual(["1", "2"]);
  await bench.ask(sql`update alembic_version set version_num = 'dd'`);
  await expect(adopt(bench)).rejects.toMatchObject({
    code: "MIGR_100",
    actionable: expect.stringContaining("--through") as string,
  });
  await bench.ask(sql`insert into alembic_version values ('cc')`);
  await expect(adopt(bench)).rejects.toMatchObject({ code: "ADOPT_002" });
  const { marked, warnings } = await adopt(bench, { fromTool: "auto", through: "2" });
  expect(marked).toEqual(["1", "2"]);
  expect(warnings).toEqual([
    "alembic stands at cc and dd, whose place among the files is unknown: --through is believed",
  ]);
});

test.each([
  [{ fromTool: "auto", fromDb: "postgresql://x" }, "exclude each other"],
  [{ fromToolTable: "t", through: "1" }, "--from-tool-table needs --from-tool"],
  [{ sourceTable: "t", through: "1" }, "--source-table needs --from-db"],
  [{ fromTool: "ansible" }, "there is no tool ansible"],
])("options that say nothing together are refused: %j", async (options, message) => {
  await using bench = await testMigrations(THREE);
  await expect(adopt(bench, options)).rejects.toMatchObject({
    code: "CONFIG_008",
    message: expect.stringContaining(message) as string,
  });
});
