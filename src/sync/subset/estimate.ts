import type { Connection } from "../../pg/connection.ts";
import { type Sql, sql } from "../../sql/tag.ts";

/** How much a query gives, as PostgreSQL's planner guesses it. */
export interface Estimate {
  readonly rows: number;
  readonly bytes: number;
}

interface Explained {
  readonly Plan: { readonly "Plan Rows": number; readonly "Plan Width": number };
}

/** Asks the planner, and runs nothing. Throws SQL_001 for a query that the server refuses. */
export async function estimateSubset(db: Connection, query: Sql): Promise<Estimate> {
  const [row] = await db.rows<{ "QUERY PLAN": readonly Explained[] }>(sql`explain (format json) ${query}`);
  const { "Plan Rows": rows = 0, "Plan Width": width = 0 } = row?.["QUERY PLAN"][0]?.Plan ?? {};
  return { rows, bytes: rows * width };
}
