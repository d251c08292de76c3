import type { Sql } from "../sql/tag.ts";
import type { Connection } from "./connection.ts";
import { wrapServerError } from "./server-error.ts";

/** The first column of a result, whatever the others are called. */
export interface FirstColumn {
  /** One per row. */
  readonly values: readonly unknown[];
  /** Oid of its type; 0 when the result has no column. */
  readonly type: number;
  /** What follows the type's name, such as the length of varchar(50); -1 for nothing. */
  readonly typeModifier: number;
}

/** Run one statement and read its first column; throws as `Connection.rows`. */
export async function firstColumn(db: Connection, statement: Sql): Promise<FirstColumn> {
  try {
    const { rows, fields } = await db.client.query<unknown[]>({
      text: statement.text,
      values: [...statement.values],
      rowMode: "array",
    });
    const [field] = fields;
    return {
      values: rows.map(([value]) => value),
      type: field?.dataTypeID ?? 0,
      typeModifier: field?.dataTypeModifier ?? -1,
    };
  } catch (error) {
    throw wrapServerError(await db.failure(error), { statement });
  }
}
