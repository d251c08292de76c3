import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { from as copyFrom } from "pg-copy-streams";
import type { Sql } from "../sql/tag.ts";
import type { Connection } from "./connection.ts";

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
