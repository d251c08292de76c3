import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Connection } from "../../../src/pg/connection.ts";
import { findPostmaster } from "../../../src/scratch/postmaster.ts";
import { currentHost } from "../../../src/scratch/host.ts";
import { openScratch, type ScratchOptions } from "../../../src/scratch/scratch.ts";
import { identSql, sql } from "../../../src/sql/tag.ts";
import { isRoot, openWorkshop, serverDirs, type Workshop } from "./processes.ts";

const databases = async (url: string, like: string): Promise<string[]> => {
  await using db = await Connection.open(url.replace(/\/[^/?]*\?/, "/postgres?"));
  const rows = await db.rows<{ datname: string }>(
    sql`select datname from pg_database where datname like ${like} order by 1`,
  );
  return rows.map(({ datname }) => datname);
};

describe("a local server", () => {
  let shop: Workshop;
  let cache: string;
  const host = currentHost();
  beforeAll(async () => {
    shop = await openWorkshop({ links: false });
    cache = join(shop.dir, "a cache with spaces", "x".repeat(120));
  });
  afterAll(() => shop[Symbol.asyncDispose]());
  const run = (action: string) => shop.run(action, {}, { env: { XDG_CACHE_HOME: cache } });
  const onlyServer = (): string => {
    const dirs = serverDirs(cache);
    expect(dirs).toHaveLength(1);
    return dirs[0]!;
  };

  test("eight commands at once on an empty cache share one server", async () => {
    const drivers = Array.from({ length: 8 }, () => run("create"));
    const answers = await Promise.all(drivers.map(({ answer }) => answer));
    expect(new Set(answers.map(({ url }) => url)).size).toBe(8);
    expect(new Set(answers.map(({ server }) => JSON.stringify(server))).size).toBe(1);
    expect(await Promise.all(drivers.map((driver) => driver.release()))).toEqual(Array(8).fill(0));
    expect(await databases(answers[0]!.url, "confiture\\_scratch\\_%")).toEqual([]);
    expect(onlyServer()).toContain("with spaces");
  });

  test("a template is built by one of several commands", async () => {
    const drivers = Array.from({ length: 4 }, () => run("clone"));
    const answers = await Promise.all(drivers.map(({ answer }) => answer));
    expect(answers.filter(({ built }) => built)).toHaveLength(1);
    for (const { url } of answers) {
      await using db = await Connection.open(url);
      expect(await db.rows(sql`select a from made`)).toEqual([{ a: 1 }]);
    }
    await Promise.all(drivers.map((driver) => driver.release()));
  });

  test("what a killed command leaves is swept, what a living one holds is not", async () => {
    const [killed, living] = [run("create"), run("create")];
    const [left, held] = await Promise.all([killed.answer, living.answer]);
    killed.process.kill("SIGKILL");
    await killed.release();
    await expect
      .poll(async () => {
        expect(await run("glance").release()).toBe(0);
        return await databases(left.url, "confiture\\_scratch\\_%");
      })
      .toEqual([new URL(held.url.replace("@/", "@x/")).pathname.slice(1)]);
    expect(await living.release()).toBe(0);
  });

  test("a killed server, a lock of a dead process and a pid file of another process are overcome", async () => {
    const dir = onlyServer();
    const before = await run("create").answer;
    const { pid } = findPostmaster(host, dir)!;
    process.kill(pid, "SIGKILL");
    await expect.poll(() => findPostmaster(host, dir)).toBeUndefined();
    writeFileSync(join(dir, "lock"), "4194000 1");
    const pidFile = join(dir, "data", "postmaster.pid");
    writeFileSync(pidFile, readFileSync(pidFile, "utf8").replace(/^\d+/, "1"));
    const driver = run("create");
    const after = await driver.answer;
    expect(after.server).not.toEqual(before.server);
    expect(await databases(after.url, "confiture\\_scratch\\_%")).toHaveLength(1);
    expect(await driver.release()).toBe(0);
  });

  test("data that does not start is put aside and made anew", async () => {
    const dir = onlyServer();
    process.kill(findPostmaster(host, dir)!.pid, "SIGQUIT");
    await expect.poll(() => findPostmaster(host, dir)).toBeUndefined();
    rmSync(join(dir, "data", "global"), { recursive: true });
    mkdirSync(join(dir, "data.new-interrupted"));
    const driver = run("create");
    expect((await driver.answer).major).toBeGreaterThan(12);
    expect(await driver.release()).toBe(0);
    expect(existsSync(join(dir, "data.broken"))).toBe(true);
    expect(existsSync(join(dir, "data.new-interrupted"))).toBe(false);
  });

  test("the server stops when it has been idle, and not under a client", async () => {
    const dir = onlyServer();
    process.kill(findPostmaster(host, dir)!.pid, "SIGINT");
    await expect.poll(() => findPostmaster(host, dir)).toBeUndefined();
    const driver = shop.run("create", { idleMs: 300 }, { env: { XDG_CACHE_HOME: cache } });
    await driver.answer;
    await sleep(1500);
    expect(findPostmaster(host, dir)).toBeDefined();
    expect(await driver.release()).toBe(0);
    await expect.poll(() => findPostmaster(host, dir), { timeout: 10_000 }).toBeUndefined();
  });

  test.runIf(isRoot)("an ordinary user whose home folder is read-only gets a server as well", async () => {
    const env = { HOME: "/nonexistent", XDG_CACHE_HOME: "/proc/no/cache", TMPDIR: join(shop.dir, "tmp") };
    mkdirSync(env.TMPDIR);
    chmodSync(env.TMPDIR, 0o1777);
    const driver = shop.run("create", {}, { env, uid: 65534, gid: 65534 });
    await driver.answer;
    expect(await driver.release()).toBe(0);
    expect(serverDirs(join(env.TMPDIR, "confiture-65534"))).toHaveLength(1);
  });
});

describe("a server the user names", () => {
  const open = (options: ScratchOptions = {}) => openScratch({ url: inject("serverUrl"), ...options });

  test("gives an empty database and drops it", async () => {
    await using server = await open();
    expect(server.ours).toBe(false);
    const database = await server.create();
    {
      await using db = await Connection.open(database.url);
      expect(db.server.database).toMatch(/^confiture_scratch_/);
      expect(db.server.major).toBe(server.major);
    }
    await database[Symbol.asyncDispose]();
    await expect(Connection.open(database.url)).rejects.toMatchObject({ code: "CONFIG_006" });
  });

  test("a template is built once, also by calls at the same time, and copied each time", async () => {
    await using server = await open();
    let builds = 0;
    const key = `once ${Math.random()}`;
    const clone = () =>
      server.clone(key, async (db) => {
        builds++;
        await db.run(sql`create table t (a int)`);
      });
    const copies = await Promise.all([clone(), clone(), clone()]);
    expect(builds).toBe(1);
    expect(new Set(copies.map(({ url }) => url)).size).toBe(3);
    await using again = await open();
    await using copy = await again.clone(key, () => Promise.reject(new Error("built twice")));
    await using db = await Connection.open(copy.url);
    expect(await db.rows(sql`select * from t`)).toEqual([]);
  });

  test("a build that fails is told, and leaves nothing", async () => {
    await using server = await open();
    const key = `fails ${Math.random()}`;
    await expect(
      server.clone(key, async (db) => void (await db.run(sql`select nonsense`))),
    ).rejects.toMatchObject({
      code: "SQL_001",
    });
    await using copy = await server.clone(key, async () => {});
    expect(copy.url).toContain("confiture_scratch_");
  });

  test("keeps the templates that were used last", async () => {
    await using server = await open();
    const run = Math.random();
    for (let i = 0; i < 22; i++) {
      await using copy = await server.clone(`${run} ${i}`, async () => {});
      expect(copy.url).toContain("confiture_scratch_");
    }
    expect((await databases(inject("serverUrl"), "confiture\\_template\\_%")).length).toBeLessThanOrEqual(20);
    let rebuilt = false;
    await using copy = await server.clone(`${run} 21`, async () => void (rebuilt = true));
    expect(copy.url).toContain("confiture_scratch_");
    expect(rebuilt).toBe(false);
  });

  test("says what is wrong with it: another major version, a role without CREATEDB", async () => {
    await expect(open({ major: 9 })).rejects.toMatchObject({
      code: "SCRATCH_001",
      message: expect.stringMatching(/PostgreSQL 9 is wanted.*is PostgreSQL \d\d/),
    });
    const role = `weak_${Math.random().toString(36).slice(2)}`;
    await using db = await Connection.open(inject("serverUrl"));
    await db.run(sql`create role ${identSql(role)} login`);
    const url = inject("serverUrl").replace("postgres@", `${role}@`);
    await expect(openScratch({ url })).rejects.toMatchObject({
      code: "SCRATCH_001",
      message: expect.stringContaining(`role ${role} has no CREATEDB`),
    });
    await db.run(sql`drop role ${identSql(role)}`);
  });

  test("sweeps only what is older than a day", async () => {
    await using db = await Connection.open(inject("serverUrl"));
    const name = (ageMs: number) => `confiture_scratch_${(Date.now() - ageMs).toString(36)}_0123456789_1`;
    const [young, old] = [name(3_600_000), name(90_000_000)];
    for (const each of [young, old]) await db.run(sql`create database ${identSql(each)}`);
    await using server = await open();
    const left = await databases(inject("serverUrl"), "confiture\\_scratch\\_%");
    expect(server.ours).toBe(false);
    expect(left).toContain(young);
    expect(left).not.toContain(old);
    await db.run(sql`drop database ${identSql(young)}`);
  });
});
