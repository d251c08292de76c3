import type { Connection } from "../../pg/connection.ts";
import { listen } from "../../pg/listen.ts";
import { sql } from "../../sql/tag.ts";
import { makeBell } from "../intents/bell.ts";
import { NOW } from "../intents/clock.ts";
import { underLock } from "../intents/lock.ts";
import { type Blocker, busy, findBlockers } from "./blockers.ts";
import type { Claim } from "./claim-row.ts";
import { type Grant, grant, requireClaimant } from "./grant.ts";
import { CLAIMS_CHANNEL } from "./tables.ts";

/** How long a place in the queue is kept for somebody who is not heard of. */
const LEASE_MS = 5000;

/** How long to wait for a wake-up before looking all the same. */
const POLL_MS = 1000;

export interface Waiting extends Grant {
  readonly agentId?: string | undefined;
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Take a place at the end of the queue, and free those whose owners are gone; only under the lock. */
export async function enqueue(db: Connection, { intentId, wanted }: Grant): Promise<string> {
  await db.run(sql`delete from confiture.claim_wait where lease_expires_at <= ${NOW}`);
  const [row] = await db.rows<{ place: string }>(sql`
    insert into confiture.claim_wait (intent_id, wanted, lease_expires_at)
    values (${intentId}, ${JSON.stringify(wanted)}, ${NOW} + ${LEASE_MS} * interval '1 ms') returning id::text as place`);
  return row!.place;
}

/** Wait at a place of the queue until all is granted at once. Throws COORD_1020, or what the signal says, and leaves then. */
export async function waitAt(db: Connection, place: string, waiting: Waiting): Promise<Claim[]> {
  const began = performance.now();
  const bell = makeBell(waiting.signal);
  const line: Line = { place, renewAt: began };
  await using _listening = await listen(db, CLAIMS_CHANNEL, bell.ring);
  try {
    for (;;) {
      const found = await lookAgain(db, line, waiting);
      if ("granted" in found) return found.granted;
      const waitedMs = performance.now() - began;
      if (waitedMs >= waiting.waitMs) throw busy(waiting, found.blockers, waitedMs);
      await bell.wait(Math.min(waiting.waitMs - waitedMs, POLL_MS));
      waiting.signal?.throwIfAborted();
    }
  } catch (error) {
    if (db.isOpen) await leave(db, line.place).catch(() => undefined);
    throw error;
  }
}

type Found = { readonly granted: Claim[] } | { readonly blockers: Blocker[] };

interface Line {
  place: string;
  /** By the process's clock, which only measures how long ago something was. */
  renewAt: number;
}

/** Many are woken by one release, and most for nothing: they look without the lock as long as their lease allows. */
async function lookAgain(db: Connection, line: Line, waiting: Waiting): Promise<Found> {
  if (performance.now() < line.renewAt) {
    const blockers = await findBlockers(db, { ...waiting, place: line.place });
    if (blockers.length > 0) return { blockers };
  }
  line.renewAt = performance.now() + LEASE_MS / 3;
  return await underLock(db, () => renewAndLook(db, line, waiting));
}

/** A place whose lease has passed meanwhile, as of a machine that slept, is lost: it goes on at the end. */
async function renewAndLook(db: Connection, line: Line, waiting: Waiting): Promise<Found> {
  await requireClaimant(db, waiting.intentId, waiting.agentId);
  const kept = await db.run(sql`
    update confiture.claim_wait set lease_expires_at = ${NOW} + ${LEASE_MS} * interval '1 ms'
    where id = ${line.place}::int8 and lease_expires_at > ${NOW}`);
  if (kept === 0) line.place = await enqueue(db, waiting);
  const blockers = await findBlockers(db, { ...waiting, place: line.place });
  if (blockers.length > 0) return { blockers };
  await leave(db, line.place);
  return { granted: await grant(db, waiting) };
}

const leave = (db: Connection, place: string): Promise<number> =>
  db.run(sql`delete from confiture.claim_wait where id = ${place}::int8`);
