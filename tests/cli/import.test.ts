import { expect, test } from "vitest";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { testDatabase } from "../support/database.ts";
import { cli, testProject } from "../support/project.ts";

const OLD = {
  "old/1_a.sql": "-- migrate:up\ncreate table a ();\n-- migrate:down\ndrop table a;\n",
  "old/2_b.sql": "-- migrate:up\ncreate table b ();\n",
  "old/README.md": "",
};

test("import, baseline from the tool, up: the way over in three commands", async () => {
  await using database = await testDatabase();
  using project = testProject(OLD);
  const run = (words: string) => cli(project.dir, words, { CONFITURE_DATABASE_URL: database.url });
  {
    await using db = await Connection.open(database.url);
    await db.run(sql`create table a (); create table schema_migrations (version varchar primary key);
                     insert into schema_migrations values ('1')`);
  }
  const imported = await run("import dbmate old");
  expect(imported).toMatchObject({ exit: 0, err: expect.stringContaining("not migrations: README.md") });
  expect(imported.out).toContain("Imported 2 migration(s), refused 0");
  expect((await run("migrate baseline --from-tool auto --format json")).json).toMatchObject({
    marked: [{ version: "1", name: "a" }],
    source_only: [],
  });
  expect((await run("migrate up --format json")).json).toMatchObject({ applied: [{ version: "2" }] });
  expect((await run("migrate down --steps 2")).exit).toBe(8);
});

test("what cannot be carried: exit 5 with the list, or exit 1 with the rest", async () => {
  using project = testProject({ ...OLD, "old/3_c.sql": "select 1;\n" });
  const refused = [{ file: "3_c.sql", line: null, reason: "has no line `-- migrate:up`" }];
  const refusal = await cli(project.dir, "import dbmate old --format json");
  expect(refusal).toMatchObject({ exit: 5, json: { error: { code: "ADOPT_003", details: { refused } } } });
  const partial = await cli(project.dir, "import dbmate old --partial --format json");
  expect(partial).toMatchObject({
    exit: 1,
    json: { imported: [{ version: "1" }, { version: "2" }], refused },
  });
});

test("an unknown tool is refused with the list of those that are known", async () => {
  using project = testProject(OLD);
  const answer = await cli(project.dir, "import ansible old");
  expect(answer).toMatchObject({ exit: 5, err: expect.stringContaining("golang-migrate") });
  const baseline = await cli(project.dir, "migrate baseline --from-tool ansible");
  expect(baseline).toMatchObject({ exit: 5, err: expect.stringContaining("golang-migrate") });
});
