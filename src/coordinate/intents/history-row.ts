import * as z from "zod";
import type { Connection } from "../../pg/connection.ts";
import { type Sql, sql } from "../../sql/tag.ts";
import { moment } from "./intent.ts";
import { STATUSES } from "./states.ts";

/** One change of the status of an intent. */
export const historyRowSchema = z.object({
  id: z.int(),
  intent_id: z.string(),
  agent_id: z.string(),
  feature_name: z.string(),
  old_status: z.enum(STATUSES).nullable().describe("Null for the registration"),
  new_status: z.enum(STATUSES),
  reason: z.string().nullable(),
  changed_by: z.string(),
  changed_at: z.string(),
});
export type HistoryRow = z.infer<typeof historyRowSchema>;

/** The rows `h` of intents `i` for which a condition holds, oldest first. */
export const readHistory = (db: Connection, condition: Sql): Promise<HistoryRow[]> =>
  db.rows<HistoryRow>(sql`
    select h.id::float8 as id, h.intent_id, i.agent_id, i.feature_name, h.old_status, h.new_status, h.reason,
      h.changed_by, ${moment("h.changed_at")} as changed_at
    from confiture.intent_history h join confiture.intent i on i.id = h.intent_id
    where ${condition} order by h.id`);
