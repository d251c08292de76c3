import { NOWHERE, situations, withoutDatabase } from "./situation.ts";
import { among, PASSED } from "./coordinate.ts";

const CONFIG = "db/environments/local.yaml";

const GENERATORS = {
  [CONFIG]: "migration: {migration_generators: {copy: {command: 'cp {to} {output} && test -e {from}'}}}\n",
  "old.sql": "select 1;\n",
  "new.sql": "select 2;\n",
};

const SCHEMA = { [CONFIG]: "include_dirs: [db/schema]\n", "none/.keep": "" };

const GENERATE = situations("migrate generate", [
  ["the files of a new migration are written", 0, null, (p) => p.bare("migrate generate add_c")],
  ["`--dry-run`", 0, null, (p) => p.bare("migrate generate add_c --dry-run")],
  [
    "`--intent`: with a version that is reserved for it",
    0,
    null,
    async (p) => [
      await among("migrate generate add_c --intent ada --dry-run")(p),
      await p.run("migrate generate add_c --intent ada"),
    ],
  ],
  ["there is no such intent", 1, "COORD_1002", among("migrate generate add_c --intent eve")],
  [
    "the database of `--intent` cannot be reached",
    3,
    "CONFIG_006",
    (p) => p.bare(`migrate generate add_c --intent ada -d ${NOWHERE}`),
  ],
  [
    "`--intent` in a database without the tables of coordination",
    5,
    "COORD_1001",
    (p) => p.run("migrate generate add_c --intent ada"),
  ],
  [
    "the intent has conflicts, or is completed, merged or abandoned",
    5,
    "COORD_1004",
    among("migrate generate add_c --intent bob"),
  ],
  [
    "the lease of the intent has passed",
    5,
    "COORD_1005",
    among("migrate generate add_c --intent ada", PASSED),
  ],
  [
    "`--database-url` without `--intent`",
    5,
    "CONFIG_008",
    (p) => p.bare(`migrate generate add_c -d ${NOWHERE}`),
  ],
  [
    "an external program writes it",
    0,
    null,
    withoutDatabase(GENERATORS, "migrate generate add_c --generator copy --from old.sql --to new.sql"),
  ],
  [
    "`--from-schema`, and the DDL files say more than the migrations",
    0,
    null,
    withoutDatabase(
      { ...SCHEMA, "db/schema/1.sql": "create table a (id int);\n" },
      "migrate generate add_a --from-schema --migrations-dir none",
    ),
  ],
  [
    "`--from-schema`, and nothing differs",
    1,
    "DIFFER_408",
    withoutDatabase(
      { ...SCHEMA, "db/schema/1.sql": "select 1;\n" },
      "migrate generate add_a --from-schema --migrations-dir none",
    ),
  ],
  [
    "`--from-schema`, and the plan drops a table, without `--allow data-loss`",
    5,
    "DIFFER_407",
    withoutDatabase(
      { ...SCHEMA, "db/schema/1.sql": "select 1;\n", "none/1_a.up.sql": "create table gone (id int);\n" },
      "migrate generate drop_it --from-schema --migrations-dir none",
    ),
  ],
  [
    "the external program fails or writes nothing",
    3,
    "GEN_001",
    withoutDatabase(GENERATORS, "migrate generate add_c --generator copy --from old.sql --to db"),
  ],
  [
    "the input of the external program does not exist",
    5,
    "CONFIG_004",
    withoutDatabase(GENERATORS, "migrate generate add_c --generator copy --from old.sql --to no.sql"),
  ],
  ["a name that is none", 5, "CONFIG_008", (p) => p.bare("migrate generate Add-C")],
  [
    "an unknown `--generator`, or one without `--from` and `--to`",
    5,
    "CONFIG_008",
    async (p) => [
      await withoutDatabase(GENERATORS, "migrate generate x --generator copy")(p),
      await p.bare("migrate generate x --generator y --from old.sql --to new.sql"),
    ],
  ],
]);

const DUPLICATE = { "db/migrations/2_c.up.sql": "select 1" };
const STRAY = { "db/migrations/notes.sql": "" };

const VALIDATE = situations("migrate validate", [
  ["every check passes", 0, null, (p) => p.bare("migrate validate")],
  ["warnings, e.g. a .sql file that is no migration", 0, null, withoutDatabase(STRAY, "migrate validate")],
  ["`--list-checks`", 0, null, (p) => p.bare("migrate validate --list-checks")],
  [
    "`--fix-naming`",
    0,
    null,
    withoutDatabase({ "db/migrations/3_c.sql": "select 1" }, "migrate validate --fix-naming"),
  ],
  ["two files share a version", 1, null, withoutDatabase(DUPLICATE, "migrate validate")],
  [
    "`--strict`, or `strict_mode`, and warnings",
    1,
    null,
    async (p) => [
      await withoutDatabase(STRAY, "migrate validate --strict")(p),
      await withoutDatabase({ [CONFIG]: "migration: {strict_mode: true}\n" }, "migrate validate")(p),
    ],
  ],
  [
    "`--fix-naming`: the ledger cannot be read, which is told",
    0,
    null,
    (p) => {
      p.write({ "db/migrations/3_c.sql": "select 1" });
      return p.bare("migrate validate --fix-naming", { CONFITURE_DATABASE_URL: NOWHERE });
    },
  ],
  [
    "the migrations directory does not exist",
    5,
    "CONFIG_004",
    (p) => p.bare("migrate validate --migrations-dir nowhere"),
  ],
  [
    "a check that does not exist, or a flag that would change nothing",
    5,
    "CONFIG_008",
    async (p) => [await p.bare("migrate validate --check nope"), await p.bare("migrate validate --dry-run")],
  ],
]);

const DATABASE = { [CONFIG]: "database_url: postgresql://me@localhost/shop\n" };

const VALIDATE_CONFIG = situations("validate-config", [
  [
    "configuration and files are valid; nothing is connected to",
    0,
    null,
    withoutDatabase(DATABASE, "validate-config"),
  ],
  [
    "the configuration is not valid",
    5,
    null,
    withoutDatabase({ [CONFIG]: "include_dir: [db]\n" }, "validate-config"),
  ],
  ["nothing names a database", 5, null, (p) => p.bare("validate-config")],
  [
    "two sources name a database",
    5,
    null,
    (p) => (p.write(DATABASE), p.bare(`validate-config -c ${CONFIG}`, { CONFITURE_DATABASE_URL: NOWHERE })),
  ],
  [
    "two migration files share a version",
    5,
    null,
    withoutDatabase({ ...DATABASE, ...DUPLICATE }, "validate-config"),
  ],
  [
    "the migrations directory that is named does not exist",
    5,
    null,
    withoutDatabase(DATABASE, "validate-config --migrations-dir nowhere"),
  ],
  [
    "`--strict` and warnings",
    5,
    null,
    withoutDatabase({ ...DATABASE, ...STRAY }, "validate-config --strict"),
  ],
  [
    "flags that exclude each other",
    5,
    "CONFIG_008",
    (p) => p.bare(`validate-config --no-config -c ${CONFIG}`),
  ],
]);

const OLD = { "old/1_a.sql": "-- migrate:up\nselect 1;\n", "old/2_b.sql": "select 1;\n" };

const IMPORT = situations("import", [
  [
    "every migration of the other tool is written anew",
    0,
    null,
    withoutDatabase({ "old/1_a.sql": OLD["old/1_a.sql"] }, "import dbmate old --migrations-dir new"),
  ],
  [
    "`--partial`: some are left out",
    1,
    null,
    withoutDatabase(OLD, "import dbmate old --migrations-dir new --partial"),
  ],
  [
    "a migration cannot be carried",
    5,
    "ADOPT_003",
    withoutDatabase(OLD, "import dbmate old --migrations-dir new"),
  ],
  [
    "a migration is there already",
    5,
    "ADOPT_004",
    withoutDatabase({ "old/1_a.sql": OLD["old/1_a.sql"] }, "import dbmate old"),
  ],
  ["the directory of the other tool does not exist", 5, "CONFIG_004", (p) => p.bare("import dbmate nowhere")],
  ["an unknown tool", 5, "CONFIG_008", withoutDatabase(OLD, "import ansible old")],
]);

export const FILES = [...GENERATE, ...VALIDATE, ...VALIDATE_CONFIG, ...IMPORT];
