import * as z from "zod";
import { defineOutput } from "../base/output.ts";
import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import { CREATE_CLOCK } from "./intents/clock.ts";
import { underLock } from "./intents/lock.ts";
import { takeOverOldTables } from "./intents/old-tables.ts";
import { makeOldViews } from "./intents/old-views.ts";
import { CREATE_RULES } from "./intents/rules.ts";
import { CREATE_TABLES, TABLES } from "./intents/tables.ts";
import { CREATE_CLAIM_RULES } from "./claims/rules.ts";
import { CLAIM_TABLES, CREATE_CLAIMS } from "./claims/tables.ts";
import { CREATE_FENCE } from "./claims/fence.ts";

export const initOutput = defineOutput(
  "coordinate.init",
  1,
  z.object({
    created: z.boolean().describe("Whether a table was missing before"),
    tables: z.array(z.string()),
    views: z.array(z.string()).describe("What readers of the old tool find under its tables' names"),
    taken_over: z
      .array(z.object({ table: z.string(), renamed_to: z.string(), rows: z.int() }))
      .describe("Tables of the old tool whose rows were copied"),
  }),
);

export type InitResult = z.infer<typeof initOutput.schema>;

const ALL_TABLES = [...TABLES, ...CLAIM_TABLES];

/**
 * Make what coordination needs in the database, and take over what the old tool left there; all of it or nothing.
 * Run again, or by two at once, it changes nothing more. Throws COORD_1007 and COORD_1009.
 */
export const init = (db: Connection): Promise<InitResult> =>
  underLock(db, async () => {
    const [before] = await db.rows<{ count: number }>(sql`
      select count(*)::int as count from unnest(${ALL_TABLES}::text[]) name
      where to_regclass('confiture.' || name) is not null`);
    const steps = [
      CREATE_CLOCK,
      CREATE_TABLES,
      CREATE_RULES,
      CREATE_CLAIMS,
      CREATE_CLAIM_RULES,
      CREATE_FENCE,
    ];
    for (const step of steps) await db.run(step);
    const taken = await takeOverOldTables(db);
    const views = await makeOldViews(db, taken[0]?.schema);
    return {
      created: before!.count < ALL_TABLES.length,
      tables: ALL_TABLES.map((name) => `confiture.${name}`),
      views,
      taken_over: taken.map(({ table, renamed_to, rows }) => ({ table, renamed_to, rows })),
    };
  });
