import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { up } from "../../../src/migrate/up.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { type Bench, testMigrations } from "../../support/migrations.ts";

const cli = resolve("dist/bin/confiture.js");

/** `confiture migrate up` as a process of its own. */
function startUp(
  bench: Bench,
  words: readonly string[] = [],
): { child: ChildProcess; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [cli, "migrate", "up", "--no-config", ...words], {
    cwd: bench.project.dir,
    env: { PATH: process.env["PATH"], CONFITURE_DATABASE_URL: bench.database.url },
    stdio: "ignore",
  });
  return { child, ended: once(child, "exit").then(([code]) => code as number | null) };
}

const manyMigrations = (count: number, body = "") =>
  Object.fromEntries(
    Array.from(
      { length: count },
      (_, i) => [`${i + 1}_t`, [`create table t${i + 1} ();${body}`, `drop table t${i + 1}`]] as const,
    ),
  );

/** Tables that migrations made, and ledger rows: they must always agree. */
async function agreement(db: Connection): Promise<{ tables: string; ledger: string }> {
  const [row] = await db.rows<{ tables: string; ledger: string }>(sql`
    select coalesce((select string_agg(substr(tablename, 2), ' ' order by substr(tablename, 2)::int) from pg_tables
                     where tablename ~ '^t\\d+$'), '') as tables,
           coalesce((select string_agg(version, ' ' order by version::int) from tb_confiture), '') as ledger`);
  return row!;
}

test("two runs at once, ten times over: each migration once, and the loser waits or exits 6", async () => {
  await using bench = await testMigrations(manyMigrations(5));
  await using db = await Connection.open(bench.database.url);
  for (let round = 0; round < 10; round++) {
    await db.run(
      sql.raw(`drop table if exists tb_confiture, ${[1, 2, 3, 4, 5].map((n) => `t${n}`).join(", ")}`),
    );
    const impatient = round % 2 === 0 ? [] : ["--lock-timeout", "0"];
    const exits = await Promise.all([startUp(bench).ended, startUp(bench, impatient).ended]);
    expect(exits.toSorted((a, b) => a! - b!)).toSatisfy(
      ([a, b]: number[]) => a === 0 && (b === 0 || (b === 6 && impatient.length > 0)),
    );
    expect(await agreement(db)).toEqual({ tables: "1 2 3 4 5", ledger: "1 2 3 4 5" });
  }
});

test("killed at any moment, ledger and schema agree, and the next run finishes", async () => {
  await using bench = await testMigrations(manyMigrations(40, " select pg_sleep(0.01);"));
  await up(bench.target, { target: "1" });
  await using db = await Connection.open(bench.database.url);
  const applied = async () => (await agreement(db)).ledger.split(" ").length;
  for (const enough of [2, 8, 15, 21, 33]) {
    const { child, ended } = startUp(bench);
    while ((await applied()) < enough) await new Promise((wait) => setTimeout(wait, 5));
    child.kill("SIGKILL");
    expect(await ended).toBe(null);
    await db.run(sql`begin; lock table tb_confiture in share mode; commit`); // whoever was cut off has ended by then
    const { tables, ledger } = await agreement(db);
    expect(tables).toBe(ledger);
    expect(await applied()).toBeLessThan(40);
  }
  expect(await startUp(bench).ended).toBe(0);
  const { tables, ledger } = await agreement(db);
  expect(tables).toBe(ledger);
  expect(await applied()).toBe(40);
});

test("Ctrl-C in the middle of a migration ends the run and records nothing", async () => {
  await using bench = await testMigrations({ "1_slow": "create table t1 (); select pg_sleep(20);" });
  await using db = await Connection.open(bench.database.url);
  const { child, ended } = startUp(bench);
  const sleeping = sql`select 1 from pg_stat_activity where query like '%pg_sleep(20)%' and pid <> pg_backend_pid() and datname = current_database()`;
  while ((await db.rows(sleeping)).length === 0) await new Promise((wait) => setTimeout(wait, 20));
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  while ((await db.rows(sleeping)).length > 0) await new Promise((wait) => setTimeout(wait, 20));
  expect(await agreement(db)).toEqual({ tables: "", ledger: "" });
});

test("Ctrl-C ends a command that hangs where nothing can be cancelled", async () => {
  await using bench = await testMigrations({});
  const silent = createServer(() => {}).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const url = `postgresql://nobody@127.0.0.1:${port}/nothing?sslmode=disable&connect_timeout=60`;
  const child = spawn(process.execPath, [cli, "migrate", "status", "--no-config", "-d", url], {
    cwd: bench.project.dir,
    stdio: "ignore",
  });
  await once(silent, "connection");
  child.kill("SIGINT");
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  expect({ code, signal }).toEqual({ code: null, signal: "SIGINT" });
  silent.close();
});
