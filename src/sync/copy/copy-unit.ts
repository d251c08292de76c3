import { createHash } from "node:crypto";
import { Transform, type TransformCallback } from "node:stream";
import { ConfitureError } from "../../base/errors.ts";
import type { Connection } from "../../pg/connection.ts";
import { copyAcross } from "../../pg/copy.ts";
import { type Sql, sql } from "../../sql/tag.ts";
import { type ColumnCounts, createRowMasker, type RowMasker } from "./mask-rows.ts";
import type { TableCopy } from "./table-copy.ts";

/** What went through. */
export interface Copied {
  readonly rows: number;
  readonly bytes: number;
  /** SHA-256 of the bytes as they were written. */
  readonly checksum: string;
  /** By the name of each masked column. */
  readonly counts: Readonly<Record<string, ColumnCounts>>;
}

export interface CopyRequest {
  readonly copy: TableCopy;
  /** Gives the expressions of the copy. */
  readonly query: Sql;
  /** Table that is written, quoted. */
  readonly into: string;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Streams rows from one database into another; memory stays the same whatever their number. Throws SYNC_303. */
export async function copyUnit(
  source: Connection,
  target: Connection,
  { copy, query, into, onBytes }: CopyRequest,
): Promise<Copied> {
  const format = copy.isBinary ? " (format binary)" : "";
  const columns = copy.columns.join(", ");
  const through = new Passage(copy, onBytes);
  const rows = await copyAcross(
    { db: source, statement: sql`copy (${query}) to stdout${sql.raw(format)}` },
    { db: target, statement: sql.raw(`copy ${into} (${columns}) from stdin${format}`) },
    through,
  );
  return { rows, ...through.result() };
}

/** Counts, masks and hashes what passes. */
class Passage extends Transform {
  readonly #masker: RowMasker | null;
  readonly #hash = createHash("sha256");
  readonly #copy: TableCopy;
  readonly #onBytes: (bytes: number) => void;
  #bytes = 0;

  constructor(copy: TableCopy, onBytes: (bytes: number) => void = () => {}) {
    super({ readableHighWaterMark: 262_144, writableHighWaterMark: 262_144 });
    this.#copy = copy;
    this.#onBytes = onBytes;
    this.#masker = copy.maskers === null ? null : createRowMasker(copy.maskers);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      const out = this.#masker === null ? chunk : this.#masker.push(chunk);
      this.#hash.update(out);
      this.#bytes += out.length;
      this.#onBytes(chunk.length);
      done(null, out.length === 0 ? undefined : out);
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  override _flush(done: TransformCallback): void {
    const isCut = this.#masker !== null && this.#masker.pending > 0;
    done(isCut ? new ConfitureError("SYNC_303", `the last row of ${this.#copy.table} is incomplete`) : null);
  }

  result(): Omit<Copied, "rows"> {
    const counts = (this.#masker?.counts ?? []).flatMap((count, i) =>
      count === null ? [] : [[this.#copy.columns[i]!, count] as const],
    );
    return { bytes: this.#bytes, checksum: this.#hash.digest("hex"), counts: Object.fromEntries(counts) };
  }
}
