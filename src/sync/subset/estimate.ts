import type { Connection } from "../../pg/connection.ts";
import { type Sql, sql } from "../../sql/tag.ts";
import type { SyncTable } from "../catalog.ts";

/** How much a query gives, as PostgreSQL's planner guesses it. */
export interface Estimate {
  readonly rows: number;
  readonly bytes: number;
}

interface Explained {
  readonly Plan: { readonly "Plan Rows": number; readonly "Plan Width": number };
}

/**
 * Asks the planner, and runs nothing. It guesses too many rows rather than too few where tables refer to each other in a
 * circle, but never more than the table has. Throws SQL_001 for a query that the server refuses.
 */
export async function estimateSubset(
  db: Connection,
  query: Sql,
  { estimatedRows }: Pick<SyncTable, "estimatedRows">,
): Promise<Estimate> {
  const [row] = await db.rows<{ "QUERY PLAN": readonly Explained[] }>(sql`explain (format json) ${query}`);
  const { "Plan Rows": planned = 0, "Plan Width": width = 0 } = row?.["QUERY PLAN"][0]?.Plan ?? {};
  const rows = Math.min(planned, estimatedRows ?? planned);
  return { rows, bytes: rows * width };
}
