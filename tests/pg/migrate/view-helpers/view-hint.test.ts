import { expect, test } from "vitest";
import { ConfitureError } from "../../../../src/base/errors.ts";
import { viewColumnHint } from "../../../../src/migrate/view-helpers/view-hint.ts";
import { Connection } from "../../../../src/pg/connection.ts";
import { runScript } from "../../../../src/pg/run-script.ts";
import { parseScript } from "../../../../src/sql/parse-script.ts";
import { testDatabase } from "../../../support/database.ts";

const SETUP = `
  create table t (a int, b int); create view v as select a, b from t; create view w as select a from v;
  create table p (id int primary key); create table c (id int references p)`;

/** What is said to do after the server refused the statement. */
async function remedy(text: string): Promise<string> {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  const run = async (script: string) =>
    runScript(db, await parseScript({ text: script }, "MIGR_108"), { code: "MIGR_001" });
  await run(SETUP);
  const error = await run(text).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfitureError);
  const hinted = viewColumnHint(error as ConfitureError);
  expect(hinted.message).toBe((error as ConfitureError).message);
  return hinted.actionable;
}

test.each([
  "alter table t alter column a type text",
  "alter table t drop column a",
  "drop table t",
  "drop view v",
])("%s: the helpers around the change", async (text) => {
  expect(await remedy(text)).toContain(
    "select confiture.save_and_drop_dependent_views(array['schema.table'])",
  );
});

test.each([
  "create or replace view v as select b, a from t",
  "create or replace view v as select a from t",
  "create or replace view v as select a::text as a, b from t",
])("%s: the view is created anew", async (text) => {
  expect(await remedy(text)).toContain("save_and_drop_dependent_views(array['schema.view'])");
});

test.each([
  "drop table p",
  "alter table t add primary key (a), add primary key (b)",
  "select 1 / 0",
  "drop table nothing",
])("%s: no view has to do with it", async (text) => {
  expect(await remedy(text)).not.toContain("confiture.");
});
