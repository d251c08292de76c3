import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sha256 } from "../../../../src/base/hash.ts";
import { readDirectives } from "../../../../src/migrate/directives.ts";
import { findMigrations } from "../../../../src/migrate/files.ts";
import { composeSquash } from "../../../../src/migrate/squash/squash-file.ts";
import { migrationFiles, testProject } from "../../../support/project.ts";

async function compose(migrations: Parameters<typeof migrationFiles>[0]) {
  using project = testProject(migrationFiles(migrations));
  const files = await findMigrations(project.path("db/migrations"));
  const text = await composeSquash(files.migrations);
  const last = files.migrations.at(-1)!;
  return { ...text, hash: sha256(readFileSync(last.upFile)) };
}

test("statements and comments as written, each under the name of its file", async () => {
  const { up, down, hash } = await compose({
    "1_a": ["-- Why a.\ncreate table a (id int); -- really\n", "drop table a;"],
    "2_b": ["create table b (id int) -- no semicolon", "drop table b"],
    "3_c": ["copy b from stdin;\n1\n\\.\n", "delete from b"],
  });
  expect(up).toBe(`-- confiture: squashes 1 2 3
-- confiture: squashed-checksum ${hash}

-- from 1_a.up.sql
-- Why a.
create table a (id int); -- really

-- from 2_b.up.sql
create table b (id int); -- no semicolon

-- from 3_c.up.sql
copy b from stdin;
1
\\.
`);
  expect(down).toEqual({
    text: `-- from 3_c.down.sql
delete from b;

-- from 2_b.down.sql
drop table b;

-- from 1_a.down.sql
drop table a;
`,
  });
});

test("a transaction around a file, CONCURRENTLY and directives of the runner are taken off", async () => {
  const { up } = await compose({
    "1_a": "-- Note.\nBEGIN;\ncreate table a (id int);\nCOMMIT;\n",
    "2_b":
      "-- confiture: no-transaction\n-- confiture: owner-skip\ncreate index concurrently i on a (id);\ndrop index\n  concurrently i",
  });
  expect(up.split("\n\n").slice(1)).toEqual([
    "-- from 1_a.up.sql\n-- Note.\ncreate table a (id int);",
    "-- from 2_b.up.sql\n-- confiture: owner-skip\ncreate index i on a (id);\ndrop index\n  i;\n",
  ]);
});

test("settings of one part do not reach the next", async () => {
  const { up } = await compose({
    "1_dump":
      "set lock_timeout = 0;\nselect pg_catalog.set_config('search_path', '', false);\ncreate table public.a ();",
    "2_b": "set local role app; create table b ()",
  });
  expect(up).toContain(
    "create table public.a ();\nreset lock_timeout;\nreset search_path;\n\n-- from 2_b.up.sql\n",
  );
  expect(up).not.toContain("reset role");
});

test("a squash among them: its versions are all named, those a ledger may lack apart", async () => {
  const { up, hash } = await compose({
    "3_squashed": "-- confiture: squashes 1 2 3\n-- confiture: squashed-checksum abc\n\ncreate table a ();",
    "4_b": "-- confiture: irreversible\ncreate table b ()",
  });
  expect(readDirectives(up, "f")).toMatchObject({
    squashes: ["1", "2", "3", "4"],
    squashedBefore: ["1", "2"],
    squashedChecksum: hash,
    irreversible: true,
    noTransaction: false,
  });
});

test.each([
  ["-- confiture: run-as app\nselect 1", "run-as"],
  ["-- confiture: requires-superuser\nselect 1", "requires-superuser"],
  ["-- confiture: lock-timeout 5\nselect 1", "lock-timeout"],
  ["create table x ();\nvacuum x", "vacuum x of 2 cannot run in a transaction"],
  ["alter system set work_mem = '1MB'", "alter system"],
  ["create database other", "create database other"],
  ["reindex table concurrently a", "reindex"],
])("%j is refused by name", async (text, said) => {
  await expect(compose({ "1_a": "create table a ()", "2_b": text })).rejects.toMatchObject({
    code: "MIGR_114",
    exit: 3,
    message: expect.stringContaining(said) as string,
    context: { migration: "2" },
  });
});

test("without a way back from one of them there is none", async () => {
  const missing = await compose({ "1_a": "select 1", "2_b": ["select 1", "select 1"] });
  expect(missing.down).toEqual({ flaw: "there is none from 1" });
  const unfit = await compose({ "1_a": ["select 1", "vacuum"], "2_b": ["select 1", "select 1"] });
  expect(unfit.down).toEqual({ flaw: "vacuum of 1 cannot run in a transaction" });
});
