import pg from "pg";
import { ConfitureError } from "../base/errors.ts";
import { CopyError } from "../pg/copy.ts";
import { isConnectionLoss, wrapServerError } from "../pg/server-error.ts";

/**
 * An error of rows on their way, without any of their values: PostgreSQL quotes them in messages about data, in details
 * and in its context. SYNC_303, or CONFIG_006 for a lost connection; what is an error of ours already comes back.
 */
export function copyFailure(error: unknown, table: string): unknown {
  const end = error instanceof CopyError ? error.end : undefined;
  const cause = error instanceof CopyError ? error.cause : error;
  if (cause instanceof ConfitureError)
    return cause.code === "SQL_001" ? copyFailure(cause.cause, table) : cause;
  if (isConnectionLoss(cause)) return wrapServerError(cause);
  if (!(cause instanceof pg.DatabaseError)) return cause;
  const { code = "", constraint, dataType, column = columnOf(cause) } = cause;
  const where = end === undefined ? "" : ` at the ${end}`;
  const about = column === undefined ? table : `${table}.${column}`;
  return new ConfitureError(
    "SYNC_303",
    `rows of ${about} were refused${where}: ${messageOf(cause)} (${code})`,
    {
      details: { table, column, constraint, data_type: dataType, sqlstate: code, end },
    },
  );
}

/** Classes 22 (data) and P0 (a function's own words) may quote values, class 23 (constraints) quotes names alone. */
function messageOf({ code = "", message }: pg.DatabaseError): string {
  if (code.startsWith("P0")) return "a function raised an error";
  return code.startsWith("22")
    ? message.replaceAll(/"[^"]*"|: .*$/gs, (found) => (found.startsWith(":") ? "" : "a value"))
    : message;
}

/** `COPY t, line 7, column c: "value"` */
const columnOf = ({ where = "" }: pg.DatabaseError): string | undefined =>
  /^COPY .+, line \d+, column ([^:]+)/.exec(where)?.[1];
