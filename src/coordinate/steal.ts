import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import { busy, findBlockers } from "./claims/blockers.ts";
import { claimSchema, readClaims } from "./claims/claim-row.ts";
import { grant, requireClaimant } from "./claims/grant.ts";
import { note } from "./claims/note.ts";
import type { Wanted } from "./claims/wanted.ts";
import { underLock } from "./intents/lock.ts";

export const stealOutput = defineOutput(
  "coordinate.steal",
  1,
  z.object({
    claim: claimSchema.describe("What the thief holds now, under a higher fence"),
    stolen: z
      .array(claimSchema)
      .describe("What the holder lost: the claim, and others of its own in the way"),
    reason: z.string(),
  }),
);

export type StealResult = z.infer<typeof stealOutput.schema>;

export interface StealOptions {
  /** The very claim that is taken. */
  readonly claimId: string;
  /** The thief's own intent. */
  readonly intentId: string;
  /** The thief; must be the intent's own agent. */
  readonly agentId: string;
  readonly reason: string;
}

/**
 * Take a claim over, also before it expires; both histories tell why. Throws COORD_1023 for one that is gone, COORD_1022
 * for one's own, COORD_1020 where a third is in the way, COORD_1001, COORD_1002, and COORD_1004 to COORD_1007.
 */
export const steal = (
  db: Connection,
  { claimId, intentId, agentId, reason }: StealOptions,
): Promise<StealResult> =>
  underLock(db, async () => {
    await requireClaimant(db, intentId, agentId);
    const loot = await readLoot(db, claimId, intentId);
    const wanted = [{ path: loot.path, mode: loot.mode }];
    const held = (await findBlockers(db, { intentId, wanted })).filter(({ reason: how }) => how === "holds");
    const others = held.filter((blocker) => blocker.intent_id !== loot.intent_id);
    if (others.length > 0) throw busy({ intentId, wanted }, others, 0);
    const ids = [claimId, ...held.flatMap(({ claim_id: id }) => (id === null ? [] : [id]))];
    const [claim] = await grant(db, { intentId, wanted, ttlMs: loot.ttl_ms });
    const stolen = await readClaims(db, sql`c.id = any (${ids}::text[])`);
    const what = stolen.map(({ object }) => object).join(", ");
    await note(db, loot.intent_id, {
      by: agentId,
      reason: `${agentId} stole the claim on ${what}: ${reason}`,
    });
    await note(db, intentId, {
      by: agentId,
      reason: `stole the claim of ${loot.agent_id} on ${what}: ${reason}`,
    });
    return { claim: claim!, stolen, reason };
  });

interface Loot extends Wanted {
  readonly intent_id: string;
  readonly agent_id: string;
  readonly ttl_ms: number;
  readonly lost_to: string | null;
}

async function readLoot(db: Connection, claimId: string, intentId: string): Promise<Loot> {
  const [loot] = await db.rows<Loot & Record<string, unknown>>(sql`
    select c.intent_id, i.agent_id, c.path, c.mode, c.ttl_ms::float8 as ttl_ms, c.lost_to
    from confiture.claim c join confiture.intent i on i.id = c.intent_id where c.id = ${claimId}`);
  if (loot === undefined) throw gone(`there is no claim ${claimId}`, claimId);
  if (loot.lost_to !== null) throw gone(`claim ${claimId} is lost to claim ${loot.lost_to} already`, claimId);
  if (loot.intent_id !== intentId) return loot;
  throw new ConfitureError("COORD_1022", `claim ${claimId} belongs to intent ${intentId} itself`, {
    details: { claim_id: claimId, intent_id: intentId },
  });
}

const gone = (message: string, claimId: string): ConfitureError =>
  new ConfitureError("COORD_1023", message, { details: { claim_id: claimId } });
