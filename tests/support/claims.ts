import { register } from "../../src/coordinate/register.ts";
import type { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { intends, simpleJudge } from "./coordination.ts";

/** An intent of this agent; none of them is in conflict with another. */
export async function intentOf(db: Connection, agent: string, ttlMs?: number): Promise<string> {
  const { intent } = await register(db, intends(agent, `table_of_${agent}`, "email", { ttlMs }), simpleJudge);
  return intent.id;
}

/** Let the claims of an intent expire. */
export const letExpire = (db: Connection, intentId: string): Promise<number> =>
  db.run(sql`update confiture.claim set expires_at = clock_timestamp() - interval '1 second'
    where intent_id = ${intentId}`);

/** Pairs of claims in force that may not be held at once, by what paths and modes mean, without our tables of locks. */
export const clashes = (db: Connection): Promise<{ a: string; b: string }[]> =>
  db.rows<{ a: string; b: string }>(sql`
    select a.object as a, b.object as b from confiture.claim_in_force a join confiture.claim_in_force b
      on a.intent_id < b.intent_id and (a.object = any (b.path) or b.object = any (a.path))
      and not (a.mode = 'shared' and b.mode = 'shared')`);
