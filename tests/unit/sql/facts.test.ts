import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type ObjectName, statementFacts } from "../../../src/sql/facts.ts";
import { parseScript } from "../../../src/sql/parse-script.ts";

const print = (objects: readonly ObjectName[]) =>
  objects
    .map(({ type, schema, name }) => `${type} ${schema === undefined ? "" : `${schema}.`}${name}`)
    .join(", ");

const facts = async (text: string) =>
  statementFacts((await parseScript({ text }, "SCHEMA_200")).statements[0]!);

test.each([
  ["create table s.t (a s.d)", "relation s.t, type s.t"],
  ["create view s.v as select 1", "relation s.v, type s.v"],
  ["create materialized view m as select 1", "relation m, type m"],
  ["select 1 into t", "relation t, type t"],
  ["create foreign table s.t () server x", "relation s.t, type s.t"],
  ["create sequence s.q", "relation s.q"],
  ["create index i on s.t (a)", "relation s.i"],
  ["create index on s.t (a)", ""],
  ["create type s.c as (a int)", "type s.c, relation s.c"],
  ["create type s.e as enum ()", "type s.e"],
  ["create domain s.d as int", "type s.d"],
  ["create aggregate s.a (int) (sfunc = f, stype = int)", "function s.a"],
  ["create function s.f() returns int return 1", "function s.f"],
  ["create trigger g after insert on s.t execute function f()", "trigger s.t.g"],
  ["create policy p on t", "policy t.p"],
  ["create schema s create table t ()", "schema s, relation s.t, type s.t"],
  ["create schema authorization r", "schema r"],
  ["create extension e schema s", "extension e"],
  ["create role r", "role r"],
  ["alter table s.a rename to b", "relation s.b"],
  ["alter table s.a rename column x to y", ""],
  ["alter function f(int) set schema s", "function s.f"],
  ["alter table s.t add a int", ""],
])("%s defines %s", async (text, defines) => {
  expect(print((await facts(text)).defines)).toBe(defines);
});

test.each([
  ["drop table s.t, u", "relation s.t, relation u", "schema s"],
  ["drop function s.f(s.t), g", "function s.f, function g", "type s.t, schema s"],
  ["drop trigger g on s.t", "trigger s.t.g", "relation s.t, schema s"],
  ["drop operator class s.c using btree", "operator class s.c", "schema s"],
  ["drop role a, b", "role a, role b", ""],
  ["drop schema s", "schema s", ""],
])("%s drops %s", async (text, drops, uses) => {
  const found = await facts(text);
  expect([print(found.drops), print(found.uses)]).toEqual([drops, uses]);
});

test.each([
  [
    "create table t (a s.e, b int references s.p) inherits (q)",
    "type s.e, relation s.p, relation q, schema s",
  ],
  ["create table t partition of s.p default", "relation s.p, schema s"],
  ["create table t (like a)", "relation a"],
  [
    "create table t (a int default nextval('s.\"Q\"'::regclass))",
    "function nextval, relation s.Q, type regclass, schema s",
  ],
  [
    "create view v as with a as (select * from b), c as (select * from a) select * from a, c, s.a",
    "relation b, relation s.a, schema s",
  ],
  ["create view v as with a as (select * from a) select * from a", "relation a"],
  ["create view v as with recursive a as (select * from a union select * from b) select 1", "relation b"],
  [
    "create function f(a s.t) returns setof u.c%type language sql as 'select g(x) from s.x'",
    "type s.t, relation u, language sql, function g, relation s.x, schema s",
  ],
  [
    "create function f() returns int begin atomic insert into t values (1); select g(); end",
    "relation t, function g",
  ],
  ["create function f() returns int language c as 'lib', 'select 1'", "language c"],
  ["create trigger g after insert on s.t execute function s.f()", "function s.f, relation s.t, schema s"],
  ["create policy p on t to r, public using (f(a))", "relation t, role r, function f"],
  ["create type s.r as range (subtype = a, subtype_diff = b)", "type a, function b, schema s"],
  ["create sequence q owned by s.t.c", "relation s.t, schema s"],
  [
    "create index i on t using gin (a s.o) where f(b)",
    "relation t, operator class s.o, function f, schema s",
  ],
  ["create cast (a as b) with function f(a)", "type a, type b, function f"],
  ["create foreign table t () server x", "server x"],
  ["create publication p for table t, tables in schema s", "relation t, schema s"],
  ["comment on column s.t.c is ''", "relation s.t, schema s"],
  ["comment on operator s.+ (int, int) is ''", "operator s.+, schema s"],
  ["grant select on t to r", "relation t, role r"],
  ["grant usage on schema s to r", "schema s, role r"],
  ["grant all on all tables in schema s to current_user", "schema s"],
  ["grant a to b", "role a, role b"],
  ["alter default privileges for role a in schema s grant select on tables to b", "role a, schema s, role b"],
  ["alter type s.e add value 'x'", "type s.e, schema s"],
  ["alter schema s owner to r", "schema s, role r"],
  ["alter table t attach partition p default", "relation t, relation p"],
  ["set role r", "role r"],
  ["select a operator(s.=) b, 'x' collate s.c, pg_catalog.now()", "operator s.=, collation s.c, schema s"],
])("%s uses %s", async (text, uses) => {
  expect(print((await facts(text)).uses)).toBe(uses);
});

test.each([
  ["do $$ begin perform f(); end $$", true],
  ["create function f() returns trigger language plpgsql as ''", true],
  ["create function f() returns int language sql as 'select from where'", true],
  ["create function f() returns int language sql as 'select 1'", false],
  ["create function f() returns int return 1", false],
  ["select 1", false],
])("%s is opaque: %s", async (text, opaque) => {
  expect((await facts(text)).opaque).toBe(opaque);
});

test("every statement kind of the parser is known, and no other", async () => {
  const types = readFileSync("node_modules/@pgsql/types/types.d.ts", "utf8");
  const internal = ["PLAssignStmt", "RawStmt", "ReplicaIdentityStmt", "ReturnStmt", "SetOperationStmt"];
  const kinds = new Set(types.match(/\b[A-Z]\w*Stmt\b/g));
  const known = [...kinds].filter((kind) => statementFacts({ ...script, kind, node: {} }).known);
  expect([...kinds].filter((kind) => !known.includes(kind)).toSorted()).toEqual(internal);
  expect(statementFacts({ ...script, kind: "FutureStmt", node: {} }).known).toBe(false);
});

const script = { text: "", start: 0, position: { line: 1, column: 1 } };
