import * as z from "zod";
import { defineOutput } from "../base/output.ts";
import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import { type Conflict, conflictSchema, readConflicts } from "./intents/conflict.ts";
import { NOW } from "./intents/clock.ts";
import { intentSchema, isLive, readIntents } from "./intents/intent.ts";
import { readOnly } from "./intents/lock.ts";

export const conflictsOutput = defineOutput(
  "coordinate.conflicts",
  1,
  z.object({
    total_conflicted_intents: z.int(),
    conflicted_intents: z.array(z.object({ intent: intentSchema, conflicts: z.array(conflictSchema) })),
  }),
);

export type ConflictsResult = z.infer<typeof conflictsOutput.schema>;

/** Every intent to be reckoned with that has conflicts nobody has resolved, on both sides; writes nothing. Throws COORD_1001. */
export const conflicts = (
  db: Connection,
  { severity }: { readonly severity?: "error" | "warning" | undefined } = {},
): Promise<ConflictsResult> =>
  readOnly(db, async () => {
    const open = await readConflicts(
      db,
      sql`not c.reviewed and (${severity ?? null}::text is null or c.severity = ${severity ?? null})
        and not exists (select from confiture.intent i where i.id in (c.intent_a, c.intent_b)
          and i.lease_expires_at <= ${NOW})`,
    );
    const byIntent = new Map<string, Conflict[]>();
    for (const conflict of open)
      for (const id of [conflict.intent_a!, conflict.intent_b])
        byIntent.set(id, [...(byIntent.get(id) ?? []), conflict]);
    const intents = await readIntents(db, sql`i.id = any (${[...byIntent.keys()]}::text[]) and ${isLive}`);
    return {
      total_conflicted_intents: intents.length,
      conflicted_intents: intents.map((intent) => ({ intent, conflicts: byIntent.get(intent.id)! })),
    };
  });
