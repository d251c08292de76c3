import { type Place, situations, withFiles } from "./situation.ts";

const SCHEMA = { "db/schema/1.sql": "create table a (id int);\ncreate table b ();\n" };
const BAD = { "db/schema/1.sql": "create tabel a ();\n" };

/** Run a command with the DDL files written and the database like this. */
const having =
  (text: string, words: string, files: Readonly<Record<string, string>> = SCHEMA) =>
  async (place: Place) => {
    place.write(files);
    if (text !== "") await place.ask(text);
    return await place.run(words);
  };

const SAME = "create table a (id int); create table b ()";
const EXTRA = `${SAME}; create table c ()`;

const DIFF = situations("diff", [
  [
    "the two are the same",
    0,
    null,
    async (p) => {
      p.write(SCHEMA);
      return [
        await p.run("diff db/schema migrations"),
        await p.run("diff db/schema/1.sql db"),
        await p.run("diff empty empty"),
      ];
    },
  ],
  [
    "they differ",
    1,
    null,
    async (p) => {
      p.write(SCHEMA);
      return [await p.run("diff migrations@1 db/schema"), await p.run("diff empty db/schema --no-plan")];
    },
  ],
  [
    "a difference that would cost rows",
    4,
    "DIFFER_404",
    withFiles(
      {
        "a.sql": "create table t (a int); create table holder (one t)",
        "b.sql": "create table t (a int) partition by list (a); create table holder (one t)",
      },
      "diff a.sql b.sql",
    ),
  ],
  [
    "a migration fails",
    3,
    "MIGR_001",
    withFiles({ "db/migrations/3_c.up.sql": "drop table x" }, "diff migrations empty"),
  ],
  ["`migrations@VERSION` names no migration", 3, "MIGR_100", (p) => p.run("diff migrations@9 empty")],
  [
    "a database, or the scratch server, cannot be reached",
    3,
    "CONFIG_006",
    async (p) => [
      await p.run("diff empty postgresql://x@127.0.0.1:1/x"),
      await p.run("diff empty empty --scratch-url postgresql://x@127.0.0.1:1/x"),
    ],
  ],
  [
    "no PostgreSQL of the version asked for",
    3,
    "SCRATCH_001",
    async (p) => p.run(`diff empty empty --major 99`),
  ],
  ["a DDL file does not parse", 4, "SCHEMA_200", withFiles(BAD, "diff empty db/schema")],
  [
    "a folder without DDL files, or `git:REF` without any",
    4,
    "SCHEMA_201",
    async (p) => (p.write({ "none/.keep": "" }), p.run("diff empty none")),
  ],
  ["a side that is none of those there are", 5, "DIFFER_402", (p) => p.run("diff empty nowhere")],
  [
    "the connection string of a side is malformed",
    5,
    "CONFIG_003",
    (p) => p.run("diff empty postgresql://h:port/x"),
  ],
  [
    "`--database-url`, which it does not have",
    5,
    "CONFIG_008",
    (p) => p.run("diff empty empty --database-url x"),
  ],
  [
    "`--major` is not that of a database that is compared",
    5,
    "CONFIG_008",
    async (p) => p.run(`diff empty ${await p.url()} --major 99`),
  ],
  [
    "git does not know the ref, or there is no repository",
    7,
    "DIFFER_403",
    withFiles(SCHEMA, "diff git:main db/schema"),
  ],
]);

const MIGRATE_DIFF = situations("migrate diff", [
  ["the migrations lead to what the DDL files say", 0, null, withFiles(SCHEMA, "migrate diff")],
  ["they do not", 1, null, withFiles(SCHEMA, "migrate diff migrations@1")],
  ["there are no DDL files", 4, "SCHEMA_201", (p) => p.run("migrate diff")],
]);

const DRIFT = situations("drift", [
  ["the database is what the DDL files say", 0, null, having(SAME, "drift")],
  [
    "the same of one file, or of the migrations",
    0,
    null,
    async (p) => [
      await having(SAME, "drift --schema db/schema/1.sql")(p),
      await p.run("drift --against migrations"),
    ],
  ],
  ["something is only in the database: a warning", 0, null, having(EXTRA, "drift")],
  ["what differs is ignored", 0, null, having("create table a (id int)", "drift --ignore table*b")],
  ["something is missing, and `--warn-only`", 0, null, having("", "drift --warn-only")],
  ["something is missing", 1, null, having("create table a (id int)", "drift")],
  ["only warnings, and `--fail-on-warning`", 1, null, having(EXTRA, "drift --fail-on-warning")],
  [
    "the table of the ledger's name is no ledger",
    3,
    "MIGR_012",
    having("create table tb_confiture (version text)", "drift"),
  ],
  [
    "`--against migrations@VERSION` names no migration",
    3,
    "MIGR_100",
    having("", "drift --against migrations@9"),
  ],
  [
    "the scratch server cannot be reached",
    3,
    "CONFIG_006",
    having("", "drift --scratch-url postgresql://x@127.0.0.1:1/x"),
  ],
  ["a DDL file does not parse", 4, "SCHEMA_200", having("", "drift", BAD)],
  [
    "there are no DDL files, or `--schema` does not exist",
    4,
    "SCHEMA_201",
    async (p) => [await p.run("drift"), await p.run("drift --schema nowhere.sql")],
  ],
  [
    "`--schema` with `--against`, or `--warn-only` with `--fail-on-warning`",
    5,
    "CONFIG_008",
    async (p) => [
      await having("", "drift --schema db/schema --against migrations")(p),
      await p.run("drift --warn-only --fail-on-warning"),
    ],
  ],
  ["`--against` names no source", 5, "DIFFER_402", having("", "drift --against nowhere")],
  ["`--against git:REF`, and git does not know it", 7, "DIFFER_403", having("", "drift --against git:main")],
]);

/** What is made of rows cannot be made without them. */
const NEEDS_ROWS = `
  create table t as select 1 as a;
  create function f() returns int immutable language plpgsql
    as $$ begin if not exists (select from public.t) then raise 'empty'; end if; return 1; end $$;
  create table u (a int);
  create materialized view m as select public.f() as a;
`;

const EXPORT = situations("export", [
  ["the files are written", 0, null, having(SAME, "export --no-owner --no-privileges", {})],
  ["the directory has `.sql` files, and there is no `--force`", 5, "CONFIG_008", having(SAME, "export")],
  [
    "the directory cannot be written",
    5,
    "CONFIG_004",
    having(SAME, "export --output-dir db/x", { "db/x": "" }),
  ],
  [
    "the scratch server cannot be reached",
    3,
    "CONFIG_006",
    having("", "export --scratch-url postgresql://x@127.0.0.1:1/x", {}),
  ],
  ["the files would not build to the same schema", 4, "DIFFER_409", having(NEEDS_ROWS, "export", {})],
]);

const INTROSPECT = situations("introspect", [
  [
    "tables are told, or there are none",
    0,
    null,
    async (p) => [
      await p.run("introspect"),
      await having(SAME, "introspect --prefix a")(p),
      await p.run("introspect --all-schemas --all-tables --no-hints"),
    ],
  ],
  [
    "the table of the ledger's name is no ledger",
    3,
    "MIGR_012",
    having("create table tb_confiture (version text)", "introspect"),
  ],
  ["`--schema` names none", 5, "CONFIG_008", (p) => p.run("introspect --schema nowhere")],
  [
    "`--db` with `--database-url`, `--schema` with `--all-schemas`, `--prefix` with `--all-tables`",
    5,
    "CONFIG_008",
    async (p) => [
      await p.run("introspect --db x --database-url x"),
      await p.run("introspect --schema public --all-schemas"),
      await p.run("introspect --prefix tb_ --all-tables"),
      await p.run("introspect --hints --no-hints"),
    ],
  ],
]);

export const COMPARE = [...DIFF, ...MIGRATE_DIFF, ...DRIFT, ...EXPORT, ...INTROSPECT];
