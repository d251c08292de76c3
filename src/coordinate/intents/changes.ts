import type { Connection } from "../../pg/connection.ts";
import { sql } from "../../sql/tag.ts";
import { NOW } from "./clock.ts";
import { LEASE_EXPIRED } from "./states.ts";
import { together } from "./together.ts";

/** Who changes the statuses of the rest of this transaction and why, for the rows that the database writes down. */
export const say = (db: Connection, by: string | undefined, reason: string | undefined): Promise<number> =>
  db.run(sql`select set_config('confiture.changed_by', ${by ?? ""}, true),
    set_config('confiture.reason', ${reason ?? ""}, true)`);

/** Abandon the intents whose lease has passed, but for one that is asked about just now. */
export async function sweep(db: Connection, except = ""): Promise<void> {
  await together(
    say(db, "confiture", LEASE_EXPIRED),
    db.run(sql`update confiture.intent set status = 'abandoned'
      where lease_expires_at <= ${NOW} and id <> ${except}`),
  );
}
