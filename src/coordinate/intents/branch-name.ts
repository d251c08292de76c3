import type { Connection } from "../../pg/connection.ts";
import { sql } from "../../sql/tag.ts";

const LONGEST = 200;

/** A feature's name as that of a git branch: lower case, and `_` for all that may not stand there. */
export function branchOf(featureName: string): string {
  const slug = featureName
    .toLowerCase()
    .replace(/[^\p{L}\p{N}._-]/gu, "_")
    .replace(/^[.-]+|[.-]+$|\.(?=\.)|\.lock$/g, "")
    .slice(0, LONGEST);
  return `feature/${slug || "change"}`;
}

/** The first name that nobody has, of `feature/x`, `feature/x_001`, `feature/x_002` and so on. Only under the lock. */
export async function freeBranchName(db: Connection, featureName: string): Promise<string> {
  const base = branchOf(featureName);
  // The character behind `_` ends the range: an index serves it, and `_` means itself.
  const [row] = await db.rows<{ taken: boolean; highest: number }>(sql`
    select exists (select from confiture.intent where branch_name = ${base}) as taken,
      coalesce(max(substr(branch_name, length(${base}::text) + 2)::int), 0) as highest
    from confiture.intent
    where branch_name > ${`${base}_`} and branch_name < ${`${base}\``}
      and substr(branch_name, length(${base}::text) + 2) ~ '^[0-9]{3,8}$'`);
  return row!.taken ? `${base}_${String(row!.highest + 1).padStart(3, "0")}` : base;
}
