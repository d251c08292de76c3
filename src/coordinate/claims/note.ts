import type { Connection } from "../../pg/connection.ts";
import { sql } from "../../sql/tag.ts";
import { CHANNEL } from "../intents/rules.ts";

export interface Note {
  readonly by: string | null;
  readonly reason: string;
}

/** Write down in the history of an intent what happened to it while its status stayed; only under the lock. */
export const note = (db: Connection, intentId: string, { by, reason }: Note): Promise<number> =>
  db.run(sql`
    with noted as (
      insert into confiture.intent_history (intent_id, old_status, new_status, reason, changed_by)
      select id, status, status, ${reason}, coalesce(${by}, agent_id) from confiture.intent where id = ${intentId}
      returning 1)
    select pg_notify(${CHANNEL}, '') from noted`);
