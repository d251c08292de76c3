import { expect, inject, test } from "vitest";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { testDatabase } from "../support/database.ts";
import { cli, migrationFiles, testProject } from "../support/project.ts";

const LEDGERS = ["ledger", "ops.ledger"];

const PROJECT = {
  ...migrationFiles({
    "1_a": ["create table a ()", "drop table a"],
    "2_b": ["create table b ()", "drop table b"],
    "3_c": ["create table c ()", "drop table c"],
  }),
  "db/migrations/1_a.verify.sql": "select true",
  "db/schema/1.sql": "create table a ();\ncreate table b ();\ncreate table c ();\n",
};

/** Every command that has to do with a ledger, in an order in which each has something to do. */
const COMMANDS: readonly (readonly [words: string, exit: number])[] = [
  ["migrate status", 2],
  ["migrate current", 2],
  ["migrate baseline --through 1", 0],
  ["migrate current", 0],
  ["migrate verify", 0],
  ["verify-checksums --fix", 0],
  ["migrate apply-as admin 2", 0],
  ["migrate status", 1],
  ["migrate preflight --static --config db/environments/local.yaml", 0],
  ["migrate up --dry-run-execute", 0],
  ["migrate up", 0],
  ["migrate down-to 2", 0],
  ["migrate down", 0],
  ["migrate introspect", 0],
  ["migrate reinit --yes --through 1", 0],
  ["migrate up", 0],
  ["migrate rebuild --yes --drop-schemas", 0],
  ["migrate status", 0],
];

test.each(LEDGERS)("every command keeps to the ledger %s", async (ledger) => {
  await using database = await testDatabase();
  const config = `database_url: ${database.url}
migration: {tracking_table: '${ledger}'}
apply_as: {admin: {url: ${database.url}}}
`;
  using project = testProject({ ...PROJECT, "db/environments/local.yaml": config });
  await using db = await Connection.open(database.url);
  await db.run(sql`create schema ops`);
  const exits: (readonly [string, number])[] = [];
  for (const [words] of COMMANDS) {
    const { exit } = await cli(project.dir, words, { CONFITURE_SCRATCH_URL: inject("serverUrl") });
    exits.push([words, exit]);
  }
  expect(exits).toEqual(COMMANDS);
  expect(await db.rows(sql`select relname from pg_class where relname like 'tb\\_confiture%'`)).toEqual([]);
  expect(await db.rows(sql`select version from ${sql.raw(ledger)} order by pk_confiture`)).toEqual([
    { version: "1" },
    { version: "2" },
    { version: "3" },
  ]);
});
