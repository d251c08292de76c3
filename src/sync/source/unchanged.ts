import type { Connection } from "../../pg/connection.ts";
import { sql } from "../../sql/tag.ts";
import { rangeCondition, type Unit } from "./units.ts";

/**
 * Whether the rows of a unit are those that were read at an earlier moment: as many, and none that a transaction wrote
 * which was not over before it. A row that was deleted is one less, a changed one is a new version. Transactions are
 * told by xmin, which a vacuum leaves as it is; what is doubtful counts as changed. A unit must be of the same file.
 */
export async function isUnchanged(db: Connection, unit: Unit, then: Moment): Promise<boolean> {
  // What a foreign server holds has no xmin of ours.
  if (unit.isSubset || unit.fileNode === 0) return false;
  const oldest = then.snapshot.split(":")[0] ?? "0";
  const [found] = await db.rows<{ rows: number; newer: number }>(sql`
    with now as (select pg_snapshot_xmax(pg_current_snapshot())::text::int8 as xid)
    select count(*)::int8::float8 as rows,
      count(*) filter (where row.xid >= 3 and now.xid - ((now.xid - row.xid) & 4294967295) >= ${oldest}::int8)::float8 as newer
    from now, (select xmin::text::int8 as xid from only ${sql.raw(unit.from)}${sql.raw(rangeCondition(unit))}) row`);
  return found !== undefined && found.rows === then.rows && found.newer === 0;
}

export interface Moment {
  /** As pg_current_snapshot() gave it. */
  readonly snapshot: string;
  readonly rows: number;
}
