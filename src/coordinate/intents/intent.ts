import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import type { Connection } from "../../pg/connection.ts";
import { type Sql, sql } from "../../sql/tag.ts";
import { NOW } from "./clock.ts";
import { conflictsWith } from "./old-views.ts";
import { STATUSES } from "./states.ts";

/** What an agent or a person says they will change. */
export const intentSchema = z.object({
  id: z.string(),
  agent_id: z.string(),
  feature_name: z.string(),
  branch_name: z.string().describe("A name that no other intent has; no branch is made"),
  schema_changes: z.array(z.string()),
  tables_affected: z.array(z.string()),
  estimated_duration_ms: z.int(),
  risk_level: z.string(),
  status: z.enum(STATUSES),
  created_at: z.string(),
  updated_at: z.string(),
  conflicts_with: z.array(z.string()).describe("Ids of intents, in whichever order they came"),
  metadata: z.record(z.string(), z.unknown()),
  lease_expires_at: z.string().nullable().describe("Null once it is completed, merged or abandoned"),
  expired: z.boolean().describe("The lease has passed: it counts for nothing"),
  opaque: z.boolean().describe("Nobody knows what it touches, so that it may touch anything"),
  outcome: z.string().nullable(),
  outcome_notes: z.string().nullable(),
  merge_commit: z.string().nullable(),
  reserved_versions: z.array(z.string()).describe("Versions of migrations that no other intent gets"),
});
export type Intent = z.infer<typeof intentSchema>;

/** A moment as ISO 8601, UTC, microseconds. */
export const moment = (column: string): Sql =>
  sql.raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`);

/** Whether the lease of the intent `i` has passed. */
export const hasExpired: Sql = sql`coalesce(i.lease_expires_at <= ${NOW}, false)`;

/** Whether the intent `i` is to be reckoned with: until it is merged or abandoned, or its lease passes. */
export const isLive: Sql = sql`(i.status = 'completed' or i.lease_expires_at > ${NOW})`;

/** The intents `i` for which a condition holds, oldest first. */
export async function readIntents(db: Connection, condition: Sql): Promise<Intent[]> {
  const [answer] = await db.rows<{ intents: Intent[] }>(sql`
    select coalesce(json_agg(json_build_object('id', i.id, 'agent_id', i.agent_id,
      'feature_name', i.feature_name, 'branch_name', i.branch_name, 'schema_changes', i.schema_changes,
      'tables_affected', i.tables_affected, 'estimated_duration_ms', i.estimated_duration_ms,
      'risk_level', i.risk_level, 'status', i.status, 'created_at', ${moment("i.created_at")},
      'updated_at', ${moment("i.updated_at")}, 'conflicts_with', ${conflictsWith}, 'metadata', i.metadata,
      'lease_expires_at', ${moment("i.lease_expires_at")}, 'expired', ${hasExpired},
      'opaque', i.footprint is null, 'outcome', i.outcome, 'outcome_notes', i.outcome_notes,
      'merge_commit', i.merge_commit, 'reserved_versions', array(
        select r.version from confiture.reserved_version r where r.intent_id = i.id order by r.reserved_at, r.version))
      order by i.seq), '[]') as intents
    from confiture.intent i where ${condition}`);
  return answer!.intents;
}

/** Throws COORD_1002 where there is none of this id. */
export async function readIntent(db: Connection, id: string): Promise<Intent> {
  const [intent] = await readIntents(db, sql`i.id = ${id}`);
  if (intent === undefined) throw noSuchIntent(id);
  return intent;
}

export const noSuchIntent = (id: string): ConfitureError =>
  new ConfitureError("COORD_1002", `there is no intent ${id}`, { details: { intent_id: id } });
