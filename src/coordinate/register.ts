import * as z from "zod";
import { defineOutput } from "../base/output.ts";
import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import { freeBranchName } from "./intents/branch-name.ts";
import { say, sweep } from "./intents/changes.ts";
import { conflictSchema, conflictsOfIntent } from "./intents/conflict.ts";
import { intentSchema, readIntent } from "./intents/intent.ts";
import { underLock } from "./intents/lock.ts";
import { findMeetings, type Judge, type Meeting } from "./intents/meetings.ts";
import { readRegistration, type Registered, type Registration } from "./intents/registration.ts";
import { touchedNames } from "./intents/touched-names.ts";
import { together } from "./intents/together.ts";

export const registerOutput = defineOutput(
  "coordinate.register",
  1,
  z.object({ intent: intentSchema, conflicts: z.array(conflictSchema) }),
);

export type RegisterResult = z.infer<typeof registerOutput.schema>;

/**
 * Say what an agent will change, and learn who is in the way: of any number that register at once, each sees all that
 * came before. It is conflicted when a conflict is an error. Throws COORD_1001, COORD_1007 and COORD_1008.
 */
export async function register(
  db: Connection,
  registration: Registration,
  judge: Judge,
): Promise<RegisterResult> {
  const given = readRegistration(registration);
  return await underLock(db, async () => {
    const [, meetings, branch] = await together(
      sweep(db),
      findMeetings(db, given, judge),
      freeBranchName(db, given.featureName),
    );
    const id = await insert(db, given, { meetings, branch });
    const [intent, conflicts] = await together(readIntent(db, id), conflictsOfIntent(db, id));
    return { intent, conflicts };
  });
}

interface Finding {
  readonly meetings: readonly Meeting[];
  readonly branch: string;
}

/** How many agents a reason names. */
const NAMED = 5;

function reasonOf(inTheWay: readonly Meeting[]): string | undefined {
  const agents = [...new Set(inTheWay.map(({ agent_b: agent }) => agent))];
  const more = agents.length > NAMED ? ` and ${agents.length - NAMED} more` : "";
  return agents.length === 0 ? undefined : `in conflict with ${agents.slice(0, NAMED).join(", ")}${more}`;
}

/** The intent, the names that it touches and its conflicts, as one statement. */
async function insert(db: Connection, given: Registered, { meetings, branch }: Finding): Promise<string> {
  const inTheWay = meetings.filter(({ severity }) => severity === "error");
  const [, [row]] = await together(
    say(db, given.agentId, reasonOf(inTheWay)),
    db.rows<{ id: string }>(sql`
      with newcomer as (
        insert into confiture.intent (agent_id, feature_name, branch_name, schema_changes, tables_affected,
          estimated_duration_ms, risk_level, status, metadata, footprint, ttl_ms)
        values (${given.agentId}, ${given.featureName}, ${branch}, ${JSON.stringify(given.schemaChanges)},
          ${JSON.stringify(given.tablesAffected)}, ${given.estimatedMs}, ${given.riskLevel},
          ${inTheWay.length > 0 ? "conflicted" : "registered"}, ${JSON.stringify(given.metadata)},
          ${JSON.stringify(given.footprint)}, ${given.ttlMs})
        returning id
      ), touched as (
        insert into confiture.touch (intent_id, schema, name, only_reads)
        select newcomer.id, t.schema, t.name, t.only_reads from newcomer,
          jsonb_to_recordset(${JSON.stringify(touchedNames(given.footprint))}) as t (schema text, name text, only_reads bool)
      ), met as (
        insert into confiture.conflict (intent_a, intent_b, conflict_type, affected_objects, severity,
          resolution_suggestions, relation, clashes)
        select newcomer.id, m.intent_b, m.conflict_type, m.affected_objects, m.severity, m.resolution_suggestions,
          m.relation, m.clashes from newcomer,
          rows from (jsonb_to_recordset(${JSON.stringify(meetings)}) as (intent_b text, conflict_type text,
            affected_objects jsonb, severity text, resolution_suggestions jsonb, relation text, clashes jsonb))
          with ordinality as m order by m.ordinality
      )
      select id from newcomer`),
  );
  return row!.id;
}
