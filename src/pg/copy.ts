import { type Duplex, Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import type { Sql } from "../sql/tag.ts";
import type { Connection } from "./connection.ts";
import { wrapServerError } from "./server-error.ts";

const CHUNK_LENGTH = 65_536;

/**
 * Send `data` to a `COPY … FROM stdin` statement; gives the number of rows.
 * Errors are the driver's own: the caller knows which statement of which file to name.
 */
export async function copyIn(db: Connection, statement: Sql, data: string | Readable): Promise<number> {
  const source = typeof data === "string" ? Readable.from(chunksOf(data), { objectMode: false }) : data;
  return db.exclusively(async (client) => {
    const stream = client.query(copyFrom(statement.text));
    await pipeline(source, stream);
    return stream.rowCount;
  });
}

function* chunksOf(data: string): Generator<Buffer> {
  for (let at = 0; at < data.length; at += CHUNK_LENGTH)
    yield Buffer.from(data.slice(at, at + CHUNK_LENGTH), "utf8");
}

/** Send what `COPY … TO stdout` gives to a stream, and wait for its end. Throws SQL_001, or CONFIG_006. */
export async function copyOut(db: Connection, statement: Sql, into: Writable): Promise<void> {
  await db
    .exclusively((client) => pipeline(client.query(copyTo(statement.text)), into))
    .catch((error: unknown) => {
      throw wrapServerError(error, { statement });
    });
}

/** One end of a copy from database to database. */
export interface CopyEnd {
  readonly db: Connection;
  readonly statement: Sql;
}

/** An error of a copy from database to database, with the end that it came from. */
export class CopyError extends Error {
  override readonly name = "CopyError";
  readonly end: "source" | "target" | "between";

  constructor(end: CopyError["end"], cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.end = end;
  }
}

/**
 * Send what `COPY … TO stdout` gives, through a transform, to `COPY … FROM stdin` of another session; gives the number
 * of rows that were written. Throws CopyError, after which both sessions are of no more use and are to be closed.
 */
export async function copyAcross(from: CopyEnd, to: CopyEnd, through: Duplex): Promise<number> {
  let end: CopyError["end"] | undefined;
  try {
    return await from.db.exclusively((source) =>
      to.db.exclusively(async (target) => {
        const reader = source.query(copyTo(from.statement.text));
        const writer = target.query(copyFrom(to.statement.text));
        reader.once("error", () => (end ??= "source"));
        writer.once("error", () => (end ??= "target"));
        through.once("error", () => (end ??= "between"));
        await pipeline(reader, through, writer);
        return writer.rowCount;
      }),
    );
  } catch (error) {
    throw new CopyError(end ?? "between", error);
  }
}
