import { expect, test } from "vitest";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { testDatabase } from "../support/database.ts";
import { cli, migrationFiles, testProject } from "../support/project.ts";

const PASSWORD = "s3cret-w0rd";
const NOWHERE = `postgresql://me:${PASSWORD}@127.0.0.1:1/shop`;

const FILES = {
  ...migrationFiles({ "1_a": ["create table a ()", "drop table a"] }),
  "db/schema/1.sql": "create table a ();\n",
};

test.each([
  `build --database-url ${NOWHERE}`,
  `coordinate sandbox create --from ${NOWHERE}`,
  `coordinate sandbox list --scratch-url ${NOWHERE}`,
  `install-helpers -d ${NOWHERE}`,
  `migrate baseline --through 1 -d ${NOWHERE}`,
  `migrate current -d ${NOWHERE}`,
  `migrate down -d ${NOWHERE}`,
  `migrate down-to 1 -d ${NOWHERE}`,
  `migrate introspect -d ${NOWHERE}`,
  `migrate preflight --against ${NOWHERE}`,
  `migrate preflight --scratch-url ${NOWHERE}`,
  `migrate rebuild -d ${NOWHERE}`,
  `migrate reinit -d ${NOWHERE}`,
  `migrate squash --through 1 --scratch-url ${NOWHERE}`,
  `migrate status -d ${NOWHERE}`,
  `migrate up -d ${NOWHERE}`,
  `migrate verify -d ${NOWHERE}`,
  `verify-checksums -d ${NOWHERE}`,
  `migrate up -d ${NOWHERE} --nonsense`,
  `migrate status --databas-url=${NOWHERE}`,
  `migrate ${NOWHERE}`,
])("no answer repeats a password: %#", async (words) => {
  using project = testProject(FILES);
  for (const format of ["text", "json"]) {
    const { exit, out, err } = await cli(project.dir, `${words} --format ${format}`);
    expect(exit).toBeGreaterThan(0);
    expect(out + err).not.toContain(PASSWORD);
  }
});

test("no password reaches an answer, the ledger or the lock's row", async () => {
  await using database = await testDatabase();
  await using source = await testDatabase();
  const withPassword = (url: string) => url.replace("postgres@", `postgres:${PASSWORD}@`);
  using project = testProject({
    ...FILES,
    "db/environments/local.yaml": `database_url: ${withPassword(database.url)}\n`,
  });
  const said: string[] = [];
  const commands = [
    `migrate up -d ${withPassword(source.url)}`,
    `migrate baseline --from-db ${withPassword(source.url)}`,
    "migrate status",
    "migrate down",
    `migrate preflight --against ${withPassword(source.url)} --static`,
    `migrate baseline --from-db ${NOWHERE}`,
  ];
  for (const words of commands) {
    for (const format of ["text", "json"]) {
      const { out, err } = await cli(project.dir, `${words} --format ${format}`);
      said.push(out, err);
    }
  }
  await using db = await Connection.open(database.url);
  const rows = await db.rows(sql`select to_jsonb(t) from tb_confiture t
    union all select to_jsonb(h) from confiture_lock_holder h`);
  expect(said.join("") + JSON.stringify(rows)).not.toContain(PASSWORD);
  expect(said.join("").length).toBeGreaterThan(500);
});
