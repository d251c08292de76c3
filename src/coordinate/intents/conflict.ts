import * as z from "zod";
import type { Connection } from "../../pg/connection.ts";
import { type Sql, sql } from "../../sql/tag.ts";
import type { TouchedObject } from "../footprint/touch.ts";
import { clashSchema, gravest, RELATIONS, type Verdict } from "../verdict/verdict.ts";
import { moment } from "./intent.ts";

/** What stands between two intents: all of one type. */
export const conflictSchema = z.object({
  id: z.int().describe("0 where nothing was written"),
  intent_a: z.string().nullable().describe("The newcomer; null where it was not registered"),
  intent_b: z.string(),
  agent_a: z.string(),
  agent_b: z.string(),
  conflict_type: z.string(),
  affected_objects: z.array(z.string()),
  severity: z.string().describe("error: the newcomer has to wait; warning"),
  resolution_suggestions: z.array(z.string()),
  relation: z.enum(RELATIONS).nullable().describe("Null for conflicts of the old tool"),
  clashes: z.array(clashSchema).describe("Every place where the two meet"),
  reviewed: z.boolean(),
  reviewed_at: z.string().nullable(),
  resolution_notes: z.string().nullable(),
  created_at: z.string().nullable(),
});
export type Conflict = z.infer<typeof conflictSchema>;

/** A conflict before it is written, without its sides. */
export type Found = Pick<
  Conflict,
  "conflict_type" | "affected_objects" | "severity" | "resolution_suggestions" | "relation" | "clashes"
>;

/** The clashes of a verdict as one conflict for each type. */
export function conflictsOf({ clashes }: Pick<Verdict, "clashes">): Found[] {
  const types = [...new Set(clashes.map(({ type }) => type))];
  return types.map((type) => {
    const own = clashes.filter((clash) => clash.type === type);
    return {
      conflict_type: type,
      affected_objects: distinct(own.map(({ object }) => nameOf(object))),
      severity: own.some(({ severity }) => severity === "error") ? "error" : "warning",
      resolution_suggestions: distinct(own.map(({ suggestion }) => suggestion)),
      relation: gravest(own.map(({ relation }) => relation)),
      clashes: own,
    };
  });
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];

const nameOf = ({ schema, name, part }: TouchedObject): string =>
  [schema, name, part?.name].filter((word) => word != null).join(".");

/** The conflicts `c` between intents `a` and `b` for which a condition holds, oldest first. */
export async function readConflicts(db: Connection, condition: Sql): Promise<Conflict[]> {
  const [answer] = await db.rows<{ conflicts: Conflict[] }>(sql`
    select coalesce(json_agg(json_build_object('id', c.id, 'intent_a', c.intent_a, 'intent_b', c.intent_b,
      'agent_a', a.agent_id, 'agent_b', b.agent_id, 'conflict_type', c.conflict_type,
      'affected_objects', c.affected_objects, 'severity', c.severity,
      'resolution_suggestions', c.resolution_suggestions, 'relation', c.relation, 'clashes', c.clashes,
      'reviewed', c.reviewed, 'reviewed_at', ${moment("c.reviewed_at")}, 'resolution_notes', c.resolution_notes,
      'created_at', ${moment("c.created_at")}) order by c.id), '[]') as conflicts
    from confiture.conflict c join confiture.intent a on a.id = c.intent_a join confiture.intent b on b.id = c.intent_b
    where ${condition}`);
  return answer!.conflicts;
}

/** All conflicts of one intent, whichever side it is. */
export const conflictsOfIntent = (db: Connection, id: string): Promise<Conflict[]> =>
  readConflicts(db, sql`${id} in (c.intent_a, c.intent_b)`);
