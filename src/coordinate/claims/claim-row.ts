import * as z from "zod";
import type { Connection } from "../../pg/connection.ts";
import { type Sql, sql } from "../../sql/tag.ts";
import { moment } from "../intents/intent.ts";
import { CLAIM_MODES } from "./wanted.ts";

/** The hold of an intent on one object. */
export const claimSchema = z.object({
  id: z.string(),
  intent_id: z.string(),
  agent_id: z.string(),
  object: z.string(),
  mode: z.enum(CLAIM_MODES),
  state: z.enum(["held", "expired", "lost"]).describe("Only what is held is in anybody's way"),
  fence: z.int().describe("Grows with every grant: of two, the higher one was granted later"),
  granted_at: z.string(),
  expires_at: z.string().nullable().describe("Null while the intent is completed, until it is merged"),
  lost_to: z
    .string()
    .nullable()
    .describe("Id of the claim that took its place, by theft or once it had expired"),
});
export type Claim = z.infer<typeof claimSchema>;

/** The claims `c` of intents `i` for which a condition holds, oldest first. */
export const readClaims = (db: Connection, condition: Sql): Promise<Claim[]> =>
  db.rows<Claim>(sql`
    select c.id, c.intent_id, i.agent_id, c.object, c.mode,
      case when c.lost_to is not null then 'lost'
        when exists (select from confiture.claim_in_force f where f.id = c.id) then 'held' else 'expired' end as state,
      c.fence::float8 as fence, ${moment("c.granted_at")} as granted_at, ${moment("c.expires_at")} as expires_at,
      c.lost_to
    from confiture.claim c join confiture.intent i on i.id = c.intent_id
    where ${condition} order by c.seq`);
