import { expect, test } from "vitest";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { checkRules } from "../../../src/sync/check.ts";
import { parseRules } from "../../../src/sync/rules-file.ts";
import { testDatabase } from "../../support/database.ts";

const SCHEMA = `
  create table person (id int primary key, email varchar(12) unique, born date, code text unique, full_name text generated always as (code) stored);
  create table pet (id int primary key, owner int references person, name text);
  create table tb_confiture (slug text)`;

const check = async (rules: string) => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql.raw(SCHEMA));
  return await checkRules(db, parseRules(rules, "rules.yaml"), { ours: ["tb_confiture"] });
};

test("rules that fit", async () => {
  const rules = `
version: 1
exclude: [pet]
tables:
  person: {columns: {id: keep, email: null, born: date-shift, code: keep}}
`;
  expect(await check(rules)).toEqual({ tables: 1, columns: 4, issues: [] });
});

test("everything that does not fit is told at once, with its line", async () => {
  const rules = `version: 1
tables:
  person:
    columns:
      id: integer
      email: email
      born: phone
      code: first-name
      full_name: keep
      nickname: keep
  pet:
    columns:
      owner: keep
  pat:
    columns: {}
`;
  const { issues } = await check(rules);
  const told = issues.map(({ code, line, message }) => `${code} ${line} ${message}`);
  expect(told.toSorted()).toEqual([
    "ANON_1400 5 a foreign key joins public.person.id (integer) and public.pet.owner (keep): they need the same rule",
    "ANON_1400 6 public.person.email: an address at example.com takes 32 characters, the column has 12",
    "ANON_1400 7 public.person.born: phone cannot stand in for date",
    "ANON_1400 8 first-name can give two rows of public.person the same code, which must be unique",
    "ANON_1400 9 public.person.full_name is generated from other columns and takes no rule",
    "ANON_1403 null no rule says what happens to public.pet.id, public.pet.name",
    "SYNC_301 10 the source has no column public.person.nickname",
    "SYNC_301 14 the source has no table pat; did you mean pet?",
  ]);
  expect(issues.every(({ file }) => file === "rules.yaml")).toBe(true);
});

test("rules of Confiture for Python are read; what they leave open is told", async () => {
  const { issues } = await check(
    "person:\n  - {column: code, strategy: hash, seed: 7}\n  - {column: email, strategy: 'null'}\n",
  );
  expect(issues.map(({ message }) => message)).toEqual([
    "no rule says what happens to public.person.id, public.person.born, public.pet.id, public.pet.owner, public.pet.name",
  ]);
});
