import type { Connection } from "../../pg/connection.ts";
import { sql } from "../../sql/tag.ts";
import { NOW } from "../intents/clock.ts";

/** Give the claims of an intent their whole time again; one that has expired or is lost stays so. */
export const renewClaims = (db: Connection, intentId: string): Promise<number> =>
  db.run(sql`
    update confiture.claim set expires_at = ${NOW} + ttl_ms * interval '1 ms'
    where intent_id = ${intentId} and lost_to is null and expires_at > ${NOW}`);
