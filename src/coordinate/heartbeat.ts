import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import { renewClaims } from "./claims/renew.ts";
import { type ByAgent, type Changed, changedSchema } from "./intents/changed.ts";
import { readIntent } from "./intents/intent.ts";
import { underLock } from "./intents/lock.ts";
import { expired, stand } from "./intents/move.ts";

export const heartbeatOutput = defineOutput("coordinate.heartbeat", 1, changedSchema);

export interface HeartbeatOptions extends ByAgent {
  /** Length of the lease from now on; the intent's own by default. */
  readonly ttlMs?: number | undefined;
}

/** Renew the lease of an intent and its claims. Throws COORD_1001, COORD_1002, COORD_1004 where it has none, and COORD_1005 to 1007. */
export const heartbeat = (
  db: Connection,
  id: string,
  { agentId, ttlMs }: HeartbeatOptions = {},
): Promise<Changed> =>
  underLock(db, async () => {
    const standing = await stand(db, id, { agentId, ownOnly: true });
    if (standing.expired) throw expired(id, standing);
    if (standing.lease_expires_at === null) {
      throw new ConfitureError("COORD_1004", `intent ${id} is ${standing.status} and has no lease`, {
        details: { intent_id: id, status: standing.status },
      });
    }
    await db.run(sql`
      update confiture.intent i set ttl_ms = n.ttl_ms, lease_expires_at = confiture.now() + n.ttl_ms * interval '1 ms'
      from (select coalesce(${ttlMs ?? null}, ttl_ms) as ttl_ms from confiture.intent where id = ${id}) n
      where i.id = ${id}`);
    await renewClaims(db, id);
    return { intent: await readIntent(db, id) };
  });
