import { expect, test } from "vitest";
import { ConfitureError } from "../../../src/base/errors.ts";
import { abandon } from "../../../src/coordinate/abandon.ts";
import { complete } from "../../../src/coordinate/complete.ts";
import { heartbeat } from "../../../src/coordinate/heartbeat.ts";
import { history } from "../../../src/coordinate/history.ts";
import { underLock } from "../../../src/coordinate/intents/lock.ts";
import { TRANSITIONS } from "../../../src/coordinate/intents/states.ts";
import { listIntents } from "../../../src/coordinate/list-intents.ts";
import { merge } from "../../../src/coordinate/merge.ts";
import { register } from "../../../src/coordinate/register.ts";
import { resolve } from "../../../src/coordinate/resolve.ts";
import { start } from "../../../src/coordinate/start.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { coordinated, intends, letPass, simpleJudge } from "../../support/coordination.ts";

/** The same numbers for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const COLUMNS = ["a", "b", "c"];

/** Anything that an agent, a person at psql, or time may do to an intent. */
async function act(db: Connection, agent: string, pick: (below: number) => number): Promise<void> {
  const ids = await db.rows<{ id: string }>(sql`select id from confiture.intent order by seq`);
  const id = ids[pick(ids.length || 1)]?.id;
  const column = COLUMNS[pick(COLUMNS.length)]!;
  if (id === undefined || pick(4) === 0)
    return void (await register(db, intends(agent, "t", column), simpleJudge));
  const conflict = 1 + pick(200);
  const deeds = [
    () => start(db, id),
    () => start(db, id),
    () => complete(db, id),
    () => merge(db, id),
    () => abandon(db, id, { reason: "simulated" }),
    () => heartbeat(db, id),
    () => resolve(db, conflict, { notes: "simulated" }),
    // Time goes on between registrations here: in the midst of one, a lease may pass that its sweep still found alive.
    () => underLock(db, () => letPass(db, id)),
    () => db.run(sql`update confiture.intent set status = 'in_progress' where id = ${id}`),
    () => db.run(sql`update confiture.conflict set reviewed = true where id = ${conflict}`),
    () => db.run(sql`update confiture.intent set status = 'abandoned' where status = 'completed'`),
  ];
  await deeds[pick(deeds.length)]!();
}

/** Refused by the rules; anything else, such as a deadlock, is a defect. */
const isRefused = (error: unknown): boolean =>
  error instanceof ConfitureError &&
  (["COORD_1003", "COORD_1004", "COORD_1005"].includes(error.code) ||
    String(error.context.details?.["constraint"]).startsWith("intent_"));

test.each([1, 2, 3])(
  "whatever six agents, psql and time do at once, what is true stays true (seed %i)",
  async (seed) => {
    await using database = await coordinated();
    await Promise.all(
      Array.from({ length: 6 }, async (_, i) => {
        await using own = await Connection.open(database.url);
        const pick = random(seed * 100 + i);
        for (let deed = 0; deed < 60; deed++)
          await act(own, `agent ${i}`, pick).catch((error: unknown) => {
            if (!isRefused(error)) throw error;
          });
      }),
    );
    await using db = await Connection.open(database.url);
    const { intents } = await listIntents(db);
    expect(intents.length).toBeGreaterThan(30);

    // Every intent's history is a chain of legal changes from its registration to what it is.
    const { history: rows } = await history(db);
    for (const intent of intents) {
      const own = rows.filter((row) => row.intent_id === intent.id);
      expect(own.map((row) => row.old_status)).toEqual([
        null,
        ...own.slice(0, -1).map((row) => row.new_status),
      ]);
      expect(own.at(-1)!.new_status).toBe(intent.status);
      for (const { old_status: from, new_status: to } of own.slice(1))
        expect(TRANSITIONS[from!]).toContain(to);
      expect(intent.lease_expires_at === null).toBe(
        ["completed", "merged", "abandoned"].includes(intent.status),
      );
    }

    // Two agents' intents for one column that lived at one time are a conflict, once, the newcomer first.
    const [pairs] = await db.rows<{ missing: number; twice: number; backwards: number; waiting: number }>(sql`
    with life as (
      select i.id, i.seq, i.agent_id, i.schema_changes,
        (select min(h.id) from confiture.intent_history h where h.intent_id = i.id) as born,
        (select max(h.id) from confiture.intent_history h where h.intent_id = i.id
          and h.new_status in ('merged', 'abandoned')) as died
      from confiture.intent i
    ), pair as (
      select a.id as a, b.id as b from life a join life b on a.born > b.born and a.agent_id <> b.agent_id
        and a.schema_changes = b.schema_changes and (b.died is null or b.died > a.born)
    )
    select
      (select count(*)::int from pair where not exists (
         select from confiture.conflict c where c.intent_a = pair.a and c.intent_b = pair.b)
       and not exists (select from confiture.intent i where i.id = pair.b and i.lease_expires_at <= clock_timestamp())) as missing,
      (select count(*)::int from (select from confiture.conflict group by intent_a, intent_b having count(*) > 1) t) as twice,
      (select count(*)::int from confiture.conflict c join life a on a.id = c.intent_a join life b on b.id = c.intent_b
         where a.born < b.born) as backwards,
      (select count(*)::int from confiture.intent i where i.status = 'conflicted' and i.lease_expires_at > clock_timestamp()
         and not exists (select from confiture.conflict c where c.intent_a = i.id and c.severity = 'error'
           and not c.reviewed)) as waiting`);
    expect(pairs).toEqual({ missing: 0, twice: 0, backwards: 0, waiting: 0 });

    // A final intent holds nothing, and an abandoned one is in nobody's way.
    expect(
      await db.rows(sql`select from confiture.touch t join confiture.intent i on i.id = t.intent_id
      where i.status in ('merged', 'abandoned')`),
    ).toEqual([]);
    expect(
      await db.rows(sql`select from confiture.conflict c join confiture.intent i on i.id in (c.intent_a, c.intent_b)
      where i.status = 'abandoned' and not c.reviewed`),
    ).toEqual([]);
  },
);
