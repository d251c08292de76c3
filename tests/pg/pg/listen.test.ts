import { expect, test } from "vitest";
import { Connection } from "../../../src/pg/connection.ts";
import { listen } from "../../../src/pg/listen.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testDatabase } from "../../support/database.ts";

test("it wakes for its own channel, until it is disposed of", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await using other = await Connection.open(database.url);
  let woken = 0;
  const notify = async (channel: string) => {
    await other.run(sql`select pg_notify(${channel}, '')`);
    // Whatever was sent before this answer is there.
    await db.rows(sql`select 1`);
  };
  {
    await using _listening = await listen(db, "ours", () => woken++);
    await notify("theirs");
    expect(woken).toBe(0);
    await notify("ours");
    await notify("ours");
    expect(woken).toBe(2);
  }
  await notify("ours");
  expect(woken).toBe(2);
  expect(await db.rows(sql`select pg_listening_channels()`)).toEqual([]);
});
