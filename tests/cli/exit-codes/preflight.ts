import { NOWHERE, type Place, situations } from "./situation.ts";

const SCHEMA = { "db/schema/1.sql": "create table a (id int);\ncreate table b ();\n" };

const rehearsed =
  (words: string, files: Readonly<Record<string, string>> = {}) =>
  (place: Place) => {
    place.write({ ...SCHEMA, ...files });
    return place.run(`migrate preflight ${words}`);
  };

const onCopy =
  (words: string, files: Readonly<Record<string, string>> = {}) =>
  async (place: Place) => {
    place.write({ ...SCHEMA, ...files });
    return await place.run(`migrate preflight --against ${await place.url()} ${words}`);
  };

export const PREFLIGHT = situations("migrate preflight", [
  ["the chain leads to what the DDL files say", 0, null, rehearsed("")],
  ["`--against`: on a copy, which is left as it was", 0, null, onCopy("")],
  [
    "what cannot run in a transaction is left out of the rehearsal, with a warning",
    0,
    null,
    onCopy("", { "db/migrations/3_c.up.sql": "vacuum a", "db/migrations/3_c.down.sql": "select 1" }),
  ],
  ["there are no DDL files to compare with", 0, null, (p) => p.run("migrate preflight")],
  ["`--static`: the files alone", 0, null, rehearsed("--static")],
  ["warnings", 0, null, rehearsed("--static", { "db/migrations/1_a.up.sql": "create index i on a (id)" })],
  [
    "there are rules for personal data, and a column has none",
    7,
    null,
    rehearsed("", { "db/sync/anonymization.yaml": "version: 1\ntables: {a: {columns: {}}}" }),
  ],
  [
    "the database whose ledger is to be read cannot be reached",
    3,
    "CONFIG_006",
    (p) => p.bare("migrate preflight --static", { CONFITURE_DATABASE_URL: NOWHERE }),
  ],
  ["the copy cannot be reached", 3, "CONFIG_006", (p) => p.run(`migrate preflight --against ${NOWHERE}`)],
  [
    "the scratch server cannot be reached",
    3,
    "CONFIG_006",
    (p) => p.run(`migrate preflight --scratch-url ${NOWHERE}`),
  ],
  ["`--since` names no migration", 3, "MIGR_100", rehearsed("--static --since 9")],
  ["a DDL file does not parse", 4, "SCHEMA_200", rehearsed("", { "db/schema/2.sql": "creat table c ();" })],
  [
    "the DDL files need something that is not there",
    4,
    "SCHEMA_202",
    rehearsed("", { "db/schema/2.sql": "create view v as select * from nothing;" }),
  ],
  [
    "the migrations directory does not exist",
    5,
    "CONFIG_004",
    (p) => p.run("migrate preflight --migrations-dir nowhere"),
  ],
  [
    "a flag that would change nothing",
    5,
    "CONFIG_008",
    async (p) => [
      await p.run("migrate preflight --static --against x"),
      await p.run("migrate preflight --allow-non-transactional"),
    ],
  ],
  [
    "drift: the result differs from the DDL files",
    7,
    null,
    rehearsed("", { "db/schema/2.sql": "create table c ();" }),
  ],
  ["a migration fails in the rehearsal", 7, null, onCopy("", { "db/migrations/2_b.up.sql": "select 1 / 0" })],
  [
    "a migration has no down file",
    7,
    null,
    rehearsed("--static", { "db/migrations/3_c.up.sql": "select 1" }),
  ],
  ["two files share a version", 7, null, rehearsed("--static", { "db/migrations/2_c.up.sql": "select 1" })],
  [
    "a migration does not parse",
    7,
    null,
    rehearsed("--static", { "db/migrations/2_b.up.sql": "creat table b ()" }),
  ],
  [
    "an applied migration was edited",
    7,
    null,
    async (p) => (
      await p.run("migrate up"),
      p.migrations({ "1_a": ["select 1", "select 1"] }),
      p.run("migrate preflight --static")
    ),
  ],
  [
    "a migration needs what an earlier one must commit first, and the copy may not be used up",
    7,
    null,
    async (p) => {
      await p.ask("create type kind as enum ('a'); create table k (k kind)");
      p.migrations({
        "3_c": ["alter type kind add value 'b'", "select 1"],
        "4_d": ["alter table k add check (k <> 'b')", "select 1"],
      });
      return await p.run(`migrate preflight --against ${await p.url()}`);
    },
  ],
  [
    "`--check-dependents fail`: a view is built on what is replaced",
    7,
    null,
    async (p) => {
      await p.ask("create view one as select 1 as n; create view two as select n from one");
      p.migrations({ "3_c": ["create or replace view one as select 1 as n", "select 1"] });
      return await p.run(`migrate preflight --against ${await p.url()} --check-dependents fail`);
    },
  ],
  [
    "a change that replicas cannot stand, where the config file names replicas",
    7,
    null,
    rehearsed("--static", {
      "db/migrations/1_a.up.sql": "create index i on a (id)",
      "db/environments/local.yaml": "infrastructure: {replicas: [standby]}\n",
    }),
  ],
  [
    "`--strict` and warnings",
    7,
    null,
    rehearsed("--static --strict", { "db/migrations/1_a.up.sql": "create index i on a (id)" }),
  ],
]);
