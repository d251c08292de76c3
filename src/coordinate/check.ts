import * as z from "zod";
import { defineOutput } from "../base/output.ts";
import type { Connection } from "../pg/connection.ts";
import { footprintSchema } from "./footprint/touch.ts";
import { conflictSchema } from "./intents/conflict.ts";
import { readOnly } from "./intents/lock.ts";
import { findMeetings, type Judge } from "./intents/meetings.ts";
import { orderProofSchema } from "./verdict/order-proof.ts";
import { readRegistration, type Registration } from "./intents/registration.ts";

export const checkOutput = defineOutput(
  "coordinate.check",
  1,
  z.object({
    conflicts_detected: z.int(),
    conflicts: z.array(conflictSchema),
    footprint: footprintSchema.describe("What the change touches, with the locks it takes"),
    proofs: z
      .array(z.object({ intent_b: z.string(), agent_b: z.string(), ...orderProofSchema.shape }))
      .nullable()
      .describe(
        "Both orders with each intent in the way, the newcomer as `a`; null where none was asked for",
      ),
  }),
);

export type CheckResult = z.infer<typeof checkOutput.schema>;

/** Who would be in the way of a registration just now; writes nothing. Throws COORD_1001 and COORD_1008. */
export async function check(db: Connection, registration: Registration, judge: Judge): Promise<CheckResult> {
  const given = readRegistration(registration);
  const meetings = await readOnly(db, () => findMeetings(db, given, judge));
  const unwritten = { reviewed: false, reviewed_at: null, resolution_notes: null, created_at: null };
  const conflicts = meetings.map((meeting) => ({
    id: 0,
    intent_a: null,
    agent_a: given.agentId,
    ...meeting,
    ...unwritten,
  }));
  return { conflicts_detected: conflicts.length, conflicts, footprint: given.footprint, proofs: null };
}
