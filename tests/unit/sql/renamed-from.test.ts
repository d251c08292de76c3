import { expect, test } from "vitest";
import { renamedFrom } from "../../../src/sql/renamed-from.ts";

const read = async (text: string) =>
  (await renamedFrom({ text, file: "a.sql" })).map(
    ({ type, schema, names, old }) => `${type} ${[schema ?? "?", ...names].join(".")} <- ${old}`,
  );

test("a comment is about what stands below it, or before it on its line", async () => {
  expect(
    await read(`create table one (a int);
-- confiture: renamed-from "Old T"
-- another comment
create table s.t ( -- confiture: renamed-from old_t2
  -- confiture: renamed-from b
  c int,
  d text, -- confiture: renamed-from e
  constraint k check (c > 0), -- confiture: renamed-from l
  f int -- confiture: renamed-from g
); -- confiture: renamed-from old_t3
-- confiture: renamed-from x
alter table s.t add constraint y unique (c);
-- confiture: renamed-from mood
create type feeling as enum ('-- confiture: renamed-from nothing');
-- confiture: renamed-from i
create index j on s.t (c);`),
  ).toEqual([
    "relation s.t <- Old T",
    "relation s.t <- old_t2",
    "column s.t.c <- b",
    "column s.t.d <- e",
    "constraint s.t.k <- l",
    "column s.t.f <- g",
    "relation s.t <- old_t3",
    "constraint s.t.y <- x",
    "type ?.feeling <- mood",
    "relation s.j <- i",
  ]);
});

test("parts of types, and what stands on a relation", async () => {
  expect(
    await read(`create type s.mood as enum ( -- confiture: renamed-from moods
  -- confiture: renamed-from bad
  'sad', 'it''s', -- confiture: renamed-from its
  'ok' /* no, */ -- confiture: renamed-from fine
);
create type pair as (
  a int, -- confiture: renamed-from x
  b text
);
alter type pair add attribute c int; -- confiture: renamed-from z
create domain s.d as int
  constraint k check (value > 0); -- confiture: renamed-from d0
create domain e as int constraint m check (value > 0) -- confiture: renamed-from n
  default 1;
-- confiture: renamed-from p0
create policy "p.q" on s.t;
-- confiture: renamed-from t0
create trigger tr after insert on s.t execute function f();
-- confiture: renamed-from r0
create rule ru as on insert to t do nothing;
-- confiture: renamed-from st0
create statistics s.st on a, b from t;`),
  ).toEqual([
    "type s.mood <- moods",
    "label s.mood.sad <- bad",
    "label s.mood.it's <- its",
    "label s.mood.ok <- fine",
    "attribute ?.pair.a <- x",
    "attribute ?.pair.c <- z",
    "type s.d <- d0",
    "constraint ?.e.m <- n",
    "policy s.t.p.q <- p0",
    "trigger s.t.tr <- t0",
    "rule ?.t.ru <- r0",
    "statistics s.st <- st0",
  ]);
});

test("COPY data is no comment", async () => {
  expect(await read("copy t from stdin;\n-- confiture: renamed-from x\n\\.\n")).toEqual([]);
});

test.for<[string, string]>([
  ["-- confiture: renamed-from\ncreate table t ();", "says no old name"],
  ["-- confiture: renamed-from a b\ncreate table t ();", "says no old name"],
  ["create table t ();\n-- confiture: renamed-from a", "stands at nothing"],
  ["create table t (a int\n-- confiture: renamed-from b\n);", "stands at nothing"],
  ["-- confiture: renamed-from a\nselect 1;", "stands at nothing"],
] as const)("%s", async ([text, why]) => {
  await expect(read(text)).rejects.toMatchObject({
    code: "DIFFER_410",
    message: expect.stringContaining(why) as string,
    context: { file: "a.sql", line: expect.any(Number) as number },
  });
});
