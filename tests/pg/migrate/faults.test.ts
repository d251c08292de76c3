import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { status } from "../../../src/migrate/status.ts";
import { up } from "../../../src/migrate/up.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { literal, sql } from "../../../src/sql/tag.ts";
import { silentLog } from "../../../src/base/log.ts";
import { type Bench, testMigrations } from "../../support/migrations.ts";
import { ownServer } from "../../support/own-server.ts";
import { migrationFiles, testProject } from "../../support/project.ts";

const cli = resolve("dist/bin/confiture.js");

function startUp(dir: string, url: string) {
  const child = spawn(process.execPath, [cli, "migrate", "up", "--no-config"], {
    cwd: dir,
    env: { PATH: process.env["PATH"], CONFITURE_DATABASE_URL: url },
    stdio: "ignore",
  });
  return { child, ended: once(child, "exit").then(([code]) => code as number | null) };
}

/** Tables, and among every ten migrations one that builds an index outside a transaction. */
const chain = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => {
      const n = i + 1;
      const text =
        n % 10 === 0
          ? `create index concurrently i${n} on t${n - 1} (a); insert into t${n - 1} values (${n});`
          : `create table t${n} (a int); insert into t${n} values (${n}); select pg_sleep(0.005);`;
      return [`${n}_m`, [text, "select 1"]] as const;
    }),
  );

interface State {
  readonly applied: number;
  /** Versions whose work is there without a ledger row, or the other way round. */
  readonly disagreements: string[];
}

async function stateOf(db: Connection): Promise<State> {
  const [ledger] = await db.rows(sql`select to_regclass('tb_confiture') as there`);
  if (ledger?.["there"] == null) return { applied: 0, disagreements: [] };
  await db.run(sql`begin; lock table tb_confiture in share mode; commit`); // whoever was cut off has ended by then
  const [row] = await db.rows<{ applied: number; disagreements: string[] }>(sql`
    with done as (select substr(tablename, 2) as version from pg_tables where tablename ~ '^t\\d+$')
    select (select count(*)::int from tb_confiture) as applied,
      array(select version from done except select version from tb_confiture
            union all
            select version from tb_confiture where version::int % 10 <> 0 except select version from done)::text[] as disagreements`);
  return row!;
}

/** What must hold at the end: every table with its one row, every index valid, once, and its insert run once. */
async function expectComplete(db: Connection, count: number): Promise<void> {
  const { applied, disagreements } = await stateOf(db);
  expect({ applied, disagreements }).toEqual({ applied: count, disagreements: [] });
  const indexes = await db.rows(sql`select relname from pg_index join pg_class c on c.oid = indexrelid
    where relname ~ '^i\\d' and indisvalid`);
  expect(indexes).toHaveLength(count / 10);
  const tables = await db.rows<{ name: string }>(
    sql`select tablename as name from pg_tables where tablename ~ '^t\\d+$'`,
  );
  for (const { name } of tables) {
    const rows = await db.rows(sql`select a from ${sql.raw(name)}`);
    expect([name, rows.length]).toEqual([name, Number(name.slice(1)) % 10 === 9 ? 2 : 1]);
  }
  expect(await db.rows(sql`select * from confiture_progress`)).toEqual([]);
}

async function emptied(bench: Bench): Promise<void> {
  await bench.ask(sql`drop schema public cascade`);
  await bench.ask(sql`create schema public`);
}

test("killed at 50 random moments of 200 migrations, ledger and schema agree, and a rerun finishes", async () => {
  await using bench = await testMigrations(chain(200));
  await using db = await Connection.open(bench.database.url);
  const began = performance.now();
  expect(await startUp(bench.project.dir, bench.database.url).ended).toBe(0);
  const wholeMs = performance.now() - began;
  await emptied(bench);
  let midway = 0;
  for (let kills = 0; kills < 50;) {
    const { child, ended } = startUp(bench.project.dir, bench.database.url);
    const timer = setTimeout(() => child.kill("SIGKILL"), wholeMs * (0.1 + Math.random() * 0.4));
    const code = await ended;
    clearTimeout(timer);
    const { applied, disagreements } = await stateOf(db);
    expect(disagreements).toEqual([]);
    if (code === null) kills++;
    if (code === null && applied > 0 && applied < 200) midway++;
    if (code !== null) expect([code, applied]).toEqual([0, 200]);
    if (applied === 200) {
      await expectComplete(db, 200);
      await emptied(bench);
    }
  }
  expect(midway).toBeGreaterThan(10);
  expect(await startUp(bench.project.dir, bench.database.url).ended).toBe(0);
  await expectComplete(db, 200);
}, 600_000);

describe.each(["stop", "crash"] as const)("the server goes down (%s) in the middle of a run", (how) => {
  test("the run ends with an error, nothing disagrees after the restart, and a rerun finishes", async () => {
    await using server = await ownServer();
    using project = testProject(migrationFiles(chain(60)));
    for (let round = 0; round < 2; round++) {
      const { ended } = startUp(project.dir, server.url);
      await appliedAtLeast(server.url, 10 + round * 15);
      await server[how]();
      expect(await ended).toBe(3);
      await server.start();
      expect(await agreement(server.url)).toEqual([]);
    }
    expect(await startUp(project.dir, server.url).ended).toBe(0);
    await complete(server.url);
  }, 400_000);
});

/** On a connection that ends with the call, so that a server may go down afterwards. */
async function appliedAtLeast(url: string, enough: number): Promise<void> {
  await using db = await Connection.open(url);
  for (;;) {
    const [row] = await db.rows<{ there: boolean }>(
      sql`select to_regclass('tb_confiture') is not null as there`,
    );
    const rows = row?.there ? await db.rows(sql`select from tb_confiture`) : [];
    if (rows.length >= enough) return;
    await new Promise((wait) => setTimeout(wait, 5));
  }
}

async function agreement(url: string): Promise<string[]> {
  await using db = await Connection.open(url);
  return (await stateOf(db)).disagreements;
}

async function complete(url: string): Promise<void> {
  await using db = await Connection.open(url);
  await expectComplete(db, 60);
}

const canMount = process.getuid?.() === 0 && spawnSync("mount", ["--version"]).status === 0;

/** A folder of 16 MB for a tablespace, full soon; unmounted at the end. */
function smallDisk(owner: {
  readonly uid: number;
  readonly gid: number;
}): Disposable & { readonly dir: string } {
  const mountPoint = mkdtempSync(join(tmpdir(), "cft-disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=16m,mode=0711", "tmpfs", mountPoint]);
  expect(mounted.status, String(mounted.stderr)).toBe(0);
  const dir = join(mountPoint, "space");
  mkdirSync(dir);
  chownSync(dir, owner.uid, owner.gid);
  return {
    dir,
    [Symbol.dispose]() {
      spawnSync("umount", ["-l", mountPoint]);
      rmSync(mountPoint, { recursive: true, force: true });
    },
  };
}

test.skipIf(!canMount)(
  "a full disk rolls the migration back, says so, and a rerun finishes once there is room",
  async () => {
    await using server = await ownServer();
    using disk = smallDisk(server.user);
    using project = testProject(
      migrationFiles({
        "1_small": "create table small (a int)",
        "2_big":
          "create table big (a text) tablespace small_disk;\ninsert into big select repeat(md5(n::text), 50) from generate_series(1, 50000) n;",
        "3_after": "create table after ()",
      }),
    );
    const target = {
      url: server.url,
      environment: {},
      trackingTable: "tb_confiture",
      migrationsDir: project.path("db/migrations"),
      log: silentLog,
    };
    await using db = await Connection.open(server.url);
    await db.run(sql.raw(`create tablespace small_disk location ${literal(disk.dir)}`));
    await expect(up(target)).rejects.toMatchObject({
      code: "MIGR_001",
      exit: 3,
      context: { migration: "2", line: 2, details: { sqlstate: "53100", applied: [{ version: "1" }] } },
    });
    expect(await status(target)).toMatchObject({ applied: ["1"], pending: ["2", "3"] });
    expect(await db.rows(sql`select to_regclass('big') as big`)).toEqual([{ big: null }]);
    project.write(
      "db/migrations/2_big.up.sql",
      "create table big (a text);\ninsert into big select repeat(md5(n::text), 50) from generate_series(1, 50000) n;",
    );
    expect((await up(target)).applied).toHaveLength(2);
    await db.run(sql`drop tablespace small_disk`);
  },
);
