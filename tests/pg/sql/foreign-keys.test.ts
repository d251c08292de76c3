import { expect, test } from "vitest";
import { Connection } from "../../../src/pg/connection.ts";
import { cutForeignKeys } from "../../../src/sql/foreign-keys.ts";
import { parseScript } from "../../../src/sql/parse-script.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testDatabase } from "../../support/database.ts";

const BEFORE = `
  create table o (a int primary key, b int, c int, unique (b, c), unique (c));
  create table "Odd name" ("Key" text collate "C" primary key);
  create table p (a int, b int) partition by list (a);
  create table p_plain (b int);
  create type y as (a int, b int);`;

const SHAPES = [
  "create table t (a int references o)",
  "create table t (a int references o, b int references o (c), check (a > b))",
  "create table t (a int constraint x references o (a) on delete cascade on update set null not null default 1)",
  "create table t (a int primary key references o deferrable initially deferred)",
  "create table t (a int references o not deferrable unique, b int)",
  `create table "T 1" ("a""b" text references "Odd name" collate "C" default ', references (o)')`,
  "create table t (a int, b int, constraint x foreign key (a, b) references o (b, c) match full on delete set null)",
  "create table t (a int, b int -- first\n, foreign key (a) references o /* ( */ not valid -- second\n)",
  "create table t (a int, b int, foreign key (a) references o, unique (b), foreign key (a) references o (c) initially deferred)",
  "create table t (a int primary key, b int references t, c int references t (a) on delete set default)",
  "create table t partition of p (a references o, foreign key (b) references o deferrable) for values in (1)",
  "create table t partition of p (foreign key (b) references o) default",
  "create table t of y (a with options primary key references o, foreign key (b) references o (c))",
  "create table t of y (foreign key (b) references o)",
  "create table t (foreign key (b) references o (c)) inherits (p_plain)",
  "create unlogged table if not exists t (a numeric(4, 2)[], b int references o references o (c)) with (fillfactor = 50)",
];

/** What the catalogs know of the tables, their columns and constraints, names included. */
const CATALOG = sql`
  select conrelid::regclass::text as of, conname as name, pg_get_constraintdef(oid) as definition,
         concat_ws(' ', convalidated, condeferrable, condeferred, confdeltype, confupdtype, confmatchtype) as facts
  from pg_constraint where conrelid <> 0 and connamespace = 'public'::regnamespace
  union all
  select attrelid::regclass::text, attname, format_type(atttypid, atttypmod),
         concat_ws(' ', attnum, attnotnull, atthasdef, attislocal, attcollation, relkind, relpersistence, reloptions)
  from pg_attribute join pg_class c on c.oid = attrelid
  where attnum > 0 and relnamespace = 'public'::regnamespace
  order by 1, 2, 3`;

/** The catalogs after running statements, which are rolled back. */
async function catalogAfter(db: Connection, statements: readonly string[]): Promise<object[]> {
  await db.run(sql`begin`);
  await db.run(sql.raw(BEFORE));
  for (const statement of statements) await db.run(sql.raw(statement));
  const rows = await db.rows(CATALOG);
  await db.run(sql`rollback`);
  return rows;
}

test.each(SHAPES)("cut or whole, the catalogs are the same: %s", async (text) => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  const [statement] = (await parseScript({ text }, "SCHEMA_200")).statements;
  const { withoutForeignKeys, foreignKeys } = await cutForeignKeys(statement!);
  expect(foreignKeys).not.toEqual([]);
  expect(await catalogAfter(db, [withoutForeignKeys])).not.toEqual(await catalogAfter(db, [text]));
  expect(await catalogAfter(db, [withoutForeignKeys, ...foreignKeys])).toEqual(
    await catalogAfter(db, [text]),
  );
});
