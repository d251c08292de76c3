import type { Connection } from "../../pg/connection.ts";
import { ident, sql } from "../../sql/tag.ts";
import type { SyncTable } from "../catalog.ts";

/** Rows of one table, in the order in which they were read. */
export interface Staged {
  readonly table: SyncTable;
  readonly columns: readonly string[];
  readonly stages: readonly string[];
}

/**
 * Empty tables in one statement, which PostgreSQL refuses where another table refers to them: nothing is emptied that
 * was not named, and no child of a table that others inherit from.
 */
export const emptyTables = (db: Connection, tables: readonly SyncTable[]): Promise<number> =>
  db.run(
    sql.raw(
      `truncate ${tables.map((table) => `${table.isPartitioned ? "" : "only "}${ident(table.schema, table.name)}`).join(", ")}`,
    ),
  );

/** Move the staged rows to where they belong; identity columns take the values as they are. Gives how many there were. */
export async function insertStaged(db: Connection, { table, columns, stages }: Staged): Promise<number> {
  const list = columns.join(", ");
  let rows = 0;
  for (const stage of stages) {
    rows += await db.run(
      sql.raw(
        `insert into ${ident(table.schema, table.name)} (${list}) overriding system value select ${list} from ${stage}`,
      ),
    );
  }
  return rows;
}
