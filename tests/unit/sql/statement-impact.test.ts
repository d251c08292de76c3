import { expect, test } from "vitest";
import { greatest, type Impact } from "../../../src/sql/impact.ts";
import { parseScript } from "../../../src/sql/parse-script.ts";
import { statementImpacts } from "../../../src/sql/statement-impact.ts";

const impactsOf = async (text: string) =>
  statementImpacts((await parseScript({ text }, "SCHEMA_200")).statements[0]!);

const print = ({ operation, replica, tier, work }: Impact) =>
  `${operation}: ${replica}, ${tier ?? "-"}, ${work ?? "-"}`;

test.each([
  ["create table t (id int)", "CREATE TABLE: SAFE, additive, catalog"],
  ["alter table t add a int", "ADD COLUMN: SAFE, additive, catalog"],
  ["alter table t add a text[] null", "ADD COLUMN: SAFE, additive, catalog"],
  ["alter table t add a int default 1", "ADD COLUMN: ADD_COLUMN, additive, catalog"],
  ["alter table t add a date default now()", "ADD COLUMN: ADD_COLUMN, additive, catalog"],
  ["alter table t add a int not null", "ADD COLUMN: ADD_COLUMN, additive, catalog"],
  ["alter table t add a float8 default random()", "ADD COLUMN: ADD_COLUMN, lock_risky, rewrite"],
  ["alter table t add a int default our_number()", "ADD COLUMN: ADD_COLUMN, -, -"],
  ["alter table t add a int default s.now()", "ADD COLUMN: ADD_COLUMN, -, -"],
  ["alter table t add a bigserial", "ADD COLUMN: ADD_COLUMN, lock_risky, rewrite"],
  ["alter table t add a int check (a > 0)", "ADD COLUMN: ADD_CONSTRAINT, lock_risky, scan"],
  ["alter table t add a int references u", "ADD COLUMN: ADD_CONSTRAINT, additive, catalog"],
  ["alter table t add a int default 1 references u", "ADD COLUMN: ADD_COLUMN, lock_risky, scan"],
  ["alter table t add a our_domain", "ADD COLUMN: UNCLASSIFIED, -, -"],
  ["alter table t drop a", "DROP COLUMN: DROP_COLUMN, irreversible, catalog"],
  ["alter table t rename a to b", "RENAME COLUMN: RENAME_COLUMN, reversible, catalog"],
  ["alter table t alter a type bigint", "ALTER COLUMN TYPE: CHANGE_TYPE, -, -"],
  ["alter table t alter a set not null", "SET NOT NULL: SET_NOT_NULL, lock_risky, scan"],
  ["alter table t alter a set default 1", "SET DEFAULT: SAFE, reversible, catalog"],
  ["alter table t alter a drop default", "DROP DEFAULT: UNCLASSIFIED, reversible, catalog"],
  ["alter table t add check (a > 0)", "ADD CHECK: ADD_CONSTRAINT, lock_risky, scan"],
  ["alter table t add check (a > 0) not valid", "ADD CHECK NOT VALID: SAFE, additive, catalog"],
  ["alter table t add foreign key (a) references u", "ADD FOREIGN KEY: ADD_CONSTRAINT, lock_risky, scan"],
  [
    "alter table t add foreign key (a) references u not valid",
    "ADD FOREIGN KEY NOT VALID: SAFE, additive, catalog",
  ],
  ["alter table t add unique (a)", "ADD UNIQUE: ADD_CONSTRAINT, lock_risky, scan"],
  ["alter table t add unique using index i", "ADD UNIQUE USING INDEX: SAFE, additive, catalog"],
  ["alter table t add primary key using index i", "ADD PRIMARY KEY: ADD_CONSTRAINT, lock_risky, scan"],
  ["alter table t validate constraint c", "VALIDATE CONSTRAINT: SAFE, additive, scan"],
  ["alter table t drop constraint c", "DROP CONSTRAINT: DROP_OBJECT, destructive, catalog"],
  ["alter table t set (user_catalog_table = true)", "SET (user_catalog_table): UNCLASSIFIED, -, -"],
  ["alter view v alter a set default 1", "ALTER VIEW (ColumnDefault): UNCLASSIFIED, -, -"],
  ["create index on t (a)", "CREATE INDEX: CREATE_INDEX, lock_risky, scan"],
  ["create index concurrently i on t (a)", "CREATE INDEX CONCURRENTLY: SAFE, additive, scan"],
  ["drop table t", "DROP TABLE: DROP_TABLE, irreversible, catalog"],
  ["drop view v", "DROP VIEW: DROP_OBJECT, destructive, catalog"],
  ["drop view v cascade", "DROP VIEW: DROP_OBJECT, irreversible, catalog"],
  ["drop sequence s", "DROP SEQUENCE: DROP_OBJECT, irreversible, catalog"],
  ["truncate t", "TRUNCATE: TRUNCATE, irreversible, catalog"],
  ["grant select on t to r", "GRANT: SAFE, additive, catalog"],
  ["revoke select on t from r", "REVOKE: REVOKE, destructive, catalog"],
  ["revoke a from b", "REVOKE: REVOKE, destructive, catalog"],
  [
    "alter default privileges revoke all on tables from r",
    "ALTER DEFAULT PRIVILEGES: REVOKE, destructive, catalog",
  ],
  ["alter table t rename to u", "RENAME: RENAME_OBJECT, reversible, catalog"],
  ["alter function f() rename to g", "RENAME: RENAME_OBJECT, reversible, catalog"],
  ["alter table t set schema s", "SET SCHEMA: RENAME_OBJECT, reversible, catalog"],
  ["create view v as select 1", "CREATE VIEW: SAFE, additive, catalog"],
  ["create or replace view v as select 1", "CREATE OR REPLACE VIEW: REPLACE_OBJECT, reversible, catalog"],
  ["create function f() returns int return 1", "CREATE FUNCTION: SAFE, additive, catalog"],
  [
    "create or replace procedure f() language sql as ''",
    "CREATE OR REPLACE PROCEDURE: REPLACE_OBJECT, reversible, catalog",
  ],
  ["alter type e add value 'x'", "ADD VALUE: UNCLASSIFIED, irreversible, catalog"],
  ["alter type e rename value 'x' to 'y'", "RENAME VALUE: RENAME_OBJECT, reversible, catalog"],
  ["create type e as enum ('x')", "CREATE TYPE: SAFE, additive, catalog"],
  ["comment on table t is 'x'", "COMMENT: SAFE, reversible, catalog"],
  ["insert into t values (1)", "INSERT: SAFE, additive, rows"],
  ["insert into t select a from u", "INSERT: SAFE, additive, scan"],
  ["insert into t select our_number()", "INSERT: UNCLASSIFIED, -, -"],
  ["with x as (delete from u returning *) insert into t select * from x", "INSERT: UNCLASSIFIED, -, -"],
  [
    "insert into t values (1) on conflict (a) do update set b = 1",
    "INSERT ON CONFLICT DO UPDATE: UNCLASSIFIED, irreversible, rows",
  ],
  ["update t set a = 1", "UPDATE: UNCLASSIFIED, irreversible, scan"],
  ["delete from t where our_number() = 1", "DELETE: UNCLASSIFIED, -, -"],
  ["copy t from stdin;\n1\n\\.\n", "COPY: SAFE, additive, rows"],
  ["copy t from program 'rm'", "COPY: UNCLASSIFIED, -, -"],
  ["create table x as select * from t", "CREATE TABLE AS: SAFE, additive, scan"],
  ["select * into x from our_rows()", "SELECT INTO: UNCLASSIFIED, -, -"],
  ["select 1", "SELECT: UNCLASSIFIED, -, -"],
  ["do $$ begin end $$", "DO: UNCLASSIFIED, -, -"],
  ["call p()", "CALL: UNCLASSIFIED, -, -"],
  ["create subscription s connection '' publication p", "CREATE SUBSCRIPTION: UNCLASSIFIED, -, -"],
  ["set lock_timeout = '1s'", "SET: SAFE, additive, catalog"],
  ["set session_replication_role = replica", "SET session_replication_role: UNCLASSIFIED, -, -"],
  ["savepoint a", "SAVEPOINT: SAFE, additive, catalog"],
  ["vacuum full t", "VACUUM FULL: UNCLASSIFIED, lock_risky, rewrite"],
  ["reindex (concurrently) index i", "REINDEX CONCURRENTLY: SAFE, reversible, scan"],
])("%s is %s", async (text, said) => {
  expect((await impactsOf(text)).map(print)).toEqual([said]);
});

test("one impact per action, and per element of a schema", async () => {
  expect((await impactsOf("alter table t add a int, drop b")).map((i) => i.operation)).toEqual([
    "ADD COLUMN",
    "DROP COLUMN",
  ]);
  const [, table] = await impactsOf("create schema s create table t (a int references u)");
  expect(table).toMatchObject({
    operation: "CREATE TABLE",
    locks: [[{ name: "u" }, "SHARE ROW EXCLUSIVE"]],
  });
});

test("one unknown makes the whole unknown", () => {
  const scale = ["a", "b", "c"];
  expect(greatest(scale, ["b", "a"])).toBe("b");
  expect(greatest(scale, ["b", undefined])).toBeUndefined();
});
