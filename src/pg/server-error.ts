import pg from "pg";
import { ConfitureError, type ErrorCode, type ErrorContext } from "../base/errors.ts";
import { pointerAt, positionAt } from "../sql/position.ts";
import type { Source, Statement } from "../sql/script.ts";
import { mayHoldSecret } from "../sql/statement-text.ts";

/** What was being run when the server refused it. */
export interface Running {
  /** Defaults to the statement's own text. */
  readonly source?: Source | undefined;
  readonly statement?: (Pick<Statement, "text"> & Partial<Statement>) | undefined;
  /** Defaults to SQL_001; a lost connection is CONFIG_006 all the same. */
  readonly code?: ErrorCode | undefined;
}

/** How much of a statement stands in `details.statement`. */
const STATEMENT_LENGTH = 500;

/**
 * The driver's error as a `ConfitureError` with the server's words in details, and line and pointer from its position.
 * A `ConfitureError` gets the context it lacks; anything else is a defect and comes back as it is.
 */
export function wrapServerError(error: unknown, running: Running = {}): unknown {
  if (error instanceof ConfitureError) return error.with(locate(undefined, running));
  if (isConnectionLoss(error)) return connectionLost(error).with(locate(undefined, running));
  if (!(error instanceof pg.DatabaseError)) return error;
  return new ConfitureError(running.code ?? "SQL_001", error.message, {
    ...locate(error, running),
    details: { ...serverDetails(error), ...statementDetails(running) },
    cause: error,
  });
}

/** Whether the statement was cancelled, by whomever. */
export const isCancelled = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code === "57014";

/** Whether the error means that the session is gone; the server translates severities, but no SQLSTATE. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) {
    // An ERROR with such a code comes from another session, e.g. one of dblink.
    if (error.severity === "ERROR") return false;
    return /^(FATAL|PANIC)$/.test(error.severity ?? "") || /^(57P0[1-5]|25P0[34])$/.test(error.code ?? "");
  }
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return (
    ["ECONNRESET", "EPIPE", "ETIMEDOUT", "ERR_STREAM_PREMATURE_CLOSE", "ERR_STREAM_DESTROYED"].includes(
      code,
    ) || /^(Connection terminated|Client (has encountered a connection error|was closed))/.test(error.message)
  );
}

/** CONFIG_006 for a session that ended by itself. */
export function connectionLost(cause: unknown): ConfitureError {
  if (cause instanceof ConfitureError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ConfitureError("CONFIG_006", `the connection to the database was lost: ${reason}`, {
    details: { cause: "lost", ...(cause instanceof pg.DatabaseError && serverDetails(cause)) },
    actionable: "Check the server and its log, then run the command again.",
    cause,
  });
}

const serverDetails = (error: pg.DatabaseError): Record<string, unknown> =>
  present({
    sqlstate: error.code,
    severity: error.severity,
    detail: error.detail,
    hint: error.hint,
    schema: error.schema,
    table: error.table,
    column: error.column,
    constraint: error.constraint,
    where: error.where === undefined ? undefined : withoutParameters(error.where),
    internal_query: error.internalQuery?.slice(0, STATEMENT_LENGTH),
    internal_position: error.internalPosition === undefined ? undefined : Number(error.internalPosition),
  });

/** With `log_parameter_max_length_on_error` the server repeats the values of parameters in its context. */
const withoutParameters = (where: string): string =>
  where
    .split("\n")
    .filter((line) => !/\bportal\b.*\$\d+ = /.test(line))
    .join("\n");

const statementDetails = ({ statement }: Running): Record<string, unknown> =>
  present({
    statement: statement === undefined || mayHoldSecret(statement.kind) ? undefined : cut(statement.text),
    statement_kind: statement?.kind,
  });

const cut = (text: string): string =>
  text.length <= STATEMENT_LENGTH ? text : `${text.slice(0, STATEMENT_LENGTH)}…`;

const present = (details: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined && value !== ""));

/** File, line and pointer: of the server's position, else the statement's first line. */
function locate(error: pg.DatabaseError | undefined, { source, statement }: Running): ErrorContext {
  const file = source?.file === undefined ? {} : { file: source.file };
  if (statement === undefined) return file;
  const text = source?.text ?? statement.text;
  const start = source === undefined ? 0 : (statement.start ?? 0);
  const copied =
    statement.copyData === undefined ? undefined : copyLine(error, text, start + statement.text.length);
  if (copied !== undefined) return { ...file, line: copied };
  const offset =
    error?.position === undefined ? undefined : utf16Offset(statement.text, Number(error.position) - 1);
  const at = start + (offset ?? 0);
  const line = source === undefined ? {} : { line: positionAt(text, at).line };
  const pointer =
    offset === undefined || mayHoldSecret(statement.kind) ? {} : { pointer: pointerAt(text, at) };
  return { ...file, ...line, ...pointer };
}

/** The line of the file that holds the row of inline COPY data the server names in its context. */
function copyLine(error: pg.DatabaseError | undefined, text: string, end: number): number | undefined {
  const row = /^COPY .*, line (\d+)/m.exec(error?.where ?? "")?.[1];
  return row === undefined ? undefined : positionAt(text, end).line + Number(row);
}

/** The server counts characters, as code points. */
function utf16Offset(text: string, characters: number): number {
  let offset = 0;
  for (const character of text) {
    if (characters-- <= 0) break;
    offset += character.length;
  }
  return offset;
}
