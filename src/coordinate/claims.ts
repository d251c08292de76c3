import * as z from "zod";
import { defineOutput } from "../base/output.ts";
import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import { claimSchema, readClaims } from "./claims/claim-row.ts";
import { CLAIM_MODES } from "./claims/wanted.ts";
import { NOW } from "./intents/clock.ts";
import { moment, readIntent } from "./intents/intent.ts";
import { readOnly } from "./intents/lock.ts";

const waitingSchema = z.object({
  intent_id: z.string(),
  agent_id: z.string(),
  objects: z.array(z.object({ object: z.string(), mode: z.enum(CLAIM_MODES) })),
  since: z.string(),
});

export const claimsOutput = defineOutput(
  "coordinate.claims",
  1,
  z.object({
    claims: z.array(claimSchema).describe("Those too that have expired or are lost, until they are released"),
    waiting: z.array(waitingSchema).describe("Those who wait, in their order"),
  }),
);

export type ClaimsResult = z.infer<typeof claimsOutput.schema>;

export interface ClaimsOptions {
  readonly intentId?: string | undefined;
  readonly agentId?: string | undefined;
}

/** Who holds what, and who waits for it; writes nothing. Throws COORD_1001 and COORD_1002. */
export const claims = (db: Connection, { intentId, agentId }: ClaimsOptions = {}): Promise<ClaimsResult> =>
  readOnly(db, async () => {
    if (intentId !== undefined) await readIntent(db, intentId);
    const wanted = sql`(${intentId ?? null}::text is null or i.id = ${intentId ?? null})
      and (${agentId ?? null}::text is null or i.agent_id = ${agentId ?? null})`;
    return {
      claims: await readClaims(db, wanted),
      waiting: await db.rows<z.infer<typeof waitingSchema>>(sql`
        select q.intent_id, i.agent_id, ${moment("q.since")} as since,
          (select json_agg(json_build_object('object', w.path[cardinality(w.path)], 'mode', w.mode))
           from jsonb_to_recordset(q.wanted) as w (path text[], mode text)) as objects
        from confiture.claim_wait q join confiture.intent i on i.id = q.intent_id
        where q.lease_expires_at > ${NOW} and ${wanted} order by q.id`),
    };
  });
