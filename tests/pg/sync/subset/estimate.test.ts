import { expect, test } from "vitest";
import { Connection } from "../../../../src/pg/connection.ts";
import { sql } from "../../../../src/sql/tag.ts";
import { readTables, tableKey } from "../../../../src/sync/catalog.ts";
import { estimateSubset } from "../../../../src/sync/subset/estimate.ts";
import { testDatabase } from "../../../support/database.ts";
import { planOf, type RulesByTable } from "../../../support/subset.ts";

test("rows and bytes as the planner guesses them, without running anything", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql`
    create table users (id int primary key, n int);
    create table orders (id int primary key, user_id int not null references users, note text);
    create function boom(int) returns boolean immutable language plpgsql as 'begin raise ''ran''; end'`);
  await db.run(sql`insert into users select i, i from generate_series(1, 1000) i`);
  await db.run(
    sql`insert into orders select i, 1 + i % 1000, repeat('x', 100) from generate_series(1, 10000) i`,
  );
  await db.run(sql`analyze`);
  const tables = new Map((await readTables(db, [])).map((table) => [tableKey(table), table]));
  const estimate = async (key: string, rules: RulesByTable, columns: readonly string[]) => {
    const query = (await planOf(db, rules)).get(key)!.select(columns);
    return estimateSubset(db, query, tables.get(key)!);
  };
  const rules = { "public.users": { where: "id <= 100" } };
  const users = await estimate("public.users", rules, ["t.id", "t.n"]);
  expect(users.rows).toBeGreaterThan(80);
  expect(users.rows).toBeLessThan(120);
  expect(users.bytes).toBe(users.rows * 8);
  const orders = await estimate("public.orders", rules, ["t.id", "t.note"]);
  expect(orders.rows).toBeGreaterThan(800);
  expect(orders.rows).toBeLessThan(1200);
  expect(orders.bytes / orders.rows).toBeGreaterThan(100);
  expect(
    (await estimate("public.users", { "public.users": { where: "boom(id)" } }, ["t.id"])).rows,
  ).toBeGreaterThan(0);
  const sampled = { "public.orders": { sample: 0.1 } };
  const { rows } = await estimate("public.orders", sampled, ["t.id"]);
  expect(rows).toBeGreaterThan(800);
  expect(rows).toBeLessThan(1200);
  await db.run(sql`alter table users add foreign key (n) references users`);
  expect((await estimate("public.users", rules, ["t.id"])).rows).toBeLessThanOrEqual(1000);
});
