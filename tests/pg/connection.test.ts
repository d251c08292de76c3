import { expect, test } from "vitest";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { testDatabase } from "../support/database.ts";

test("opens, asks, closes", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  expect(db.server.database).toBe(database.name);
  expect(await db.rows(sql`select ${1}::int + 1 as two`)).toEqual([{ two: 2 }]);
});
