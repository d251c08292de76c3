import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testDatabase } from "../../support/database.ts";
import { NOWHERE, type Place, situations, withFiles } from "./situation.ts";

const TABLES = `
  create table account (id int primary key, email text unique);
  create table login (id int primary key, account int references account)`;

const RULES = `
version: 1
tables:
  account: {columns: {id: keep, email: email}}
  login: {columns: {id: keep}}
`;

const KEY = { CONFITURE_SYNC_KEY: "a key of the tests, 1" };

interface Given {
  readonly rules?: string;
  /** For both databases. */
  readonly both?: string;
  /** For the target alone. */
  readonly target?: string;
  readonly settings?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Sync from a database with some rows into that of the place, which `local.yaml` names. */
const syncing =
  (words: string, { rules = RULES, both = "", target = "", settings = "", environment = KEY }: Given = {}) =>
  async (place: Place) => {
    await using source = await testDatabase();
    await using db = await Connection.open(source.url);
    await db.run(
      sql.raw(
        `${TABLES};${both}; insert into account values (1, 'ada@real.org'); insert into login values (1, 1)`,
      ),
    );
    await place.ask(`${TABLES};${both};${target}`);
    place.write({
      "db/environments/prod.yaml": `database_url: ${source.url}\n`,
      "db/environments/local.yaml": `database_url: ${await place.url()}\n${settings}`,
      "db/sync/anonymization.yaml": rules,
    });
    return await place.bare(`sync --from prod ${words}`, environment);
  };

/** `sync check` of rules against DDL files, or against the place's database. */
const checking =
  (words: string, rules = RULES) =>
  async (place: Place) => {
    place.write({ "db/schema/1.sql": `${TABLES};`, "db/sync/anonymization.yaml": rules });
    return await place.run(`sync check ${words}`);
  };

const CHECK = situations("sync check", [
  ["every column of the DDL files has a rule", 0, null, checking("")],
  [
    "`--from`: every column of a database has one",
    0,
    null,
    async (p) => (await p.ask(TABLES), checking(`--from ${await p.url()}`)(p)),
  ],
  ["a column has none, or one that does not fit", 1, null, checking("", RULES.replace("id: keep, ", ""))],
  ["the database cannot be reached", 3, "CONFIG_006", checking(`--from ${NOWHERE}`)],
  [
    "there are no DDL files",
    5,
    "CONFIG_001",
    withFiles({ "db/sync/anonymization.yaml": RULES }, "sync check"),
  ],
  ["the rules file is malformed", 5, "CONFIG_002", checking("", "version: 2")],
  ["the rules file is not there", 5, "CONFIG_004", (p) => p.run("sync check")],
]);

/** `sync verify` of a database with an address in a note against the place's. */
const verifying =
  (words: string, { rules = RULES, note = "nothing" } = {}) =>
  async (place: Place) => {
    await using source = await testDatabase();
    await using db = await Connection.open(source.url);
    const note_column = "alter table login add note text";
    await db.run(sql.raw(`${TABLES}; ${note_column}; insert into account values (1, 'ada@real.org')`));
    await place.ask(`${TABLES}; ${note_column}; insert into login values (1, null, '${note}')`);
    place.write({
      "db/sync/anonymization.yaml": rules.replace("login: {columns: {", "login: {columns: {note: keep, "),
    });
    return await place.bare(`sync verify --from ${source.url} --to ${await place.url()} ${words}`);
  };

const VERIFY = situations("sync verify", [
  ["no value of a masked column is found", 0, null, verifying("")],
  ["one is found", 1, null, verifying("--scan sample", { note: "ask ada@real.org" })],
  [
    "the source cannot be reached",
    3,
    "CONFIG_006",
    async (p) => (
      p.write({ "db/sync/anonymization.yaml": RULES }),
      p.bare(`sync verify --from ${NOWHERE} --to ${await p.url()}`)
    ),
  ],
  ["a column has no rule", 5, "ANON_1403", verifying("", { rules: RULES.replace("id: keep, ", "") })],
  [
    "the rules file is not there",
    5,
    "CONFIG_004",
    (p) => p.bare(`sync verify --from ${NOWHERE} --to ${NOWHERE}`),
  ],
]);

/** `sync init` from the place's database, with what stands in the rules file. */
const proposing =
  (words: string, rules?: string, database = TABLES) =>
  async (place: Place) => {
    await place.ask(database);
    if (rules !== undefined) place.write({ "db/sync/anonymization.yaml": rules });
    return await place.bare(`sync init --from ${await place.url()} ${words}`);
  };

const INIT = situations("sync init", [
  ["a rules file is proposed", 0, null, proposing("")],
  ["the rules file lacks columns, which are added", 0, null, proposing("", "version: 1\ntables: {}")],
  ["the rules file lacks nothing", 0, null, proposing("", RULES)],
  ["`--force`: the rules file is written anew", 0, null, proposing("--force", "version: 2")],
  [
    "the role may not read a table",
    1,
    "SQL_001",
    async (p) => (
      await p.ask("create table t (a text)"),
      p.bare(`sync init --from ${(await p.plainRole()).url}`)
    ),
  ],
  ["the database cannot be reached", 3, "CONFIG_006", (p) => p.bare(`sync init --from ${NOWHERE}`)],
  [
    "the database has no tables, or none that are chosen",
    5,
    "SYNC_301",
    async (p) => [await proposing("", undefined, "select 1")(p), await proposing("--exclude *")(p)],
  ],
  [
    "a rule of the file does not fit its column",
    5,
    "ANON_1400",
    proposing("", RULES.replace("id: keep", "id: email")),
  ],
  [
    "the rules file names an anonymizer that does not exist",
    5,
    "ANON_1401",
    proposing("", RULES.replace("keep", "kept")),
  ],
  ["the rules file is malformed", 5, "CONFIG_002", proposing("", "version: 2")],
  ["the rules file cannot be read or written", 5, "CONFIG_004", proposing("--anonymization-config db")],
  ["`--from` is missing", 5, "CONFIG_008", (p) => p.bare("sync init")],
]);

const COPY = situations("sync", [
  ["rows are copied and anonymized", 0, null, syncing("--anonymize")],
  ["`--dry-run`: the plan", 0, null, syncing("--anonymize --dry-run")],
  [
    "`--anonymize table.column=anonymizer` beside the rules file",
    0,
    null,
    syncing("--anonymize account.email=null"),
  ],
  [
    "`--allow-plaintext`: rows are copied as they are",
    0,
    null,
    syncing("--allow-plaintext", { environment: {} }),
  ],
  [
    "the source cannot be reached",
    3,
    "CONFIG_006",
    (p) => p.bare(`sync --from ${NOWHERE} --to ${NOWHERE} --anonymize a.b=null`),
  ],
  ["neither `--anonymize` nor `--allow-plaintext`", 5, "SYNC_001", syncing("")],
  ["the target is the source", 5, "SYNC_001", syncing("--to prod --anonymize")],
  [
    "the target's config file says `protected: true`",
    5,
    "SYNC_001",
    syncing("--anonymize", { settings: "protected: true\n" }),
  ],
  [
    "the target holds rows, without `--replace`",
    5,
    "SYNC_001",
    syncing("--anonymize", { target: "insert into account values (7, 'x')" }),
  ],
  [
    "a table that is not copied refers to one that is emptied",
    5,
    "SYNC_001",
    syncing("--anonymize --tables account"),
  ],
  ["a table or column is not there", 5, "SYNC_301", syncing("--anonymize --tables accounts")],
  [
    "the target has another column",
    5,
    "SYNC_301",
    syncing("--anonymize", { target: "alter table account drop email" }),
  ],
  [
    "`--schema-check`: the target has another default, index, trigger or the like",
    5,
    "SYNC_301",
    syncing("--anonymize --schema-check --dry-run", { target: "create index on account (email)" }),
  ],
  [
    "a column that is copied as it is names large objects",
    5,
    "SYNC_301",
    syncing("--anonymize", {
      rules: RULES.replace("email: email", "email: email, file: keep"),
      both: "alter table account add file oid default lo_create(0)",
    }),
  ],
  [
    "the target refuses rows",
    5,
    "SYNC_303",
    syncing("--anonymize", { target: "alter table account add check (id > 1)" }),
  ],
  [
    "a value of a masked column is found in another",
    5,
    "SYNC_304",
    syncing("--anonymize", {
      rules: RULES.replace("email: email", "email: email, note: keep"),
      both: "alter table account add note text default 'ask ada@real.org, please'",
    }),
  ],
  ["`--resume` without an interrupted sync", 5, "SYNC_305", syncing("--anonymize --resume")],
  [
    "a rule does not fit its column",
    5,
    "ANON_1400",
    syncing("--anonymize", { rules: RULES.replace("id: keep", "id: email") }),
  ],
  [
    "an anonymizer does not exist",
    5,
    "ANON_1401",
    syncing("--anonymize", { rules: RULES.replace("keep", "kept") }),
  ],
  ["`CONFITURE_SYNC_KEY` is not set", 5, "ANON_1402", syncing("--anonymize", { environment: {} })],
  [
    "a column has no rule",
    5,
    "ANON_1403",
    syncing("--anonymize", { rules: RULES.replace("id: keep, ", "") }),
  ],
  ["the rules file is malformed", 5, "CONFIG_002", syncing("--anonymize", { rules: "version: 2" })],
  [
    "the rules file is not there",
    5,
    "CONFIG_004",
    syncing("--anonymize --anonymization-config nowhere.yaml"),
  ],
  [
    "`--anonymization-config` without `--anonymize`",
    5,
    "CONFIG_008",
    (p) => p.bare(`sync --from ${NOWHERE} --allow-plaintext --anonymization-config rules.yaml`),
  ],
  ["`--anonymize` names no column and anonymizer", 5, "CONFIG_008", syncing("--anonymize email")],
  [
    "another run holds the target's migration lock",
    6,
    "LOCK_1300",
    async (p) =>
      p.whileLocked(`sync --from ${NOWHERE} --to ${await p.url()} --allow-plaintext --lock-timeout 50`),
  ],
]);

export const SYNC = [...COPY, ...CHECK, ...INIT, ...VERIFY];
