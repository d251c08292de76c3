import { expect, inject, test } from "vitest";
import { testDatabase } from "../support/database.ts";
import { cli, migrationFiles, testProject } from "../support/project.ts";

const FILES = {
  ...migrationFiles({ "1_a": "create table a (id int)", "2_b": "create table b (id int)" }),
  "db/schema/1.sql": "create table a (id bigint);",
};
const SCRATCH = { CONFITURE_SCRATCH_URL: inject("serverUrl") };

test("the changes from one side to the other, and exit 1", async () => {
  using project = testProject(FILES);
  const text = await cli(project.dir, "diff migrations db/schema", SCRATCH);
  expect(text.exit).toBe(1);
  expect(text.out).toBe(
    [
      "From migrations to db/schema:",
      "- table public.b (with column, owner)",
      "~ table public.a",
      "  ~ column public.a.id: type integer -> bigint",
      "",
      "-- transaction 1",
      "-- table public.b",
      "drop table public.b;",
      "--   data-loss: table public.b: rows or values are lost",
      "--   lock: ACCESS EXCLUSIVE on public.b: blocks reads and writes",
      "",
      "-- table public.a",
      "alter table public.a alter column id type bigint;",
      "--   lock: ACCESS EXCLUSIVE on public.a: blocks reads and writes",
      "--   rewrite: public.a: the table is written anew; the lock is held meanwhile",
      "",
      `Proven both ways on PostgreSQL ${inject("serverMajor")}.`,
      "The plan loses the rows or values of table public.b: it is for reading only without --allow data-loss",
      "",
    ].join("\n"),
  );
  const refused = await cli(project.dir, "diff migrations db/schema --format sql", SCRATCH);
  expect(refused).toMatchObject({ exit: 5, out: "", err: expect.stringContaining("DIFFER_407") });
  const script = await cli(project.dir, "diff migrations db/schema --format sql --allow data-loss", SCRATCH);
  expect(script.out).toBe(
    "begin;\ndrop table public.b;\nalter table public.a alter column id type bigint;\ncommit;\n",
  );
  const { json } = await cli(project.dir, "diff migrations@1_a db/schema --no-plan --format json", SCRATCH);
  expect(json).toEqual({
    from: "migrations@1_a",
    to: "db/schema",
    same: false,
    changes: [
      {
        op: "~",
        kind: "column",
        object: "public.a.id",
        part_of: "table public.a",
        within: null,
        attributes: [{ name: "type", from: "integer", to: "bigint" }],
      },
    ],
    plan: null,
    script: null,
  });
});

test("what is the same exits 0; a database is told without its password", async () => {
  await using database = await testDatabase();
  using project = testProject(FILES);
  const url = database.url.replace("postgres@", "postgres:secret@");
  const answer = await cli(project.dir, `diff empty ${url}`, SCRATCH);
  expect(answer).toMatchObject({ exit: 0, err: "" });
  expect(answer.out).toMatch(/^empty and postgres@.* are the same\n$/);
  expect(answer.out).not.toContain("secret");
});

test("nothing is asked of the database that the config file names", async () => {
  using project = testProject({ ...FILES, "db/environments/local.yaml": "database_url: ${NOT_SET}\n" });
  expect((await cli(project.dir, "diff db/schema db/schema", SCRATCH)).exit).toBe(0);
});
