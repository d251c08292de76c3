import { expect, inject, test } from "vitest";
import { silentLog } from "../../src/base/log.ts";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { takeMigrationLock } from "../../src/migrate/lock/lock.ts";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { testDatabase } from "../support/database.ts";
import { cli, migrationFiles, testProject } from "../support/project.ts";

/** Every command that has --lock-timeout, called so that it would write. */
const WRITING: Readonly<Record<string, string>> = {
  "install-helpers": "",
  "migrate apply-as": "admin 1",
  "migrate baseline": "--through 1",
  "migrate down": "",
  "migrate down-to": "1",
  "migrate rebuild": "--yes --drop-schemas",
  "migrate reinit": "--yes",
  "migrate up": "",
  sync: "--from postgresql://nobody@127.0.0.1:1/nowhere --allow-plaintext",
  verify: "--fix",
  "verify-checksums": "--fix",
};

test("every command that takes the lock is tried", async () => {
  const commands = await Promise.all(Object.values(COMMANDS).map(async (load) => (await load()).command));
  const locking = commands.filter(({ options }) => "lockTimeout" in options.shape);
  expect(locking.map(({ path }) => path)).toEqual(Object.keys(WRITING));
});

test("while another run holds the lock, every command that writes exits 6 and leaves no trace", async () => {
  await using database = await testDatabase();
  const { url } = database;
  using project = testProject({
    ...migrationFiles({ "1_a": ["create table a ()", "drop table a"] }),
    "db/schema/1.sql": "create table a ();\n",
    "db/environments/local.yaml": `database_url: ${url}\napply_as: {admin: {url: "${url}"}}\n`,
  });
  const target = { url, environment: {}, trackingTable: "tb_confiture", migrationsDir: "", log: silentLog };
  await using lock = await takeMigrationLock(target, {});
  await using db = await Connection.open(url);
  const relations = () => db.rows(sql`select oid::int, relname from pg_class order by oid`);
  const before = await relations();
  const scratch = { CONFITURE_SCRATCH_URL: inject("serverUrl") };
  const exits: Record<string, number> = {};
  for (const [path, words] of Object.entries(WRITING)) {
    const answer = await cli(project.dir, `${path} ${words} --lock-timeout 0`, scratch);
    exits[path] = answer.exit;
  }
  expect(exits).toEqual(Object.fromEntries(Object.keys(WRITING).map((path) => [path, 6])));
  expect(await relations()).toEqual(before);
  lock.assertHeld();
});
