import { type Place, situations, withFiles } from "./situation.ts";

const GOLANG = "create table schema_migrations (version bigint primary key, dirty boolean not null)";

const asked = (statement: string, words: string) => async (place: Place) => {
  await place.ask(statement);
  return await place.run(words);
};

const BASELINE = situations("migrate baseline", [
  [
    "migrations are marked, or were already",
    0,
    null,
    async (p) => [await p.run("migrate baseline --through 2"), await p.run("migrate baseline -t 2_b")],
  ],
  ["`--dry-run`", 0, null, (p) => p.run("migrate baseline --through 2 --dry-run")],
  [
    "`--from-db`: the ledger of another database",
    0,
    null,
    async (p) => (await p.run("migrate up"), p.run(`migrate baseline --from-db ${await p.url()}`)),
  ],
  [
    "`--from-tool`: the history of another tool",
    0,
    null,
    asked(`${GOLANG}; insert into schema_migrations values (1, false)`, "migrate baseline --from-tool auto"),
  ],
  [
    "`--from-db` has no ledger",
    2,
    "PRECON_1001",
    async (p) => p.run(`migrate baseline --from-db ${await p.url()}`),
  ],
  [
    "`--from-db` cannot be reached",
    3,
    "CONFIG_006",
    (p) => p.run("migrate baseline --from-db postgresql://x@127.0.0.1:1/x"),
  ],
  ["`--through` names no migration", 3, "MIGR_100", (p) => p.run("migrate baseline --through 9")],
  [
    "two files share a version",
    3,
    "MIGR_106",
    withFiles({ "db/migrations/2_c.up.sql": "" }, "migrate baseline --through 2"),
  ],
  [
    "the history of another tool is not there, or several are",
    5,
    "ADOPT_001",
    (p) => p.run("migrate baseline --from-tool auto"),
  ],
  [
    "the history of another tool is not clean",
    5,
    "ADOPT_002",
    asked(
      `${GOLANG}; insert into schema_migrations values (1, true)`,
      "migrate baseline --from-tool golang-migrate",
    ),
  ],
  [
    "the migrations directory does not exist",
    5,
    "CONFIG_004",
    (p) => p.run("migrate baseline --through 1 --migrations-dir nowhere"),
  ],
  ["nothing says what is applied", 5, "CONFIG_008", (p) => p.run("migrate baseline")],
  [
    "another run holds the migration lock",
    6,
    "LOCK_1300",
    (p) => p.whileLocked("migrate baseline --through 1 --lock-timeout 50"),
  ],
]);

/** The config file has a connection for the role `admin`, which here is the same. */
const asAdmin = (words: string, admin?: (place: Place) => Promise<string>) => async (place: Place) => {
  const url = await place.url();
  place.write({
    "db/environments/local.yaml": `database_url: ${url}\napply_as: {admin: {url: "${(await admin?.(place)) ?? url}"}}\n`,
  });
  return await place.bare(`migrate apply-as ${words}`);
};

const APPLY_AS = situations("migrate apply-as", [
  ["the next migration is applied", 0, null, asAdmin("admin 1")],
  [
    "the migration fails",
    3,
    "MIGR_001",
    async (p) => (p.migrations({ "1_a": "select 1 / 0" }), asAdmin("admin 1")(p)),
  ],
  [
    "no such migration, it is applied already, or it is not its turn",
    3,
    "MIGR_100",
    async (p) => {
      await p.run("migrate up --target 1");
      p.migrations({ "3_c": "select 1" });
      return [await asAdmin("admin 9")(p), await asAdmin("admin 1")(p), await asAdmin("admin 3")(p)];
    },
  ],
  [
    "the database, or the role's, cannot be reached",
    3,
    "CONFIG_006",
    asAdmin("admin 1", async () => "postgresql://x@127.0.0.1:1/x"),
  ],
  ["the role has no connection in the config file", 5, "CONFIG_001", asAdmin("other 1")],
  [
    "the role's connection leads to another database",
    5,
    "CONFIG_008",
    asAdmin("admin 1", async (p) => (await p.url()).replace(/\/t_\w+/, "/postgres")),
  ],
  [
    "the migration needs a superuser, and the role is none",
    5,
    "CONFIG_008",
    async (p) => {
      p.migrations({ "2_b": "-- confiture: requires-superuser\nselect 1" });
      await p.run("migrate up --target 1");
      const { name, url } = await p.plainRole();
      await p.ask(`grant all on all tables in schema public to ${name}`);
      return await asAdmin("admin 2", async () => url)(p);
    },
  ],
  [
    "another run holds the migration lock",
    6,
    "LOCK_1300",
    async (p) => {
      const url = await p.url();
      p.write({ "db/environments/local.yaml": `database_url: ${url}\napply_as: {admin: {url: "${url}"}}\n` });
      return await p.whileLocked("migrate apply-as admin 1 --lock-timeout 50");
    },
  ],
]);

const HELPERS = situations("install-helpers", [
  [
    "the functions are installed, or up to date",
    0,
    null,
    async (p) => [await p.run("install-helpers"), await p.run("install-helpers")],
  ],
  ["`--dry-run`", 0, null, (p) => p.run("install-helpers --dry-run")],
  [
    "the config file says `view_helpers: off`",
    5,
    "CONFIG_008",
    withFiles({ "db/environments/local.yaml": 'migration: {view_helpers: "off"}\n' }, "install-helpers"),
  ],
  [
    "another run holds the migration lock",
    6,
    "LOCK_1300",
    (p) => p.whileLocked("install-helpers --lock-timeout 50"),
  ],
]);

export const LEDGER = [...BASELINE, ...APPLY_AS, ...HELPERS];
