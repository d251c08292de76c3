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

test("COPY data is no comment", async () => {
  expect(await read("copy t from stdin;\n-- confiture: renamed-from x\n\\.\n")).toEqual([]);
});

test.for<[string, string]>([
  ["-- confiture: renamed-from\ncreate table t ();", "says no old name"],
  ["-- confiture: renamed-from a b\ncreate table t ();", "says no old name"],
  ["create table t ();\n-- confiture: renamed-from a", "stands at nothing"],
  ["create table t (a int\n-- confiture: renamed-from b\n);", "stands at nothing"],
  ["-- confiture: renamed-from a\nselect 1;", "stands at nothing"],
])("%s", async ([text, why]) => {
  await expect(read(text)).rejects.toMatchObject({
    code: "DIFFER_410",
    message: expect.stringContaining(why) as string,
    context: { file: "a.sql", line: expect.any(Number) as number },
  });
});
