import { pooler } from "../../support/pooler.ts";
import { type Place, situations, withFiles } from "./situation.ts";
import { edited, withThird } from "./up.ts";

/** The second statement of version 3 fails, outside a transaction. */
async function halfDone(place: Place) {
  place.migrations({
    "3_i": "create index concurrently a_id on a (id);\ncreate index concurrently a_x on a (x);",
  });
  return await place.run("migrate up");
}

async function throughPooler(place: Place) {
  const { name } = await place.database();
  await using pool = await pooler(name, { mode: "transaction", size: 2 });
  const url = `postgresql://postgres@127.0.0.1:${pool.port}/${name}?sslmode=disable`;
  return await place.run("migrate up", { CONFITURE_DATABASE_URL: url });
}

export const UP_REFUSES = situations("migrate up", [
  ["a migration fails and is rolled back", 3, "MIGR_001", withThird("select 1 / 0")],
  [
    "`--dry-run-execute`: a migration fails",
    3,
    "MIGR_001",
    withThird("select 1 / 0", "migrate up --dry-run-execute"),
  ],
  ["an applied migration was edited", 3, "MIGR_011", (p) => edited(p, "migrate up")],
  [
    "the role may not create the ledger",
    3,
    "MIGR_012",
    async (p) => {
      const { url } = await p.plainRole();
      await p.ask("revoke create on schema public from public");
      return await p.run("migrate up", { CONFITURE_DATABASE_URL: url });
    },
  ],
  ["`--target` names no migration", 3, "MIGR_100", (p) => p.run("migrate up --target 9")],
  [
    "`--strict` and a .sql file that is no migration",
    3,
    "MIGR_102",
    withFiles({ "db/migrations/notes.sql": "" }, "migrate up --strict"),
  ],
  ["a directive that is not known", 3, "MIGR_102", withThird("-- confiture: no-transactions\nselect 1")],
  [
    "two files share a version",
    3,
    "MIGR_106",
    withFiles({ "db/migrations/2_c.up.sql": "select 1" }, "migrate up"),
  ],
  [
    "COMMIT or ROLLBACK stands in a migration",
    3,
    "MIGR_107",
    withThird("create table c ();\ncommit;\ncreate table d ()"),
  ],
  ["a migration does not parse", 3, "MIGR_108", withThird("creat table c ()")],
  ["a Python migration", 3, "MIGR_109", withFiles({ "db/migrations/3_c.py": "" }, "migrate up")],
  ["a migration outside a transaction stops half-way", 3, "MIGR_110", halfDone],
  [
    "what is done of a half-way migration was changed",
    3,
    "MIGR_111",
    async (p) => {
      await halfDone(p);
      p.migrations({ "3_i": "create index concurrently a_other on a (id);\nselect 1;" });
      return await p.run("migrate up");
    },
  ],
  [
    "a rollback is half-way",
    3,
    "MIGR_111",
    async (p) => {
      p.migrations({
        "3_i": ["create index a_id on a (id)", "drop index concurrently a_id;\ndrop index concurrently a_x;"],
      });
      await p.run("migrate up");
      await p.run("migrate down");
      return await p.run("migrate up");
    },
  ],
  [
    "the database is older than a squash",
    3,
    "MIGR_112",
    async (p) => {
      await p.run("migrate up --target 1");
      p.write({
        "db/migrations/2_b.up.sql": "-- confiture: squashes 1 2\ncreate table a (); create table b ()",
      });
      return await p.run("migrate up --on-checksum-mismatch ignore");
    },
  ],
  [
    "a module cannot be loaded",
    3,
    "MIGR_113",
    withFiles({ "db/migrations/3_c.ts": "export const down = 1;\n" }, "migrate up"),
  ],
  [
    "a file is not UTF-8",
    4,
    "SCHEMA_205",
    (p) => (
      p.project.write("db/migrations/3_c.up.sql", Buffer.from([0x2d, 0x2d, 0xe9])),
      p.run("migrate up")
    ),
  ],
  ["a psql command stands in a file", 4, "SCHEMA_207", withThird("\\i other.sql\n")],
  [
    "the migrations directory does not exist",
    5,
    "CONFIG_004",
    (p) => p.run("migrate up --migrations-dir nowhere"),
  ],
  [
    "flags that exclude each other",
    5,
    "CONFIG_008",
    async (p) => [
      await p.run("migrate up --dry-run --force"),
      await p.run("migrate up --dry-run --dry-run-execute"),
      await p.run("migrate up --snapshots-dir x"),
    ],
  ],
  ["a pooler in transaction mode stands before the server", 5, "CONFIG_012", throughPooler],
  [
    "`--auto-detect-baseline`: the database is no version of the chain",
    5,
    "BASELINE_001",
    async (p) => (await p.ask("create table by_hand ()"), p.run("migrate up --auto-detect-baseline")),
  ],
  [
    "a precondition is not met",
    5,
    "PRECON_1000",
    withFiles(
      {
        "db/migrations/3_c.ts":
          "export const up = () => {}, upPreconditions = [{ type: 'TableExists', table: 'nothing' }];\n",
      },
      "migrate up",
    ),
  ],
]);
