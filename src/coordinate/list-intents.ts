import * as z from "zod";
import { defineOutput } from "../base/output.ts";
import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import { intentSchema, readIntents } from "./intents/intent.ts";
import { readOnly } from "./intents/lock.ts";
import type { Status } from "./intents/states.ts";

export const listIntentsOutput = defineOutput(
  "coordinate.list-intents",
  1,
  z.object({ total: z.int(), intents: z.array(intentSchema) }),
);

export type ListIntentsResult = z.infer<typeof listIntentsOutput.schema>;

export interface ListIntentsOptions {
  readonly status?: Status | undefined;
  readonly agentId?: string | undefined;
  /** Registered then or later. */
  readonly since?: Date | undefined;
  /** Registered before. */
  readonly until?: Date | undefined;
}

/** All intents, final ones too, oldest first; writes nothing. Throws COORD_1001. */
export async function listIntents(
  db: Connection,
  { status, agentId, since, until }: ListIntentsOptions = {},
): Promise<ListIntentsResult> {
  const intents = await readOnly(db, () =>
    readIntents(
      db,
      sql`(${status ?? null}::text is null or i.status = ${status ?? null})
        and (${agentId ?? null}::text is null or i.agent_id = ${agentId ?? null})
        and (${since ?? null}::timestamptz is null or i.created_at >= ${since ?? null})
        and (${until ?? null}::timestamptz is null or i.created_at < ${until ?? null})`,
    ),
  );
  return { total: intents.length, intents };
}
