import { ConfitureError } from "../../base/errors.ts";
import type { Connection } from "../../pg/connection.ts";
import { sql } from "../../sql/tag.ts";
import { NOW } from "../intents/clock.ts";
import { expired, stand } from "../intents/move.ts";
import { type Claim, readClaims } from "./claim-row.ts";
import type { Wanted } from "./wanted.ts";

/** How long a claim holds without a heartbeat, where nobody says otherwise: 15 minutes. */
export const DEFAULT_CLAIM_TTL_MS = 15 * 60_000;

export interface Grant {
  readonly intentId: string;
  readonly wanted: readonly Wanted[];
  readonly ttlMs: number;
}

/**
 * Write claims that nothing stands in the way of; only under the lock. One fence is drawn for all that the intent holds,
 * so that its own claims never overtake each other. What it held in the stronger mode it keeps so. What others held there
 * before is lost to them for good, also where the server's clock goes back.
 */
export async function grant(db: Connection, { intentId, wanted, ttlMs }: Grant): Promise<Claim[]> {
  const objects = wanted.map(({ path }) => path.at(-1)!);
  const inForce = sql`c.lost_to is null and (c.expires_at is null or c.expires_at > ${NOW})`;
  await db.run(sql`
    with drawn as materialized (select nextval('confiture.claim_fence') as fence),
    others as (
      update confiture.claim c set fence = drawn.fence from drawn
      where c.intent_id = ${intentId} and ${inForce} and c.object <> all (${objects}::text[]))
    insert into confiture.claim as c (intent_id, path, mode, fence, ttl_ms, expires_at)
    select ${intentId}, w.path, w.mode, drawn.fence, ${ttlMs}::int8, ${NOW} + ${ttlMs}::int8 * interval '1 ms'
    from drawn, jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w (path text[], mode text)
    on conflict (intent_id, object) do update set
      id = case when ${inForce} then c.id else excluded.id end,
      mode = case when ${inForce} and c.mode = 'exclusive' then c.mode else excluded.mode end,
      fence = excluded.fence, granted_at = excluded.granted_at, ttl_ms = excluded.ttl_ms,
      expires_at = excluded.expires_at, lost_to = null`);
  const mine = sql`c.intent_id = ${intentId} and c.object = any (${objects}::text[])`;
  await db.run(sql`
    update confiture.claim o set lost_to = c.id from confiture.claim c
    where ${mine} and o.intent_id <> ${intentId} and o.lost_to is null and exists (
      select from confiture.locks_of(o.path, o.mode) l join confiture.locks_of(c.path, c.mode) m
        on m.object = l.object and not confiture.locks_agree(l.lock, m.lock))`);
  return await readClaims(db, mine);
}

/** Throws COORD_1002, COORD_1004 to COORD_1006 for an intent that may not claim. */
export async function requireClaimant(
  db: Connection,
  intentId: string,
  agentId: string | undefined,
): Promise<void> {
  const standing = await stand(db, intentId, { agentId, ownOnly: true });
  if (standing.expired) throw expired(intentId, standing);
  if (standing.status === "registered" || standing.status === "in_progress") return;
  throw new ConfitureError("COORD_1004", `intent ${intentId} is ${standing.status} and can claim nothing`, {
    details: { intent_id: intentId, status: standing.status },
  });
}
