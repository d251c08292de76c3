import { expect, test } from "vitest";
import { testDatabase } from "../support/database.ts";
import { cli, migrationFiles, testProject } from "../support/project.ts";

const FILES = migrationFiles({ "1_a": "create table a ()", "2_bad": "select 1 / 0" });

test("migrate apply-as uses the connection of the role in the config file", async () => {
  await using database = await testDatabase();
  using project = testProject({
    ...FILES,
    "db/environments/local.yaml": `database_url: ${database.url}\napply_as: {admin: {url: "\${ADMIN_URL}"}}\n`,
  });
  const run = (words: string) =>
    cli(project.dir, `migrate apply-as ${words} --format json`, { ADMIN_URL: database.url });
  const answer = await run("admin 1");
  expect(answer).toMatchObject({ exit: 0, err: "" });
  expect(answer.json).toMatchObject({ success: true, version: "1", name: "a", applied_by: "postgres" });
  expect(await run("admin 2")).toMatchObject({
    exit: 3,
    json: { error: { code: "MIGR_001", migration: "2" } },
  });
  expect(await run("admin 3")).toMatchObject({ exit: 3, json: { error: { code: "MIGR_100" } } });
});

test("a role without a connection is refused, and those that have one are named", async () => {
  await using database = await testDatabase();
  using project = testProject({
    ...FILES,
    "db/environments/local.yaml": `database_url: ${database.url}\napply_as: {admin: {url: "${database.url}"}}\n`,
  });
  const answer = await cli(project.dir, "migrate apply-as constructor 1 --format json");
  expect(answer).toMatchObject({
    exit: 5,
    json: { error: { code: "CONFIG_001", details: { roles: ["admin"] } } },
  });
  expect((await cli(project.dir, "migrate apply-as admin")).exit).toBe(5);
  expect((await cli(project.dir, "migrate apply-as admin 1")).out).toMatch(
    /^applied 1 a as postgres \(\d+ ms\)\n$/,
  );
});
