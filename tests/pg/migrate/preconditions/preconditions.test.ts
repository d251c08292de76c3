import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type PreconditionInput,
  readPreconditions,
  requirePreconditions,
} from "../../../../src/migrate/preconditions/preconditions.ts";
import {
  preconditionsOf,
  type PreconditionProblem,
} from "../../../../src/migrate/preconditions/precondition-values.ts";
import { Connection } from "../../../../src/pg/connection.ts";
import { sql } from "../../../../src/sql/tag.ts";
import { type TestDatabase, testDatabase } from "../../../support/database.ts";
import { testProject } from "../../../support/project.ts";

const SCHEMA = sql.raw(`
  create schema app;
  create schema "Odd schema";
  create domain app.code as varchar(10);
  create domain app.positive as int not null check (value > 0);
  create table users (
    id int primary key, email varchar(50), balance numeric(10,2), seen timestamptz(3), tags text[], p app.positive default 1, code app.code,
    constraint email_given check (email <> ''));
  create table app.orders (a int, b int, user_id int references users (id), primary key (a, b));
  create table app.lines (x int, y int, foreign key (x, y) references app.orders (a, b));
  create table "Odd schema"."Odd ""table""" ("Odd column" int, dropped int);
  alter table "Odd schema"."Odd ""table""" drop column dropped;
  create table parted (at date) partition by range (at);
  create table parted_2026 partition of parted for values from ('2026-01-01') to ('2027-01-01');
  create index parted_at on parted (at);
  create view seen_users as select id from users;
  insert into users (id) values (1), (2), (3);
  insert into parted values ('2026-05-05');`);

let database: TestDatabase;
let db: Connection;

beforeAll(async () => {
  database = await testDatabase();
  db = await Connection.open(database.url);
  await db.run(SCHEMA);
});

afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

async function ask(...inputs: readonly PreconditionInput[]): Promise<unknown> {
  const problems: PreconditionProblem[] = [];
  const read = await preconditionsOf(inputs, ["upPreconditions"], problems);
  expect(problems).toEqual([]);
  return requirePreconditions(db, read, { migration: "003", file: "db/migrations/003_x.ts" }).then(
    () => "met",
    (error: unknown) => error,
  );
}

const odd = { schema: "Odd schema", table: 'Odd "table"' };

test.each<PreconditionInput>([
  { type: "TableExists", table: "users" },
  { type: "TableExists", table: "parted" },
  { type: "TableExists", ...odd },
  { type: "TableNotExists", table: "Users" },
  { type: "TableNotExists", table: "users", schema: "app" },
  { type: "TableNotExists", table: "users", schema: "nowhere" },
  { type: "TableIsEmpty", table: "orders", schema: "app" },
  { type: "ColumnExists", ...odd, column: "Odd column" },
  { type: "ColumnExists", table: "seen_users", column: "id" },
  { type: "ColumnNotExists", ...odd, column: "dropped" },
  { type: "ColumnNotExists", table: "users", column: "ctid" },
  { type: "ColumnType", table: "users", column: "id", expected_type: "int" },
  { type: "ColumnType", table: "users", column: "id", expected_type: "INT4" },
  { type: "ColumnType", table: "users", column: "email", expected_type: "varchar" },
  { type: "ColumnType", table: "users", column: "email", expected_type: "character varying(50)" },
  { type: "ColumnType", table: "users", column: "balance", expected_type: "decimal(10, 2)" },
  { type: "ColumnType", table: "users", column: "seen", expected_type: "timestamptz(3)" },
  { type: "ColumnType", table: "users", column: "tags", expected_type: "text[]" },
  { type: "ColumnType", table: "users", column: "p", expected_type: "app.positive" },
  { type: "ColumnType", table: "users", column: "code", expected_type: "app.code" },
  { type: "ConstraintExists", table: "users", constraint: "email_given" },
  { type: "ConstraintNotExists", table: "users", constraint: "Email_given" },
  foreignKey("app.orders.user_id", "public.users.id"),
  foreignKey("app.lines.y", "app.orders.b"),
  { type: "IndexExists", table: "parted", index: "parted_at" },
  { type: "IndexNotExists", table: "users", index: "parted_at" },
  { type: "SchemaExists", schema: "Odd schema" },
  { type: "SchemaNotExists", schema: "odd schema" },
  { type: "RowCountEquals", table: "users", expected_count: 3 },
  { type: "RowCountGreaterThan", table: "users", min_count: 2 },
  { type: "CustomSQL", sql: "select count(*) = 3 from users" },
  { type: "CustomSQL", sql: "select exists (select), exists (select where false)" },
  { type: "CustomSQL", sql: "values (0 + $1::int, $2::text);", params: [7, "x"] },
  { type: "CustomSQL", sql: "select $1::int = any($2)", params: [7, [6, 7]] },
  { type: "CustomSQL", sql: "select 'any text'" },
])("met: %j", async (precondition) => {
  expect(await ask(precondition)).toBe("met");
});

function foreignKey(from: string, to: string): PreconditionInput {
  const [schema, table, column] = from.split(".") as [string, string, string];
  const [references_schema, references_table, references_column] = to.split(".") as [string, string, string];
  const other = { references_schema, references_table, references_column };
  return { type: "ForeignKeyExists", schema, table, column, ...other };
}

test.each<[message: string, precondition: PreconditionInput]>([
  ["table public.nope does not exist", { type: "TableExists", table: "nope" }],
  ["table public.seen_users does not exist", { type: "TableExists", table: "seen_users" }],
  ['table public."Users" does not exist', { type: "TableExists", table: "Users" }],
  ["table public.parted exists", { type: "TableNotExists", table: "parted" }],
  ["table public.parted has rows", { type: "TableIsEmpty", table: "parted" }],
  [
    'TableIsEmpty cannot be judged: relation "public.nope" does not exist',
    { type: "TableIsEmpty", table: "nope" },
  ],
  ['column public.users."Id" does not exist', { type: "ColumnExists", table: "users", column: "Id" }],
  ["column public.users.id exists", { type: "ColumnNotExists", table: "users", column: "id" }],
  ["table public.usr does not exist", { type: "ColumnNotExists", table: "usr", column: "id" }],
  [
    "column public.users.id is of type integer, not bigint",
    { type: "ColumnType", table: "users", column: "id", expected_type: "bigint" },
  ],
  [
    "column public.users.email is of type character varying(50), not varchar(60)",
    { type: "ColumnType", table: "users", column: "email", expected_type: "varchar(60)" },
  ],
  [
    "column public.users.code is of type app.code, not varchar(10)",
    { type: "ColumnType", table: "users", column: "code", expected_type: "varchar(10)" },
  ],
  [
    "column public.users.nope does not exist",
    { type: "ColumnType", table: "users", column: "nope", expected_type: "int" },
  ],
  ["there is no type serial", { type: "ColumnType", table: "users", column: "id", expected_type: "serial" }],
  [
    "constraint nope of public.users does not exist",
    { type: "ConstraintExists", table: "users", constraint: "nope" },
  ],
  [
    "constraint email_given of public.users exists",
    { type: "ConstraintNotExists", table: "users", constraint: "email_given" },
  ],
  [
    "a foreign key from app.lines.x to app.orders.b does not exist",
    foreignKey("app.lines.x", "app.orders.b"),
  ],
  [
    "index parted_at on public.users does not exist",
    { type: "IndexExists", table: "users", index: "parted_at" },
  ],
  [
    "index parted_at on public.parted exists",
    { type: "IndexNotExists", table: "parted", index: "parted_at" },
  ],
  ["schema nope does not exist", { type: "SchemaExists", schema: "nope" }],
  ["schema app exists", { type: "SchemaNotExists", schema: "app" }],
  [
    "table public.users has more than 2 rows, not 2",
    { type: "RowCountEquals", table: "users", expected_count: 2 },
  ],
  ["table public.users has 3 rows, not 4", { type: "RowCountEquals", table: "users", expected_count: 4 }],
  [
    "table public.users has 3 rows, not more than 3",
    { type: "RowCountGreaterThan", table: "users", min_count: 3 },
  ],
  [
    "nobody is left: the query gives false",
    { type: "CustomSQL", sql: "select false", description: "nobody is left" },
  ],
  ["the query gives null", { type: "CustomSQL", sql: "select null" }],
  ['the query gives "0.00"', { type: "CustomSQL", sql: "select 0.00" }],
  ["the query gives no row", { type: "CustomSQL", sql: "select 1 where false" }],
  ["CustomSQL cannot be judged: division by zero", { type: "CustomSQL", sql: "select 1 / 0" }],
  [
    "CustomSQL cannot be judged: cannot execute SELECT in a read-only transaction",
    { type: "CustomSQL", sql: "with gone as (delete from users returning 1) select 1" },
  ],
])("not met: %s", async (message, precondition) => {
  expect(await ask(precondition)).toMatchObject({
    code: "PRECON_1000",
    message: `migration 003 is not run: ${message}`,
    context: {
      file: "db/migrations/003_x.ts",
      migration: "003",
      details: { failed: [{ type: precondition.type, message }] },
    },
  });
});

test("all failures are told at once, without the parameters", async () => {
  const error = await ask(
    { type: "TableExists", table: "nope" },
    { type: "SchemaExists", schema: "app" },
    { type: "CustomSQL", sql: "select $1 = 'x'", params: ["secret"] },
  );
  expect(error).toMatchObject({
    message: expect.stringContaining(
      "2 preconditions are not met: table public.nope does not exist; the query",
    ),
    context: { details: { failed: [{ table: "nope" }, { sql: "select $1 = 'x'" }] } },
  });
  expect(JSON.stringify(error)).not.toContain("secret");
});

test("an open transaction can write afterwards, whatever the answer was", async () => {
  await db.transaction(async () => {
    await ask({ type: "CustomSQL", sql: "select 1 / 0" });
    await ask({ type: "CustomSQL", sql: "with gone as (delete from users returning 1) select 1" });
    expect(await ask({ type: "RowCountEquals", table: "users", expected_count: 3 })).toBe("met");
    expect(db.transactionStatus).toBe("T");
    await db.run(sql`create table made (a int); drop table made`);
  });
});

test("a lost session is no unmet precondition", async () => {
  await using other = await Connection.open(database.url);
  await db.run(sql`select pg_terminate_backend(${other.server.pid})`);
  const asked = requirePreconditions(other, [{ type: "SchemaExists", schema: "app" }], {
    migration: "1",
    file: "f",
  });
  await expect(asked).rejects.toMatchObject({ code: "CONFIG_006" });
});

test("a sidecar gives both lists with their defaults", async () => {
  using project = testProject({
    "003_x.yaml": `
up_preconditions:
  - type: TableExists
    table: users
  - {type: CustomSQL, sql: "select $1 > 0", params: [1]}
down_preconditions:
  - {type: RowCountEquals, table: t, schema: app, expected_count: 0}
`,
    "004_empty.yml": "",
  });
  expect(await readPreconditions(project.path("003_x.yaml"))).toEqual({
    up: [
      { type: "TableExists", table: "users", schema: "public" },
      { type: "CustomSQL", sql: "select $1 > 0", params: [1] },
    ],
    down: [{ type: "RowCountEquals", table: "t", schema: "app", expected_count: 0 }],
  });
  expect(await readPreconditions(project.path("004_empty.yml"))).toEqual({ up: [], down: [] });
});

test.each([
  ["up_precondition: []", 1, "up_precondition is not a known key; there is up_preconditions"],
  ["up_preconditions: yes", 1, "up_preconditions must be a list"],
  ["up_preconditions:\n", 1, "up_preconditions must be a list"],
  ["up_preconditions:\n  - TableExists", 2, "up_preconditions[0] must be a mapping with a type"],
  ["up_preconditions:\n  - table: a", 2, "up_preconditions[0] has no type"],
  [
    "up_preconditions:\n  - table: a\n    type: TableExist",
    3,
    "up_preconditions[0]: there is no precondition TableExist; did you mean TableExists?",
  ],
  [
    "up_preconditions:\n  - type: constructor",
    2,
    "up_preconditions[0]: there is no precondition constructor",
  ],
  [
    "up_preconditions:\n  - type: TableExists\n    tabel: a",
    2,
    "line 2: up_preconditions[0].table is missing; line 3: up_preconditions[0]: TableExists has no tabel; did you mean table?",
  ],
  [
    "down_preconditions:\n  - type: RowCountEquals\n    table: a\n    expected_count: many",
    4,
    "down_preconditions[0].expected_count: Invalid input: expected number, received string",
  ],
  [
    "up_preconditions:\n  - type: CustomSQL\n    sql: select ?, 1",
    3,
    'up_preconditions[0].sql: SQL does not parse: syntax error at or near "," (parameters are written $1, $2)',
  ],
  [
    "up_preconditions:\n  - {type: CustomSQL, sql: delete from t}",
    2,
    "up_preconditions[0].sql must be one SELECT",
  ],
  ["up_preconditions:\n  - {type: CustomSQL, sql: select 1; select 2}", 2, "sql must be one SELECT"],
  ...[
    "int from t",
    "int, 1",
    "int::text",
    "int limit 5; select null::int",
    "nope(",
    "int = 1",
    'text collate \\"C\\"',
  ].map((type): [string, number, string] => [
    `up_preconditions:\n  - type: ColumnType\n    table: t\n    column: c\n    expected_type: "${type}"`,
    5,
    "is not a type",
  ]),
  ["up_preconditions: [\n", 2, ""],
])("a wrong sidecar names file and line: %j", async (text, line, message) => {
  using project = testProject({ "003_x.yaml": text });
  const file = project.path("003_x.yaml");
  await expect(readPreconditions(file)).rejects.toMatchObject({
    code: "MIGR_102",
    message: expect.stringContaining(message),
    context: { file, line },
  });
});

test("a sidecar that is not there, or not UTF-8", async () => {
  using project = testProject();
  await expect(readPreconditions(project.path("no.yaml"))).rejects.toMatchObject({ code: "CONFIG_004" });
  project.write("a.yaml", Uint8Array.of(0x61, 0xff));
  await expect(readPreconditions(project.path("a.yaml"))).rejects.toMatchObject({ code: "MIGR_102" });
});
