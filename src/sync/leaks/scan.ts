import { Writable } from "node:stream";
import type { Connection } from "../../pg/connection.ts";
import { copyOut } from "../../pg/copy.ts";
import { ident, sql } from "../../sql/tag.ts";
import type { SyncColumn } from "../catalog.ts";
import { NEWLINE } from "../copy/copy-text.ts";
import { columnKey } from "../joined-columns.ts";
import { createSearch, type Needle, type Search } from "./needles.ts";

/** Rows to look into. */
export interface Scanned {
  /** As the result names it. */
  readonly table: string;
  readonly columns: readonly SyncColumn[];
  /** What is read, quoted: the table, or the stages that hold its rows. */
  readonly from: readonly string[];
}

/** Values of a column of the source stand in a column of the target. */
export interface Leak {
  readonly from: string;
  readonly found_in: string;
  /** How many times, in the rows that were looked into. */
  readonly times: number;
}

/** Types that hold text, and those that hold it inside. */
const TEXT_TYPES: ReadonlySet<string> = new Set([
  "bpchar",
  "citext",
  "hstore",
  "json",
  "jsonb",
  "name",
  "text",
  "tsvector",
  "varchar",
  "xml",
]);

/** Look for values in every text column of those given, in at most `limit` rows of each part; all where it is null. */
export async function scanForLeaks(
  db: Connection,
  needles: readonly Needle[],
  scanned: readonly Scanned[],
  limit: number | null,
): Promise<Leak[]> {
  const search = createSearch(needles);
  const leaks = new Map<string, Leak>();
  for (const { table, columns, from } of scanned) {
    const texts = columns.filter(({ baseType }) => TEXT_TYPES.has(baseType));
    if (texts.length === 0) continue;
    const list = texts.map(({ name }) => ident(name)).join(", ");
    const onHit = (source: string, place: number) => {
      const foundIn = columnKey(table, texts[place]!.name);
      const key = `${source}\0${foundIn}`;
      leaks.set(key, { from: source, found_in: foundIn, times: (leaks.get(key)?.times ?? 0) + 1 });
    };
    for (const part of from) {
      const query = `copy (select ${list} from ${part}${limit === null ? "" : ` limit ${limit}`}) to stdout`;
      await copyOut(db, sql.raw(query), new Scanner(search, onHit));
    }
  }
  return [...leaks.values()];
}

/** Hands whole rows to the search. */
class Scanner extends Writable {
  readonly #search: Search;
  readonly #onHit: (from: string, place: number) => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(search: Search, onHit: (from: string, place: number) => void) {
    super();
    this.#search = search;
    this.#onHit = onHit;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const end = data.lastIndexOf(NEWLINE) + 1;
    this.#rest = data.subarray(end);
    this.#search.scan(data.subarray(0, end), ({ from, place }) => this.#onHit(from, place));
    done();
  }
}
