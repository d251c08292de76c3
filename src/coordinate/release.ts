import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import { type Claim, claimSchema, readClaims } from "./claims/claim-row.ts";
import { readObject } from "./claims/claimed-object.ts";
import type { ByAgent } from "./intents/changed.ts";
import { underLock } from "./intents/lock.ts";
import { stand } from "./intents/move.ts";

export const releaseOutput = defineOutput(
  "coordinate.release",
  1,
  z.object({ intent_id: z.string(), released: z.array(claimSchema).describe("As they were before") }),
);

export type ReleaseResult = z.infer<typeof releaseOutput.schema>;

export interface ReleaseOptions extends ByAgent {
  /** Only these; all by default. */
  readonly objects?: readonly string[] | undefined;
}

/**
 * Give claims of an intent back, those that have expired or are lost too. Throws COORD_1023 where it has none on a
 * named object, COORD_1022, COORD_1001, COORD_1002, and COORD_1005 to COORD_1007.
 */
export const release = (
  db: Connection,
  intentId: string,
  { agentId, objects }: ReleaseOptions = {},
): Promise<ReleaseResult> =>
  underLock(db, async () => {
    await stand(db, intentId, { agentId, ownOnly: true });
    const own = await readClaims(db, sql`c.intent_id = ${intentId}`);
    const released = objects === undefined ? own : await claimsOn(own, objects);
    await db.run(sql`delete from confiture.claim where id = any (${released.map(({ id }) => id)}::text[])`);
    return { intent_id: intentId, released };
  });

/** A name may also be one that `claims` shows, as it stands there. */
async function claimsOn(own: readonly Claim[], objects: readonly string[]): Promise<Claim[]> {
  const found = new Set<Claim>();
  for (const text of objects) {
    const shown = own.find((one) => one.object === text);
    const object = shown === undefined ? (await readObject(text)).at(-1)! : text;
    const claim = shown ?? own.find((one) => one.object === object);
    if (claim === undefined)
      throw new ConfitureError("COORD_1023", `the intent has no claim on ${object}`, { details: { object } });
    found.add(claim);
  }
  return [...found];
}
