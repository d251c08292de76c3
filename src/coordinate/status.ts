import * as z from "zod";
import { defineOutput } from "../base/output.ts";
import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import { conflictSchema, conflictsOfIntent, readConflicts } from "./intents/conflict.ts";
import { intentSchema, isLive, readIntent, readIntents } from "./intents/intent.ts";
import { readOnly } from "./intents/lock.ts";
import { type Status, STATUSES } from "./intents/states.ts";

const one = z.object({ intent: intentSchema, conflicts: z.array(conflictSchema) });
const all = z.object({
  total: z.int().describe("Intents of every status"),
  by_status: z.record(z.enum(STATUSES), z.int()),
  intents: z.array(intentSchema).describe("Those to be reckoned with, or of the status asked for"),
  conflicts: z.array(conflictSchema).describe("Of these, those that nobody has resolved"),
});

export const statusOutput = defineOutput("coordinate.status", 1, z.union([one, all]));

export type IntentStatus = z.infer<typeof one>;
export type Overview = z.infer<typeof all>;

/** One intent and its conflicts; writes nothing. Throws COORD_1001 and COORD_1002. */
export const statusOf = (db: Connection, id: string): Promise<IntentStatus> =>
  readOnly(db, async () => ({
    intent: await readIntent(db, id),
    conflicts: await conflictsOfIntent(db, id),
  }));

export interface OverviewOptions {
  readonly status?: Status | undefined;
  readonly agentId?: string | undefined;
}

/** How many intents there are, and which are to be reckoned with; writes nothing. Throws COORD_1001. */
export const overview = (db: Connection, { status, agentId }: OverviewOptions = {}): Promise<Overview> =>
  readOnly(db, async () => {
    const ofAgent = sql`(${agentId ?? null}::text is null or i.agent_id = ${agentId ?? null})`;
    const wanted = status === undefined ? isLive : sql`i.status = ${status}`;
    const counts = await db.rows<{ status: Status; count: number }>(sql`
      select i.status, count(*)::int as count from confiture.intent i where ${ofAgent} group by i.status`);
    const countOf = (name: Status) => counts.find((row) => row.status === name)?.count ?? 0;
    const intents = await readIntents(db, sql`${wanted} and ${ofAgent}`);
    const ids = intents.map(({ id }) => id);
    return {
      total: counts.reduce((sum, { count }) => sum + count, 0),
      by_status: Object.fromEntries(STATUSES.map((name) => [name, countOf(name)])) as Record<Status, number>,
      intents,
      conflicts: await readConflicts(
        db,
        sql`not c.reviewed and (c.intent_a = any (${ids}::text[]) or c.intent_b = any (${ids}::text[]))`,
      ),
    };
  });
