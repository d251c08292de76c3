import { expect, test } from "vitest";
import { type Status, STATUSES, TRANSITIONS } from "../../../src/coordinate/intents/states.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { coordinated } from "../../support/coordination.ts";

/** How to get there from the start, by plain SQL. */
const WAYS: Readonly<Record<Status, readonly Status[]>> = {
  registered: [],
  in_progress: ["in_progress"],
  completed: ["in_progress", "completed"],
  merged: ["in_progress", "completed", "merged"],
  abandoned: ["abandoned"],
  conflicted: ["conflicted"],
};

const add = (db: Connection, id: string) =>
  db.run(
    sql`insert into confiture.intent (id, agent_id, feature_name, branch_name) values (${id}, 'a', 'f', ${id})`,
  );
const move = (db: Connection, id: string, to: Status) =>
  db.run(sql`update confiture.intent set status = ${to} where id = ${id}`);

test("the database itself refuses every change of a status that is not legal, and records every one that is", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  for (const from of STATUSES) {
    for (const to of STATUSES.filter((status) => status !== from)) {
      const id = `${from} ${to}`;
      await add(db, id);
      for (const step of WAYS[from]) await move(db, id, step);
      const moved = await move(db, id, to).then(
        () => true,
        (error: { context: { details: object } }) => {
          expect(error.context.details).toMatchObject({ constraint: "intent_transition" });
          return false;
        },
      );
      expect({ from, to, moved }).toEqual({ from, to, moved: TRANSITIONS[from].includes(to) });
      const history = await db.rows<{ old_status: string | null; new_status: string }>(sql`
        select old_status, new_status from confiture.intent_history where intent_id = ${id} order by id`);
      const states = ["registered", ...WAYS[from], ...(moved ? [to] : [])];
      expect(history).toEqual(
        states.map((status, i) => ({ old_status: states[i - 1] ?? null, new_status: status })),
      );
    }
  }
});

test.each(["in_progress", "completed", "merged", "abandoned"] as const)(
  "no intent begins as %s",
  async (status) => {
    await using database = await coordinated();
    await using db = await Connection.open(database.url);
    const insert = sql`insert into confiture.intent (agent_id, feature_name, branch_name, status, lease_expires_at)
    values ('a', 'f', 'b', ${status}, now() + '1 hour')`;
    await expect(db.run(insert)).rejects.toMatchObject({
      code: "SQL_001",
      context: { details: { constraint: "intent_transition" } },
    });
  },
);

test("a change by psql says who made it, and an unknown status is refused", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  await add(db, "x");
  await move(db, "x", "abandoned");
  expect(
    await db.rows(sql`select new_status, changed_by, reason from confiture.intent_history order by id`),
  ).toEqual([
    { new_status: "registered", changed_by: "postgres", reason: null },
    { new_status: "abandoned", changed_by: "postgres", reason: null },
  ]);
  await expect(move(db, "x", "done" as Status)).rejects.toThrow();
});

test("what an intent holds goes with its end, and a lease with its work", async () => {
  await using database = await coordinated();
  await using db = await Connection.open(database.url);
  await add(db, "x");
  await db.run(sql`insert into confiture.touch values ('x', 'public', 't', false)`);
  await move(db, "x", "in_progress");
  await move(db, "x", "completed");
  const state = sql`select lease_expires_at > now() + '7 hours' as leased,
    (select count(*)::int from confiture.touch) as touches from confiture.intent`;
  expect(await db.rows(state)).toEqual([{ leased: null, touches: 1 }]);
  await move(db, "x", "in_progress");
  expect(await db.rows(state)).toEqual([{ leased: true, touches: 1 }]);
  await move(db, "x", "completed");
  await move(db, "x", "merged");
  expect(await db.rows(state)).toEqual([{ leased: null, touches: 0 }]);
});
