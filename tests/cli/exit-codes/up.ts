import { ConfitureError } from "../../../src/base/errors.ts";
import { main } from "../../../src/cli/main.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { type Place, situations, withFiles } from "./situation.ts";

const CONFIG = "db/environments/local.yaml";

/** Applied through version 1, while a session reads the table that version 2 changes. */
async function behindAReader(place: Place) {
  place.write({ [CONFIG]: "migration: {lock_timeout: 100ms, lock_retries: 0}\n" });
  place.migrations({ "2_b": ["alter table a add b int", "alter table a drop b"] });
  await place.run("migrate up --target 1");
  await using reader = await Connection.open(await place.url());
  await reader.run(sql`begin; select * from a`);
  return await place.run("migrate up");
}

async function interrupted(place: Place) {
  let out = "";
  const signal = AbortSignal.abort(new ConfitureError("INTERRUPTED", "stopped by SIGINT"));
  const exit = await main(["migrate", "up", "--format", "json"], {
    cwd: place.project.dir,
    environment: { CONFITURE_DATABASE_URL: await place.url() },
    out: (text) => void (out += text),
    err: () => {},
    signal,
  });
  return { exit, out, err: "", json: JSON.parse(out) as Record<string, unknown> };
}

const withHook = (point: string, hook: string) =>
  withFiles({ [CONFIG]: `hooks: {${point}: [{${hook}}]}\n` }, "migrate up");

/** Version 3 is this. */
export const withThird = (text: string, words = "migrate up") =>
  withFiles({ "db/migrations/3_c.up.sql": text }, words);

/** Version 1 is applied, and its file edited afterwards. */
export async function edited(place: Place, words: string) {
  await place.run("migrate up --target 1");
  place.migrations({ "1_a": ["create table a (other int)", "drop table a"] });
  return await place.run(words);
}

export const UP = situations("migrate up", [
  ["pending migrations are applied", 0, null, (p) => p.run("migrate up")],
  ["nothing is pending", 0, null, async (p) => (await p.run("migrate up"), p.run("migrate up"))],
  ["`--target`: what comes after it stays pending", 0, null, (p) => p.run("migrate up --target 1")],
  ["a migration without a way back is applied", 0, null, withThird("create table c ()")],
  [
    "a statement that must stand outside a transaction",
    0,
    null,
    withThird("create index concurrently on a (id)"),
  ],
  [
    "DATABASE_URL alone names the database",
    0,
    null,
    async (p) => p.bare("migrate up", { DATABASE_URL: await p.url() }),
  ],
  [
    "the migrations directory is empty",
    0,
    null,
    withFiles({ "empty/.keep": "" }, "migrate up --migrations-dir empty"),
  ],
  ["a .sql file that is no migration", 0, null, withFiles({ "db/migrations/notes.sql": "" }, "migrate up")],
  ["`--dry-run` with pending migrations", 0, null, (p) => p.run("migrate up --dry-run")],
  ["`--dry-run` where no database is named", 0, null, (p) => p.bare("migrate up --dry-run")],
  ["`--dry-run-execute` succeeds and is rolled back", 0, null, (p) => p.run("migrate up --dry-run-execute")],
  [
    "`--force` runs everything again",
    0,
    null,
    withFiles(
      { "db/migrations/1_a.up.sql": "create table if not exists a ()" },
      "migrate up --force --target 1",
    ),
  ],
  [
    "`--on-checksum-mismatch warn` and an edited migration",
    0,
    null,
    (p) => edited(p, "migrate up --on-checksum-mismatch warn"),
  ],
  [
    "`--auto-detect-baseline` records what the database holds",
    0,
    null,
    async (p) => (await p.ask("create table a (id int)"), p.run("migrate up --auto-detect-baseline")),
  ],
  [
    "a hook with `on_error: warn` fails",
    0,
    null,
    withHook("before_run", 'command: "exit 4", on_error: warn'),
  ],
  [
    "`--require-reversible` and a migration without a way back",
    1,
    null,
    withThird("create table c ()", "migrate up --require-reversible"),
  ],
  [
    "a migration needs a superuser, and the role is none",
    1,
    null,
    async (p) => {
      const { name, url } = await p.plainRole();
      await p.ask(`grant create on schema public to ${name}`);
      p.migrations({ "1_a": "-- confiture: requires-superuser\nselect 1" });
      return await p.run("migrate up", { CONFITURE_DATABASE_URL: url });
    },
  ],
  [
    "a hook fails before the run or a migration",
    1,
    "HOOK_1100",
    withHook("before_migration", 'command: "exit 4"'),
  ],
  [
    "a hook fails after a migration or the run",
    1,
    "HOOK_1101",
    withHook("after_migration", 'command: "exit 4"'),
  ],
  [
    "another run holds the migration lock",
    6,
    "LOCK_1300",
    (p) => p.whileLocked("migrate up --lock-timeout 50"),
  ],
  ["a migration does not get the locks it needs", 6, "LOCK_1301", behindAReader],
  ["Ctrl-C, or SIGTERM", 130, "INTERRUPTED", interrupted],
]);
