import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { silentLog } from "../../src/base/log.ts";
import { takeMigrationLock } from "../../src/migrate/lock/lock.ts";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { testDatabase } from "../support/database.ts";
import { migrationFiles, testProject } from "../support/project.ts";
import { requirePublished } from "../support/published.ts";

const bin = resolve("dist/bin/confiture.js");

const MIGRATIONS = migrationFiles({
  "001_users": ["create table users (id int primary key)", "drop table users"],
  "002_one_way": "create table one_way (id int)",
  "003_index": ["create index users_twice on users (id)", "drop index users_twice"],
});

/** A project and a database, and the program as deploy tools call it: one answer in a file, nothing on stdout. */
async function setting() {
  const database = await testDatabase();
  const project = testProject(MIGRATIONS);
  const call = async (words: string, url: string | null = database.url) => {
    const argv = `migrate ${words} --no-config --format json --output out.json`.split(" ");
    rmSync(project.path("out.json"), { force: true });
    const { status, stdout } = spawnSync(process.execPath, [bin, ...argv], {
      cwd: project.dir,
      encoding: "utf8",
      env: { PATH: process.env["PATH"], ...(url !== null && { CONFITURE_DATABASE_URL: url }) },
    });
    await requirePublished(argv, { cwd: project.dir, out: stdout });
    const document = JSON.parse(readFileSync(project.path("out.json"), "utf8")) as Record<string, unknown>;
    return { exit: status, stdout, document };
  };
  return {
    call,
    write: (file: string, text: string) => project.write(file, text),
    database,
    target: {
      url: database.url,
      environment: {},
      trackingTable: "tb_confiture",
      migrationsDir: project.path("db/migrations"),
      log: silentLog,
    },
    async [Symbol.asyncDispose]() {
      project[Symbol.dispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

test("the program is built", () => {
  expect(existsSync(bin), "run `npm run build` first").toBe(true);
});

test("up, current, down-to: the fields that deploy tools read, each in the file alone", async () => {
  await using run = await setting();
  const up = await run.call("up --migrations-dir db/migrations");
  expect(up).toMatchObject({ exit: 0, stdout: "", document: { success: true } });
  expect(up.document["applied"]).toMatchObject([{ version: "001" }, { version: "002" }, { version: "003" }]);
  expect(await run.call("current")).toMatchObject({ exit: 0, stdout: "", document: { revision: "003" } });
  expect(await run.call("down-to 002 --migrations-dir db/migrations")).toMatchObject({
    exit: 0,
    stdout: "",
    document: { from: "003", to: "002", rolled_back: [{ version: "003" }] },
  });
  expect(await run.call("current")).toMatchObject({ document: { revision: "002" } });
});

test("current knows no --migrations-dir: exit 5", async () => {
  await using run = await setting();
  expect(await run.call("current --migrations-dir db/migrations")).toMatchObject({
    exit: 5,
    stdout: "",
    document: { ok: false, error: { code: "CONFIG_008" } },
  });
});

test("verify: the count of failures, in the file alone; 1 when one fails, 2 without a ledger", async () => {
  await using run = await setting();
  const verify = () => run.call("verify --migrations-dir db/migrations");
  expect(await verify()).toMatchObject({
    exit: 2,
    stdout: "",
    document: { ok: false, error: { code: "PRECON_1001" } },
  });
  await run.call("up --migrations-dir db/migrations");
  run.write("db/migrations/001_users.verify.sql", "select count(*) = 0 from users");
  expect(await verify()).toMatchObject({
    exit: 0,
    stdout: "",
    document: { verified_count: 1, failed_count: 0, skipped_count: 2 },
  });
  run.write("db/migrations/003_index.verify.sql", "select to_regclass('users_thrice') is not null");
  expect(await verify()).toMatchObject({
    exit: 1,
    stdout: "",
    document: {
      failed_count: 1,
      results: [{ status: "verified" }, { status: "no_file" }, { status: "failed" }],
    },
  });
});

test("without a ledger current exits 2; without a database everything exits 5", async () => {
  await using run = await setting();
  expect(await run.call("current")).toMatchObject({
    exit: 2,
    stdout: "",
    document: { ok: false, error: { code: "PRECON_1001" } },
  });
  expect(await run.call("up --migrations-dir db/migrations", null)).toMatchObject({
    exit: 5,
    document: { error: { code: "CONFIG_010" } },
  });
});

test("a busy lock exits 6", async () => {
  await using run = await setting();
  await run.call("up --migrations-dir db/migrations --target 001");
  await using lock = await takeMigrationLock(run.target, {});
  lock.assertHeld();
  const busy = await run.call("up --migrations-dir db/migrations --lock-timeout 50");
  expect(busy).toMatchObject({ exit: 6, stdout: "", document: { error: { code: "LOCK_1300" } } });
});

test("a rollback that is not possible exits 8 and changes nothing", async () => {
  await using run = await setting();
  await run.call("up --migrations-dir db/migrations");
  expect(await run.call("down-to 001 --migrations-dir db/migrations")).toMatchObject({
    exit: 8,
    stdout: "",
    document: { ok: false, error: { code: "ROLLBACK_600" } },
  });
  expect(await run.call("current")).toMatchObject({ document: { revision: "003" } });
});

test("preflight: verdict, window, summary, issues and change set; the ledger of the database decides", async () => {
  await using run = await setting();
  await run.call("up --migrations-dir db/migrations --target 002");
  const { exit, stdout, document } = await run.call("preflight --migrations-dir db/migrations --static");
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: "" });
  expect(document).toMatchObject({
    ok: true,
    window_safe: false,
    summary: { errors: 0, warnings: 1, migrations_checked: 1, db_consumed: false },
    issues: [{ code: "PFLIGHT_REPLICA_CREATE_INDEX", migration: "003", line: 1 }],
    change_set: {
      contract_version: 1,
      changes: [{ kind: "IndexStmt", migration: "003", tier: "lock_risky", lock: "SHARE" }],
    },
  });
});

test("preflight that says no exits 7, and 3 when the database cannot be reached", async () => {
  await using run = await setting();
  expect(await run.call("preflight --migrations-dir db/migrations --static")).toMatchObject({
    exit: 7,
    stdout: "",
    document: { ok: false, issues: [{ code: "PFLIGHT_MISSING_DOWN", migration: "002" }] },
  });
  const nowhere = "postgresql://nobody@127.0.0.1:1/nowhere";
  expect(await run.call("preflight --migrations-dir db/migrations --static", nowhere)).toMatchObject({
    exit: 3,
    stdout: "",
    document: { ok: false, error: { code: "CONFIG_006" } },
  });
});

test("nothing but reading: preflight and current leave the database as it was", async () => {
  await using run = await setting();
  await run.call("current");
  await run.call("preflight --migrations-dir db/migrations --static");
  await using db = await Connection.open(run.database.url);
  expect(
    await db.rows(sql`select relname from pg_class where relnamespace = 'public'::regnamespace`),
  ).toEqual([]);
});

test("the last word of --version is the version", () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  const { stdout } = spawnSync(process.execPath, [bin, "--version"], { encoding: "utf8" });
  expect(stdout.trim().split(/\s+/).at(-1)).toBe(version);
});
