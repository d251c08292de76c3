import { expect, inject, test } from "vitest";
import type { Question } from "../../../src/cli/command.ts";
import { cli, testProject } from "../../support/project.ts";

const SCRATCH = { CONFITURE_SCRATCH_URL: inject("serverUrl") };

/** Answers the questions of one run in their order. */
async function diffAsking(a: string, b: string, words: readonly string[], flags = "") {
  using project = testProject({ "a.sql": a, "b.sql": b });
  const asked: Question[] = [];
  const ask = async (question: Question) => {
    asked.push(question);
    return words[asked.length - 1] ?? "no more answers";
  };
  const { exit, out, err } = await cli(project.dir, `diff a.sql b.sql ${flags}`, SCRATCH, { ask });
  return { exit, out, err, asked: asked.map(({ text }) => text.split(" is gone, and ")) };
}

const USERS = "create table users (id int, mail text, age int)";

test("what is said is what happens: the table first, then its columns by their new place", async () => {
  const { exit, out, err, asked } = await diffAsking(
    USERS,
    "create table members (id int, email text, age int, note text)",
    ["r", "2"],
  );
  expect(asked).toEqual([
    ["table public.users", expect.stringMatching(/^members of the same shape is new in its place/)],
    [
      "column public.users.mail",
      expect.stringMatching(/^email, note of the same shape are new in its place/),
    ],
  ]);
  expect(exit).toBe(1);
  expect(out).toContain("alter table public.users rename to members;\n");
  expect(out).toContain("alter table public.members rename column mail to note;\n");
  expect(out).not.toContain("drop");
  expect(err).toContain(
    "--rename table:public.users=members says so without a question\n" +
      "--rename column:public.users.mail=note says so without a question\n",
  );
});

test("what is dropped is dropped, and its columns with it", async () => {
  const { out, asked } = await diffAsking(USERS, USERS.replace("users", "members"), ["d"]);
  expect(asked).toHaveLength(1);
  expect(out).toContain("drop table public.users;\n");
});

test("stop ends the run, and nothing is on stdout", async () => {
  const stopped = await diffAsking(USERS, USERS.replace("mail", "email"), ["s"]);
  expect(stopped).toMatchObject({ exit: 130, out: "", err: expect.stringContaining("INTERRUPTED") });
});

test("a type that rows are made of may have another name too", async () => {
  const enums = (name: string) => `create type ${name} as enum ('a', 'b'); create table t (m ${name})`;
  const { out, asked } = await diffAsking(enums("mood"), enums("feeling"), ["r"]);
  expect(asked.map(([object]) => object)).toEqual(["enum public.mood"]);
  expect(out).toContain("alter type public.mood rename to feeling;\n");
  expect(out).not.toContain("alter column");
});

test("a label that rows may hold, and an attribute", async () => {
  const types = (label: string, attribute: string) =>
    `create type mood as enum ('${label}', 'ok'); create type pair as (${attribute} int, y int);
     create table t (m mood, p pair)`;
  const { out, asked } = await diffAsking(types("sad", "x"), types("unhappy", "z"), ["r", "r"]);
  expect(asked.map(([object]) => object)).toEqual(["label public.mood.sad", "attribute public.pair.x"]);
  expect(out).toContain("alter type public.mood rename value 'sad' to 'unhappy';\n");
  expect(out).toContain("alter type public.pair rename attribute x to z cascade;\n");
});

test.each([
  ["another type", USERS, USERS.replace("mail text", "email varchar")],
  [
    "another table",
    `${USERS}; create table other ()`,
    "create table users (id int, age int); create table other (mail text)",
  ],
  ["hardly a column in common", USERS, "create table orders (number int, total int, placed date)"],
  ["no rows in it", "create view v as select 1 as a", "create view w as select 1 as a"],
  [
    "the name follows its table's",
    "create table t (id serial)",
    "create table u (id serial)",
    "--rename table:t=u",
  ],
])("no question: %s", async (_, a, b, flags = "") => {
  const { exit, asked } = await diffAsking(a, b, [], flags);
  expect({ exit, asked }).toEqual({ exit: 1, asked: [] });
});

test("what was declared is not asked, nor anything where the answer is for machines", async () => {
  const renamed = USERS.replace("mail", "email");
  for (const flags of [
    "--rename column:users.mail=email",
    "--format json",
    "--format sql --allow data-loss",
    "--no-plan",
  ])
    expect(await diffAsking(USERS, renamed, [], flags)).toMatchObject({ exit: 1, asked: [] });
});

test("migrate generate asks too", async () => {
  using project = testProject({
    "db/migrations/1_a.up.sql": USERS,
    "db/migrations/1_a.down.sql": "drop table users",
    "db/schema/1.sql": USERS.replace("mail", "email"),
  });
  const words = "migrate generate names --from-schema";
  const ask = async () => "r";
  expect(await cli(project.dir, words, SCRATCH)).toMatchObject({
    err: expect.stringContaining("DIFFER_407"),
  });
  expect(await cli(project.dir, words, SCRATCH, { ask })).toMatchObject({ exit: 0 });
});
