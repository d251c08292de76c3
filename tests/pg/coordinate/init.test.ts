import { expect, test } from "vitest";
import { init } from "../../../src/coordinate/init.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { readSnapshot } from "../../../src/schema/snapshot.ts";
import { sql } from "../../../src/sql/tag.ts";
import { OLD_TABLES } from "../../support/coordination.ts";
import { testDatabase } from "../../support/database.ts";

const VIEWS = ["public.tb_pggit_intent", "public.tb_pggit_conflict", "public.tb_pggit_intent_history"];

test("many at once all succeed, one of them makes the tables, and a second run changes nothing", async () => {
  await using database = await testDatabase();
  const run = async () => {
    await using db = await Connection.open(database.url);
    return await init(db);
  };
  const results = await Promise.all(Array.from({ length: 8 }, run));
  expect(results.filter(({ created }) => created)).toHaveLength(1);
  expect(await run()).toMatchObject({ created: false, views: VIEWS, taken_over: [] });
});

test("the old tool's rows become ours, its tables are renamed, and views stand under their names", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql.raw(OLD_TABLES));
  const before =
    await db.rows(sql`select id, agent_id, branch_name, schema_changes, status from tb_pggit_intent
    order by id`);
  expect(await init(db)).toMatchObject({
    created: true,
    views: VIEWS,
    taken_over: [
      { table: "public.tb_pggit_intent", renamed_to: "public.tb_pggit_intent_0_20", rows: 3 },
      { table: "public.tb_pggit_conflict", renamed_to: "public.tb_pggit_conflict_0_20", rows: 1 },
      {
        table: "public.tb_pggit_intent_history",
        renamed_to: "public.tb_pggit_intent_history_0_20",
        rows: 1,
      },
    ],
  });
  const again = sql`select id, agent_id, branch_name, schema_changes, status from tb_pggit_intent order by id`;
  expect(await db.rows(again)).toEqual(before);
  expect(await db.rows(sql`select id, affected_objects, reviewed from tb_pggit_conflict`)).toEqual([
    { id: 7, affected_objects: ["t.tax"], reviewed: false },
  ]);
  expect(
    await db.rows(sql`select id, new_status, reason from tb_pggit_intent_history order by id limit 1`),
  ).toEqual([{ id: 3, new_status: "in_progress", reason: "go" }]);
  // They may touch anything, for as long as their lease lasts.
  expect(await db.rows(sql`select schema, name from confiture.touch`)).toEqual([
    { schema: "", name: "*" },
    { schema: "", name: "*" },
  ]);
  expect(
    await db.rows(sql`select from confiture.intent where lease_expires_at > now() + '7 hours'`),
  ).toHaveLength(2);
  expect(await init(db)).toMatchObject({ created: false, taken_over: [] });
  expect(await db.rows(again)).toEqual(before);
  // The old program begins every call so, and makes no second set of tables.
  const index = sql`create index if not exists idx_tb_pggit_intent_agent on tb_pggit_intent (agent_id)`;
  await expect(db.run(index)).rejects.toMatchObject({ code: "SQL_001" });
});

test("the views have the columns and types of the old tool's tables, and no snapshot shows any of them", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  const columns = () =>
    db.rows(sql`select attrelid::regclass::text as table, attname, format_type(atttypid, atttypmod) as type
      from pg_attribute where attnum > 0 and attrelid = any (array['tb_pggit_intent', 'tb_pggit_conflict',
      'tb_pggit_intent_history']::regclass[]) order by 1, 2`);
  await db.run(sql.raw(OLD_TABLES));
  const before = await columns();
  await init(db);
  expect(await columns()).toEqual(before);
  expect(JSON.stringify(await readSnapshot(db))).not.toContain("pggit");
});

test.each([
  ["another table of such a name", "create table tb_pggit_intent (id int)", "is no table of the old tool"],
  [
    "something in the way of a view",
    "create sequence tb_pggit_conflict",
    "public.tb_pggit_conflict is in the way",
  ],
  ["no schema for the views", "set search_path = ''", "no schema of the search path exists"],
])("%s is left alone, and nothing is made", async (_title, text, message) => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql.raw(text));
  await expect(init(db)).rejects.toMatchObject({
    code: "COORD_1009",
    message: expect.stringContaining(message) as string,
  });
  expect(await db.rows(sql`select from pg_namespace where nspname = 'confiture'`)).toEqual([]);
});
