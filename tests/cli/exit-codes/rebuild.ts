import { applied, type Place, situations, withFiles } from "./situation.ts";

const SCHEMA = { "db/schema/1.sql": "create table a (id int);\ncreate table b ();\n" };

/** The config file names the database, and says that it is protected. */
const protectedPlace = (words: string) => async (place: Place) => {
  place.write({
    ...SCHEMA,
    "db/environments/prod.yaml": `database_url: ${await place.url()}\nprotected: true\n`,
  });
  return await place.bare(`${words} --env prod`);
};

const REINIT = situations("migrate reinit", [
  ["`--yes`: the ledger begins anew", 0, null, applied("migrate reinit --yes")],
  ["`--dry-run`", 0, null, applied("migrate reinit --dry-run")],
  [
    "`--through` names no migration, or there are none",
    3,
    "MIGR_100",
    async (p) => (
      p.write({ "empty/.keep": "" }),
      [await p.run("migrate reinit -y --through 9"), await p.run("migrate reinit -y --migrations-dir empty")]
    ),
  ],
  [
    "two files share a version",
    3,
    "MIGR_106",
    withFiles({ "db/migrations/2_c.up.sql": "" }, "migrate reinit -y"),
  ],
  [
    "the migrations directory does not exist",
    5,
    "CONFIG_004",
    (p) => p.run("migrate reinit -y --migrations-dir nowhere"),
  ],
  ["without `--yes`", 5, "CONFIG_008", applied("migrate reinit")],
  ["the config file says `protected: true`", 5, "CONFIG_008", protectedPlace("migrate reinit --yes")],
  [
    "another run holds the migration lock",
    6,
    "LOCK_1300",
    (p) => p.whileLocked("migrate reinit -y --lock-timeout 50"),
  ],
]);

const REBUILD = situations("migrate rebuild", [
  ["`--yes`: an empty database is built", 0, null, withFiles(SCHEMA, "migrate rebuild --yes")],
  [
    "`--yes --drop-schemas`: one that is not",
    0,
    null,
    async (p) => (
      p.write(SCHEMA),
      await p.run("migrate up"),
      p.run("migrate rebuild --yes --drop-schemas --verify")
    ),
  ],
  ["`--dry-run`", 0, null, withFiles(SCHEMA, "migrate rebuild --dry-run")],
  [
    "two files share a version",
    3,
    "MIGR_106",
    withFiles({ ...SCHEMA, "db/migrations/2_c.up.sql": "" }, "migrate rebuild --yes"),
  ],
  [
    "the database is not empty",
    4,
    "REBUILD_001",
    async (p) => (p.write(SCHEMA), await p.ask("create table x ()"), p.run("migrate rebuild --yes")),
  ],
  ["there are no DDL files", 4, "SCHEMA_201", (p) => p.run("migrate rebuild --yes")],
  [
    "a DDL file does not parse",
    4,
    "SCHEMA_200",
    withFiles({ "db/schema/1.sql": "creat table a ();" }, "migrate rebuild --yes"),
  ],
  [
    "a statement of a DDL file fails",
    4,
    "SCHEMA_001",
    withFiles({ "db/schema/1.sql": "select 1 / 0;" }, "migrate rebuild --yes"),
  ],
  [
    "the migrations directory does not exist",
    5,
    "CONFIG_004",
    withFiles(SCHEMA, "migrate rebuild --yes --migrations-dir nowhere"),
  ],
  ["without `--yes`", 5, "CONFIG_008", withFiles(SCHEMA, "migrate rebuild")],
  ["the config file says `protected: true`", 5, "CONFIG_008", protectedPlace("migrate rebuild --yes")],
  [
    "another run holds the migration lock",
    6,
    "LOCK_1300",
    async (p) => (p.write(SCHEMA), p.whileLocked("migrate rebuild --yes --lock-timeout 50")),
  ],
]);

const SQUASH = situations("migrate squash", [
  [
    "the first migrations become one, which is proven to do the same",
    0,
    null,
    (p) => p.run("migrate squash --through 2"),
  ],
  ["`--dry-run`", 0, null, (p) => p.run("migrate squash --through 2 --dry-run")],
  ["`--through` names no migration", 3, "MIGR_100", (p) => p.run("migrate squash --through 9")],
  ["they cannot be squashed", 3, "MIGR_114", (p) => p.run("migrate squash --through 1")],
  [
    "the scratch server cannot be reached",
    3,
    "CONFIG_006",
    (p) => p.run("migrate squash --through 2 --scratch-url postgresql://x@127.0.0.1:1/x"),
  ],
  [
    "the migrations directory does not exist",
    5,
    "CONFIG_004",
    (p) => p.run("migrate squash --through 2 --migrations-dir nowhere"),
  ],
  [
    "no `--through`, or a name that is none",
    5,
    "CONFIG_008",
    async (p) => [await p.run("migrate squash"), await p.run("migrate squash --through 2 --name A-B")],
  ],
]);

export const ANEW = [...REINIT, ...REBUILD, ...SQUASH];
