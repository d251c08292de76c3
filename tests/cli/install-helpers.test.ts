import { expect, test } from "vitest";
import { HELPERS_VERSION } from "../../src/migrate/view-helpers/view-helpers-sql.ts";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { testDatabase } from "../support/database.ts";
import { cli, testProject } from "../support/project.ts";

test("installs into the database of the environment that is named, and says when there is nothing to do", async () => {
  await using database = await testDatabase();
  using project = testProject({ "db/environments/staging.yaml": `database_url: ${database.url}\n` });
  const run = (flags = "") => cli(project.dir, `install-helpers --env staging ${flags}`);
  const dry = await run("--dry-run");
  expect(dry.out).toContain("create schema confiture;");
  const first = await run();
  expect(first).toMatchObject({
    exit: 0,
    out: `Installed view helpers version ${HELPERS_VERSION} in schema confiture\n`,
  });
  expect((await run()).out).toBe(`View helpers version ${HELPERS_VERSION} are up to date\n`);
  expect((await run("--force --format json")).json).toMatchObject({ installed: true, schema: "confiture" });
  await using db = await Connection.open(database.url);
  expect(await db.rows(sql`select confiture.recreate_saved_views() as n`)).toEqual([{ n: 0 }]);
});

test("view_helpers: off refuses, manual does not; neither is a dead key", async () => {
  await using database = await testDatabase();
  using project = testProject();
  const run = async (mode: string) => {
    project.write(
      "db/environments/local.yaml",
      `database_url: ${database.url}\nmigration: {view_helpers: ${mode}}\n`,
    );
    return await cli(project.dir, "install-helpers --format json");
  };
  expect(await run('"off"')).toMatchObject({ exit: 5, err: "", json: { error: { code: "CONFIG_008" } } });
  expect(await run("manual")).toMatchObject({ exit: 0, err: "", json: { installed: true } });
});
