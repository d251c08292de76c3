import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testDatabase } from "../../support/database.ts";
import { NOWHERE, type Place, situations } from "./situation.ts";

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

export const SYNC = situations("sync", [
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
  ["`--anonymize` names no column and anonymizer", 5, "CONFIG_008", syncing("--anonymize email")],
  [
    "another run holds the target's migration lock",
    6,
    "LOCK_1300",
    async (p) =>
      p.whileLocked(`sync --from ${NOWHERE} --to ${await p.url()} --allow-plaintext --lock-timeout 50`),
  ],
]);
