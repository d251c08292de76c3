import { expect, test } from "vitest";
import { newerThings } from "../../../src/sql/least-major.ts";
import type { Node } from "../../../src/sql/node.ts";
import { parseScript } from "../../../src/sql/parse-script.ts";

test.each([
  ["alter table p detach partition q concurrently", "14 DETACH PARTITION CONCURRENTLY"],
  ["alter table p detach partition q finalize", "14 DETACH PARTITION FINALIZE"],
  ["alter table p detach partition q", ""],
  ["alter table t alter column a set compression lz4", "14 SET COMPRESSION"],
  ["create table t (a text compression lz4)", "14 COMPRESSION"],
  ["create or replace trigger r after insert on t execute function f()", "14 CREATE OR REPLACE TRIGGER"],
  ["create trigger r after insert on t execute function f()", ""],
  ["create function f() returns int begin atomic select 1; end", "14 a body in SQL"],
  ["create function f() returns int language sql as 'select 1'", ""],
  ["alter table t set access method heap", "15 SET ACCESS METHOD"],
  ["create unique index i on t (a) nulls not distinct", "15 NULLS NOT DISTINCT"],
  ["create table t (a int unique nulls not distinct)", "15 NULLS NOT DISTINCT"],
  [
    "alter table t add foreign key (a, b) references u on delete set null (b)",
    "15 ON DELETE SET … for some columns",
  ],
  ["create publication p for tables in schema s", "15 TABLES IN SCHEMA"],
  ["create publication p for table t (a)", "15 columns of a publication"],
  ["create publication p for table t where (a > 1)", "15 a WHERE of a publication"],
  ["create view v with (security_invoker = true) as select 1", "15 security_invoker"],
  ["alter table t alter column a set expression as (b + 1)", "17 SET EXPRESSION"],
  ["grant maintain on t to joe", "17 the privilege MAINTAIN"],
  ["create table t (a int, b int generated always as (a + 1) virtual)", "18 virtual generated columns"],
  ["create table t (a int, b int generated always as (a + 1) stored)", ""],
  ["alter table t add check (a > 1) not enforced", "18 NOT ENFORCED"],
  ["alter table t add foreign key (a) references u not enforced", "18 NOT ENFORCED"],
  ["alter table t alter constraint c not enforced", "18 ALTER CONSTRAINT … ENFORCED"],
  ["alter table t add constraint c not null a not valid", "18 NOT NULL as a constraint of a table"],
  ["alter table t add primary key (a, b without overlaps)", "18 WITHOUT OVERLAPS"],
  ["alter table t add foreign key (a, period b) references u (a, period b)", "18 PERIOD"],
  [
    "create table t (a int not null references u check (a > 0), primary key (a), foreign key (a) references u, check (a > 1))",
    "",
  ],
])("%s: %s", async (text, expected) => {
  const { statements } = await parseScript({ text }, "DIFFER_406");
  const { kind, node } = statements[0]!;
  expect(
    newerThings(kind, node as Node)
      .map(({ major, what }) => `${major} ${what}`)
      .join(),
  ).toBe(expected);
});
