import { expect, test } from "vitest";
import { cutForeignKeys } from "../../../src/sql/foreign-keys.ts";
import { parseScript } from "../../../src/sql/parse-script.ts";

const cut = async (text: string) =>
  cutForeignKeys((await parseScript({ text }, "SCHEMA_200")).statements[0]!);

test("keys of columns and tables become statements, everything else stays", async () => {
  const { withoutForeignKeys, foreignKeys } = await cut(`create table "S".t (
  a int /* x */ constraint "references" references b (c) on delete cascade -- hi
    collate "C" deferrable initially deferred not null not enforced, -- é😀
  é text references o default 'x,y' check (é in ('1', ')')),
  constraint q foreign key (a, é) references b match full on delete set null (a) not valid, -- trailing
  -- another
  foreign key (a) references z -- z
) with (fillfactor = 70)`);
  expect(withoutForeignKeys).toBe(`create table "S".t (
  a int /* x */ -- hi
    collate "C" not null not enforced, -- é😀
  é text default 'x,y' check (é in ('1', ')')) -- z
) with (fillfactor = 70)`);
  expect(foreignKeys).toEqual([
    'alter table "S".t add constraint "references" foreign key (a) references b (c) on delete cascade deferrable initially deferred',
    'alter table "S".t add foreign key ("é") references o',
    'alter table "S".t add constraint q foreign key (a, é) references b match full on delete set null (a)',
    'alter table "S".t add foreign key (a) references z',
  ]);
});

test("a comment before a key does not swallow what follows it", async () => {
  const { withoutForeignKeys } = await cut("create table t (a int -- x\n references b default 1)");
  expect((await parseScript({ text: withoutForeignKeys }, "SCHEMA_200")).statements).toHaveLength(1);
  expect(withoutForeignKeys).toBe("create table t (a int -- x\n default 1)");
});

test.each([
  [
    "create table c partition of p (foreign key (a) references b) default",
    "create table c partition of p  default",
  ],
  ["create table c of y (foreign key (a) references b)", "create table c of y "],
  ["create table c (foreign key (a) references b) inherits (p)", "create table c () inherits (p)"],
])("a list of nothing but keys: %s", async (text, rest) => {
  expect((await cut(text)).withoutForeignKeys).toBe(rest);
});

test.each([
  "create table t (a int, check (a > 0))",
  "select 1",
  "create schema s create table t (a int references b)",
])("%s comes back whole", async (text) => {
  expect(await cut(text)).toEqual({ withoutForeignKeys: text, foreignKeys: [] });
});
