import { expect, test } from "vitest";
import { Connection } from "../../../../src/pg/connection.ts";
import { sql } from "../../../../src/sql/tag.ts";
import { estimateSubset } from "../../../../src/sync/subset/estimate.ts";
import { testDatabase } from "../../../support/database.ts";
import { planOf } from "../../../support/subset.ts";

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
  const plan = await planOf(db, { "public.users": { where: "id <= 100" } });
  const users = await estimateSubset(db, plan.get("public.users")!.select(["t.id", "t.n"]));
  expect(users.rows).toBeGreaterThan(80);
  expect(users.rows).toBeLessThan(120);
  expect(users.bytes).toBe(users.rows * 8);
  const orders = await estimateSubset(db, plan.get("public.orders")!.select(["t.id", "t.note"]));
  expect(orders.rows).toBeGreaterThan(800);
  expect(orders.rows).toBeLessThan(1200);
  expect(orders.bytes / orders.rows).toBeGreaterThan(100);
  const running = await planOf(db, { "public.users": { where: "boom(id)" } });
  expect((await estimateSubset(db, running.get("public.users")!.select(["t.id"]))).rows).toBeGreaterThan(0);
});
