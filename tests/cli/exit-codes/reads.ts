import { applied, type Place, situations } from "./situation.ts";

/** Some other table of the ledger's name. */
const noLedger = (words: string) => async (place: Place) => {
  await place.ask("create table tb_confiture (version text)");
  return await place.run(words);
};

const STATUS = situations("migrate status", [
  ["nothing is pending", 0, null, applied("migrate status")],
  ["no database is named, so nothing is known", 0, null, (p) => p.bare("migrate status")],
  [
    "the migrations directory does not exist or is empty",
    0,
    null,
    async (p) => {
      p.write({ "empty/.keep": "" });
      return [
        await applied("migrate status --migrations-dir nowhere")(p),
        await p.run("migrate status --migrations-dir empty"),
      ];
    },
  ],
  [
    "migrations are pending",
    1,
    null,
    async (p) => (await p.run("migrate up --target 1"), p.run("migrate status")),
  ],
  ["there is no ledger", 2, null, (p) => p.run("migrate status")],
  ["the table of that name is no ledger, or may not be read", 3, "MIGR_012", noLedger("migrate status")],
  [
    "`--rebuild-threshold` without `--check-rebuild`",
    5,
    "CONFIG_008",
    (p) => p.run("migrate status --rebuild-threshold 3"),
  ],
]);

const CURRENT = situations("migrate current", [
  ["a revision is printed", 0, null, applied("migrate current")],
  [
    "nothing is applied: an empty line",
    0,
    null,
    async (p) => (
      await p.run("migrate up --target 1"),
      await p.run("migrate down"),
      p.run("migrate current")
    ),
  ],
  ["there is no ledger", 2, "PRECON_1001", (p) => p.run("migrate current")],
  ["the table of that name is no ledger, or may not be read", 3, "MIGR_012", noLedger("migrate current")],
  [
    "`--migrations-dir`, which it does not have",
    5,
    "CONFIG_008",
    (p) => p.run("migrate current --migrations-dir db/migrations"),
  ],
]);

const YES = { "db/migrations/1_a.verify.sql": "select true" };

const VERIFY = situations("migrate verify", [
  ["every assertion holds", 0, null, applied("migrate verify", YES)],
  ["no applied migration has an assertion", 0, null, applied("migrate verify")],
  ["`--allow-uninitialized` and no ledger", 0, null, (p) => p.run("migrate verify --allow-uninitialized")],
  [
    "an assertion says no",
    1,
    null,
    applied("migrate verify", { "db/migrations/1_a.verify.sql": "select false" }),
  ],
  [
    "an assertion cannot be asked",
    1,
    null,
    applied("migrate verify", { "db/migrations/1_a.verify.sql": "select x" }),
  ],
  ["there is no ledger", 2, "PRECON_1001", (p) => p.run("migrate verify")],
  ["`--version` names nothing that is applied", 3, "MIGR_100", applied("migrate verify --version 9")],
  [
    "the migrations directory does not exist",
    5,
    "CONFIG_004",
    applied("migrate verify --migrations-dir nowhere"),
  ],
  [
    "an assertion is not one query that only reads",
    5,
    "VERIFY_001",
    applied("migrate verify", { "db/migrations/1_a.verify.sql": "drop table a" }),
  ],
]);

const edited = (words: string) => applied(words, { "db/migrations/2_b.up.sql": "create table b (id int)" });

const checksums = (command: string) =>
  situations(command, [
    ["nothing was edited", 0, null, applied(command)],
    ["`--fix` records an edited migration", 0, null, edited(`${command} --fix`)],
    ["`--allow-uninitialized` and no ledger", 0, null, (p) => p.run(`${command} --allow-uninitialized`)],
    ["an applied migration was edited", 1, null, edited(command)],
    ["there is no ledger", 2, "PRECON_1001", (p) => p.run(command)],
    [
      "`--fix`: two files share a version",
      3,
      "MIGR_106",
      applied(`${command} --fix`, { "db/migrations/2_c.up.sql": "" }),
    ],
    [
      "the migrations directory does not exist",
      5,
      "CONFIG_004",
      applied(`${command} --migrations-dir nowhere`),
    ],
    ["`--no-lock` without `--fix`", 5, "CONFIG_008", (p) => p.run(`${command} --no-lock`)],
    [
      "`--fix` while another run holds the migration lock",
      6,
      "LOCK_1300",
      (p) => p.whileLocked(`${command} --fix --lock-timeout 50`),
    ],
  ]);

const INTROSPECT = situations("migrate introspect", [
  [
    "the version is found",
    0,
    null,
    async (p) => (await p.ask("create table a (id int)"), p.run("migrate introspect")),
  ],
  [
    "the database is no version of the chain",
    0,
    null,
    async (p) => (await p.ask("create table x ()"), p.run("migrate introspect")),
  ],
  [
    "two files share a version",
    3,
    "MIGR_106",
    (p) => (p.write({ "db/migrations/2_c.up.sql": "" }), p.run("migrate introspect")),
  ],
  [
    "the scratch server cannot be reached",
    3,
    "CONFIG_006",
    (p) => p.run("migrate introspect --scratch-url postgresql://x@127.0.0.1:1/x"),
  ],
  [
    "the migrations directory, or that of the snapshots, does not exist",
    5,
    "CONFIG_004",
    async (p) => [
      await p.run("migrate introspect --migrations-dir nowhere"),
      await p.run("migrate introspect --snapshots-dir nowhere"),
    ],
  ],
]);

export const READS = [
  ...STATUS,
  ...CURRENT,
  ...VERIFY,
  ...checksums("verify-checksums"),
  ...checksums("verify"),
  ...INTROSPECT,
];
