import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import {
  dropExpired,
  dropSandbox,
  dropSandboxesOf,
  keepSandbox,
  listSandboxes,
  sandboxUrl,
} from "../../../../src/coordinate/sandbox/sandboxes.ts";
import { Connection } from "../../../../src/pg/connection.ts";
import { currentHost } from "../../../../src/scratch/host.ts";
import { findPostmaster } from "../../../../src/scratch/postmaster.ts";
import { openScratch, type ScratchOptions } from "../../../../src/scratch/scratch.ts";
import { stopServer } from "../../../../src/scratch/server.ts";
import { identSql, sql } from "../../../../src/sql/tag.ts";
import { openWorkshop, serverDirs, type Workshop } from "../../scratch/processes.ts";

const HOUR = 3_600_000;

async function make(options: ScratchOptions, request: { intent?: string; ttlMs?: number } = {}) {
  await using scratch = await openScratch(options);
  const database = await scratch.create();
  return await keepSandbox(scratch, database, { ttlMs: HOUR, from: "schema", ...request });
}

const ask = async (url: string, text: string) => {
  await using db = await Connection.open(url);
  return await db.rows<Record<string, unknown>>(sql.raw(text));
};

const namesOn = async (options: ScratchOptions) =>
  (await listSandboxes(options)).sandboxes.map(({ name }) => name);

describe("on a named server", () => {
  const options = { url: inject("serverUrl") };
  const later = { ...options, host: currentHost({ now: () => Date.now() + 2 * HOUR }) };

  test("a sandbox outlives the command, and what one holds no other does", async () => {
    const [one, other] = [await make(options, { intent: "i1" }), await make(options)];
    await ask(one.url, "create table mine as select 1 as a");
    expect(await ask(other.url, "select to_regclass('mine') as found")).toEqual([{ found: null }]);
    expect(await sandboxUrl(one.name, options)).toEqual({
      name: one.name,
      url: one.url,
      expires_at: one.expires_at,
    });
    const listed = (await listSandboxes(options)).sandboxes.find(({ name }) => name === one.name);
    expect(listed).toEqual({ ...one, connections: 0 });
    expect(Date.parse(one.expires_at) - Date.parse(one.made_at)).toBe(HOUR);
    for (const { name } of [one, other]) await dropSandbox(name, options);
    expect(await namesOn(options)).not.toContain(one.name);
  });

  test("it is dropped while somebody is connected, with its intent, and by name once", async () => {
    const [a, b, c] = [
      await make(options, { intent: "gone" }),
      await make(options, { intent: "gone" }),
      await make(options, { intent: "stays" }),
    ];
    await using db = await Connection.open(a.url);
    expect((await dropSandboxesOf("gone", options)).toSorted()).toEqual([a.name, b.name].toSorted());
    expect(await db.closed).toMatchObject({ code: "CONFIG_006" });
    expect(await dropSandbox(c.name, options)).toEqual({ dropped: [c.name] });
    await expect(dropSandbox(c.name, options)).rejects.toMatchObject({ code: "SANDBOX_001" });
    await expect(sandboxUrl(c.name, options)).rejects.toMatchObject({ code: "SANDBOX_001" });
  });

  test("one whose time is over goes when any command opens the server; others stay", async () => {
    const [short, long] = [await make(options), await make(options, { ttlMs: 24 * HOUR })];
    expect(await namesOn(options)).toEqual(expect.arrayContaining([short.name, long.name]));
    expect((await dropExpired(later)).dropped).toContain(short.name);
    const names = await namesOn(options);
    expect(names).toContain(long.name);
    expect(names).not.toContain(short.name);
    await dropSandbox(long.name, options);
  });

  test("a database whose comment is not that of a sandbox is nobody's to drop", async () => {
    const [edited, plain] = [await make(options), await make(options)];
    await using db = await Connection.open(options.url);
    await db.run(
      sql`comment on database ${identSql(edited.name)} is '{"confiture":"kept","expires_at":"soon"}'`,
    );
    await db.run(sql`comment on database ${identSql(plain.name)} is 'mine'`);
    expect((await dropExpired(later)).dropped).not.toContain(edited.name);
    expect(await namesOn(options)).toEqual(expect.not.arrayContaining([edited.name, plain.name]));
    for (const { name } of [edited, plain]) await db.run(sql`drop database ${identSql(name)}`);
  });

  test("two at once with one long intent have two names", async () => {
    const intent = "x".repeat(100);
    const made = await Promise.all([make(options, { intent }), make(options, { intent })]);
    expect(new Set(made.map(({ name }) => name)).size).toBe(2);
    for (const { name, url } of made) {
      expect(await ask(url, "select current_database()::text as name")).toEqual([{ name }]);
      await dropSandbox(name, options);
    }
  });

  test("a password of the server is not told", async () => {
    const secret = options.url.replace("postgres@", "postgres:s3cret@");
    const { name, url } = await make({ url: secret });
    expect(url).toBe(options.url.replace("/postgres?", `/${name}?`));
    await dropSandbox(name, options);
  });
});

describe("on a local server", () => {
  let shop: Workshop;
  let options: ScratchOptions;
  beforeAll(async () => {
    shop = await openWorkshop();
    const env = { ...process.env, XDG_CACHE_HOME: join(shop.dir, "cache") };
    options = { projectDir: shop.project, host: currentHost({ env }), idleMs: 200 };
  });
  afterAll(() => shop[Symbol.asyncDispose]());
  const dir = () => serverDirs(join(shop.dir, "cache"))[0]!;
  const running = () => findPostmaster(currentHost(), dir());

  test("without a server nothing is started to list none", async () => {
    expect(await listSandboxes(options)).toEqual({ sandboxes: [], expired: [] });
    await expect(sandboxUrl("sandbox_x", options)).rejects.toMatchObject({ code: "SANDBOX_001" });
    expect(serverDirs(shop.dir)).toEqual([]);
  });

  test("the server runs on for whoever has the string, and a sandbox outlives its stop", async () => {
    const { name, url } = await make(options);
    await ask(url, "create table kept as select 42 as a");
    await sleep(1500); // several times as long as it runs without clients
    expect(running()).toBeDefined();
    await stopServer({ host: currentHost(), dir: dir() });
    expect(running()).toBeUndefined();
    expect(await sandboxUrl(name, options)).toMatchObject({ url });
    expect(await ask(url, "select a from kept")).toEqual([{ a: 42 }]);
    expect(await sandboxUrl(name, options)).toMatchObject({ url });
    const holds = "select from pg_stat_activity where application_name = 'confiture hold'";
    await expect.poll(() => ask(url, holds)).toHaveLength(1);
    await ask(url, `select pg_terminate_backend(pid) ${holds.slice("select".length)}`);
    await expect.poll(running, { timeout: 10_000 }).toBeUndefined();
    expect(await namesOn(options)).toEqual([name]);
    expect(await dropSandbox(name, options)).toEqual({ dropped: [name] });
  });
});
