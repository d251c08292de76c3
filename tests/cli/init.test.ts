import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cli, testProject } from "../support/project.ts";

test("a new project is accepted by build, up and preflight at once, on its embedded database", async () => {
  using project = testProject();
  const run = (words: string) => cli(project.dir, words);
  expect((await run("init")).out).toContain("wrote db/environments/local.yaml");
  try {
    expect((await run("db status --format json")).json).toMatchObject({ state: "absent" });
    expect(await run("build")).toMatchObject({ exit: 0, out: expect.stringContaining("Built 2 file(s)") });
    expect(readFileSync(project.path("db/generated/schema_local.sql"), "utf8")).toContain(
      "create table users",
    );
    expect(await run("migrate up")).toMatchObject({ exit: 0, err: expect.stringContaining("started") });
    expect(await run("migrate status")).toMatchObject({ exit: 0 });
    expect(await run("migrate preflight")).toMatchObject({
      exit: 0,
      out: expect.stringContaining("No drift"),
    });
    const status = await run("db status --format json");
    expect(status.json).toMatchObject({ state: "running", pid: expect.any(Number) });
    expect((await run("db url")).out.trim()).toBe(status.json["url"]);
    expect((await run("db start")).out).toContain("already running");
  } finally {
    expect((await run("db stop")).out).toBe("stopped\n");
  }
  expect((await run("db stop")).out).toBe("was not running\n");
  expect((await run("db status")).out).toContain("stopped");
});

test("init keeps what is there", async () => {
  using project = testProject({ "shop/db/environments/local.yaml": "database_url: embedded # mine\n" });
  const { json } = await cli(project.dir, "init shop --format json");
  expect(json["kept"]).toEqual(["db/environments/local.yaml"]);
  expect(readFileSync(project.path("shop/db/environments/local.yaml"), "utf8")).toContain("# mine");
  expect(existsSync(project.path("shop/db/migrations/001_create_users.up.sql"))).toBe(true);
});

test("build --apply builds the embedded database", async () => {
  using project = testProject();
  await cli(project.dir, "init");
  try {
    const { json } = await cli(project.dir, "build --apply --format json");
    expect(json).toMatchObject({ success: true, applied: { statements: 1, deferred: 0 } });
    expect(await cli(project.dir, "build --apply")).toMatchObject({
      exit: 4,
      err: expect.stringContaining("already exists"),
    });
  } finally {
    await cli(project.dir, "db stop");
  }
});
