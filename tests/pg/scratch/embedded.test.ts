import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Connection } from "../../../src/pg/connection.ts";
import { embeddedStatus, startEmbedded, stopEmbedded } from "../../../src/scratch/embedded.ts";
import { currentHost } from "../../../src/scratch/host.ts";
import { findPostmaster } from "../../../src/scratch/postmaster.ts";
import { sql } from "../../../src/sql/tag.ts";
import { isRoot, openWorkshop, type Workshop } from "./processes.ts";

let shop: Workshop;
let projectDir: string;
beforeAll(async () => {
  shop = await openWorkshop();
  projectDir = shop.project;
});
afterAll(() => shop[Symbol.asyncDispose]());

const serverDir = () => join(projectDir, ".confiture", "postgres");

test("status of a project without one leaves no trace", async () => {
  expect(await embeddedStatus({ projectDir })).toEqual({
    state: "absent",
    url: null,
    dataDir: null,
    version: null,
    pid: null,
  });
  expect(await stopEmbedded({ projectDir })).toEqual({ stopped: false });
  expect(readdirSync(projectDir)).toEqual(["node_modules"]);
});

test("several commands start it once, and data outlives a stop", async () => {
  const drivers = Array.from({ length: 3 }, () => shop.run("embedded"));
  const answers = await Promise.all(drivers.map(({ answer }) => answer));
  expect(answers.filter(({ started }) => started)).toHaveLength(1);
  expect(new Set(answers.map(({ url }) => url)).size).toBe(1);
  const { url } = answers[0]!;
  {
    await using db = await Connection.open(url);
    expect(db.server.database).toBe("confiture");
    expect(await db.rows(sql`select current_setting('fsync') as fsync`)).toEqual([{ fsync: "on" }]);
    await db.run(sql`create table kept as select 42 as a`);
  }
  expect(await embeddedStatus({ projectDir })).toMatchObject({ state: "running", url });
  expect(await stopEmbedded({ projectDir })).toEqual({ stopped: true });
  expect(await stopEmbedded({ projectDir })).toEqual({ stopped: false });
  expect(await embeddedStatus({ projectDir })).toMatchObject({ state: "stopped", url, pid: null });
  expect(await startEmbedded({ projectDir })).toEqual({ url, started: true });
  await using db = await Connection.open(url);
  expect(await db.rows(sql`select a from kept`)).toEqual([{ a: 42 }]);
  expect(readFileSync(join(projectDir, ".confiture", ".gitignore"), "utf8")).toBe("*\n");
});

test("data outlives a killed server", async () => {
  const { pid } = await embeddedStatus({ projectDir });
  process.kill(pid!, "SIGKILL");
  await expect.poll(() => findPostmaster(currentHost(), serverDir())).toBeUndefined();
  const { url, started } = await startEmbedded({ projectDir });
  expect(started).toBe(true);
  await using db = await Connection.open(url);
  expect(await db.rows(sql`select a from kept`)).toEqual([{ a: 42 }]);
});

test("it stops when it has been idle", async () => {
  await stopEmbedded({ projectDir });
  await startEmbedded({ projectDir, idleMs: 200 });
  await expect.poll(() => findPostmaster(currentHost(), serverDir()), { timeout: 10_000 }).toBeUndefined();
  expect(await embeddedStatus({ projectDir })).toMatchObject({ state: "stopped" });
});

test("data of a major version that is gone is named, and not touched", async () => {
  const file = join(serverDir(), "data", "PG_VERSION");
  const version = readFileSync(file, "utf8");
  writeFileSync(file, "11\n");
  await expect(startEmbedded({ projectDir })).rejects.toMatchObject({
    code: "SCRATCH_001",
    message: expect.stringContaining("is PostgreSQL 11. No PostgreSQL 11 was found"),
  });
  writeFileSync(file, version);
});

test("data that does not start is never made anew", async () => {
  rmSync(join(serverDir(), "data", "global", "pg_control"));
  await expect(startEmbedded({ projectDir })).rejects.toMatchObject({
    code: "SCRATCH_002",
    context: { details: { log: expect.arrayContaining([expect.stringContaining("pg_control")]) } },
  });
  expect(existsSync(join(serverDir(), "data", "base"))).toBe(true);
  expect(existsSync(join(serverDir(), "data.broken"))).toBe(false);
});

test.runIf(isRoot)("as root, a project that only root can enter has its data elsewhere", async () => {
  const closed = join(shop.dir, "closed");
  mkdirSync(closed, { mode: 0o700 });
  chmodSync(closed, 0o700);
  const options = { projectDir: closed };
  const { url } = await startEmbedded(options);
  try {
    const { state, dataDir } = await embeddedStatus(options);
    expect(state).toBe("running");
    expect(dataDir).not.toContain(closed);
    expect(readFileSync(join(closed, ".confiture", "README"), "utf8")).toContain(join(dataDir!, ".."));
    await using db = await Connection.open(url);
    expect(db.server.database).toBe("confiture");
  } finally {
    await stopEmbedded(options);
    rmSync(join((await embeddedStatus(options)).dataDir!, ".."), { recursive: true });
  }
});

test.runIf(isRoot)("as root, programs in a folder that only root can enter are copied", async () => {
  chmodSync(projectDir, 0o700);
  const driver = shop.run("glance");
  expect((await driver.answer).major).toBeGreaterThan(12);
  expect(await driver.release()).toBe(0);
  expect(readdirSync(join(shop.dir, "cache", "confiture", "binaries"))).toHaveLength(1);
});
