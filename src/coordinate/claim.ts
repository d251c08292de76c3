import * as z from "zod";
import { defineOutput } from "../base/output.ts";
import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import { busy, circle, findBlockers, isCircle } from "./claims/blockers.ts";
import { type Claim, claimSchema } from "./claims/claim-row.ts";
import { DEFAULT_CLAIM_TTL_MS, grant, requireClaimant } from "./claims/grant.ts";
import { wantedOf } from "./claims/own-footprint.ts";
import { enqueue, waitAt, type Waiting } from "./claims/queue.ts";
import { distinctly, type NamedObjects, readWanted, type Wanted } from "./claims/wanted.ts";
import type { Footprint } from "./footprint/touch.ts";
import type { ByAgent } from "./intents/changed.ts";
import { underLock } from "./intents/lock.ts";

export const claimOutput = defineOutput(
  "coordinate.claim",
  1,
  z.object({
    intent_id: z.string(),
    fence: z.int().describe("Of all that the intent holds now; higher than any that was granted before"),
    claims: z.array(claimSchema).describe("What was granted, also where the intent held it before"),
    waited_ms: z.int(),
  }),
);

export type ClaimResult = z.infer<typeof claimOutput.schema>;

export interface ClaimOptions extends ByAgent, NamedObjects {
  /** Claim what the intent's own footprint touches as well; so it is where no object is named. */
  readonly fromFootprint?: boolean | undefined;
  /** How long the claims hold without a heartbeat; default 15 minutes. */
  readonly ttlMs?: number | undefined;
  /** How long to wait for others; by default not at all. */
  readonly waitMs?: number | undefined;
  /** Ends the waiting, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Take objects for an intent, all or none. Throws COORD_1020 naming who is in the way, COORD_1021 where waiting would
 * never end, COORD_1022, COORD_1001, COORD_1002, and COORD_1004 to COORD_1007.
 */
export async function claim(db: Connection, intentId: string, options: ClaimOptions): Promise<ClaimResult> {
  const began = performance.now();
  const { agentId, ttlMs = DEFAULT_CLAIM_TTL_MS, waitMs = 0, signal } = options;
  const named = await readWanted(options);
  const asked = await underLock(db, async () => {
    await requireClaimant(db, intentId, agentId);
    const wanted = distinctly([...named, ...(await footprintWanted(db, intentId, { ...options, named }))]);
    const waiting: Waiting = { intentId, wanted, ttlMs, agentId, waitMs, signal };
    const blockers = await findBlockers(db, waiting);
    if (blockers.length === 0) return { granted: await grant(db, waiting) };
    if (waitMs === 0) throw busy(waiting, blockers, 0);
    if (await isCircle(db, intentId, blockers)) throw circle(waiting, blockers);
    return { place: await enqueue(db, waiting), waiting };
  });
  const claims = "granted" in asked ? asked.granted : await waitAt(db, asked.place, asked.waiting);
  return answer(intentId, claims, performance.now() - began);
}

const answer = (intentId: string, claims: Claim[], tookMs: number): ClaimResult => ({
  intent_id: intentId,
  fence: Math.max(...claims.map((one) => one.fence)),
  claims,
  waited_ms: Math.round(tookMs),
});

async function footprintWanted(
  db: Connection,
  intentId: string,
  { fromFootprint, named }: ClaimOptions & { readonly named: readonly Wanted[] },
): Promise<Wanted[]> {
  if (!fromFootprint && named.length > 0) return [];
  const [intent] = await db.rows<{ footprint: Footprint | null }>(
    sql`select footprint from confiture.intent where id = ${intentId}`,
  );
  return wantedOf(db, intent!.footprint);
}
