import { expect, test } from "vitest";
import { readOnly, underLock } from "../../../src/coordinate/intents/lock.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { coordinated } from "../../support/coordination.ts";
import { testDatabase } from "../../support/database.ts";

test("whoever waits too long for another's transaction gives up, also where that one is psql", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  await using psql = await Connection.open(database.url);
  await psql.run(sql`begin; update confiture.intent set status = 'abandoned'`);
  await expect(underLock(db, async () => 1, 50)).rejects.toMatchObject({ code: "COORD_1007" });
  await psql.run(sql`commit`);
  expect(await underLock(db, async () => 1, 50)).toBe(1);
});

test("what another has written is seen under the lock, whatever the database's isolation level", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  await db.run(sql`set default_transaction_isolation = 'serializable'`);
  await using psql = await Connection.open(database.url);
  await psql.run(sql`begin;
    insert into confiture.intent (agent_id, feature_name, branch_name) values ('a', 'f', 'b')`);
  const seen = underLock(db, () => db.rows(sql`select agent_id from confiture.intent`));
  await psql.run(sql`select pg_sleep(0.2)`);
  await psql.run(sql`commit`);
  expect(await seen).toEqual([{ agent_id: "a" }]);
});

test("a database without the tables is told so, and gets none", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  const read = () => db.rows(sql`select from confiture.intent`);
  for (const way of [readOnly, underLock])
    await expect(way(db, read)).rejects.toMatchObject({ code: "COORD_1001", exit: 5 });
  expect(await db.rows(sql`select from pg_namespace where nspname = 'confiture'`)).toEqual([]);
});
