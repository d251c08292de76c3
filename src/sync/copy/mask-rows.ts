import { isSame, type Masker } from "../keyed/masker.ts";
import { BACKSLASH, escapeField, NEWLINE, TAB, unescapeField } from "./copy-text.ts";

/** What was seen of one masked column. */
export interface ColumnCounts {
  values: number;
  nulls: number;
  /** Empty texts, and arrays without elements, that stay so. */
  empty: number;
  /** Other values that stand in for themselves. */
  unchanged: number;
}

export interface RowMasker {
  /** Takes bytes of COPY text as they come; gives the rows that are complete by now. */
  push(chunk: Buffer): Buffer;
  /** How many bytes of a row are still waited for; none after the last one. */
  readonly pending: number;
  readonly rows: number;
  /** By the place of the column; null for those that pass as they are. */
  readonly counts: readonly (ColumnCounts | null)[];
}

/** The fields of a masked column in a batch of rows; it is used again for the next one. */
class Fields {
  starts = new Int32Array(1024);
  ends = new Int32Array(1024);
  /** 1 where the bytes are the characters: no escape, and nothing beyond ASCII. */
  plain = new Uint8Array(1024);
  count = 0;

  add(start: number, end: number, isPlain: boolean): void {
    if (this.count === this.starts.length) this.#grow();
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.plain[this.count++] = isPlain ? 1 : 0;
  }

  #grow(): void {
    const [starts, ends, plain] = [this.starts, this.ends, this.plain];
    this.starts = new Int32Array(starts.length * 2);
    this.ends = new Int32Array(starts.length * 2);
    this.plain = new Uint8Array(starts.length * 2);
    this.starts.set(starts);
    this.ends.set(ends);
    this.plain.set(plain);
  }
}

const NOTHING = Buffer.alloc(0);

/**
 * Replaces fields in COPY text. Bytes of other columns are passed on as they are: delimiters never stand inside a
 * value, so that rows need not be taken apart. `maskers` has one entry per column, null for those to pass.
 */
export function createRowMasker(maskers: readonly (Masker | null)[]): RowMasker {
  const places = maskers.flatMap((masker, place) => (masker === null ? [] : [place]));
  const counts = maskers.map((masker) =>
    masker === null ? null : { values: 0, nulls: 0, empty: 0, unchanged: 0 },
  );
  const fields = places.map(() => new Fields());
  let rest: Buffer = NOTHING;
  let rows = 0;

  return {
    counts,
    get rows() {
      return rows;
    },
    get pending() {
      return rest.length;
    },
    push(chunk) {
      const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const end = data.lastIndexOf(NEWLINE) + 1;
      rest = data.subarray(end);
      if (end === 0) return NOTHING;
      for (const field of fields) field.count = 0;
      const found = findFields(data, end, places, fields);
      rows += found;
      const masked = fields.map((field, i) =>
        maskFields(data, field, maskers[places[i]!]!, counts[places[i]!]!),
      );
      return writeRows(data.subarray(0, end), found, fields, masked);
    },
  };
}

/** Notes where the masked fields of complete rows stand; gives the number of rows. */
function findFields(data: Buffer, end: number, places: readonly number[], fields: readonly Fields[]): number {
  let rows = 0;
  for (let at = 0; at < end; rows++) {
    let place = 0;
    for (let next = 0; next < places.length; next++) {
      for (; place < places[next]!; place++) {
        while (data[at] !== TAB) at++;
        at++;
      }
      const start = at;
      let isPlain = true;
      let byte = data[at]!;
      while (byte !== TAB && byte !== NEWLINE) {
        if (byte === BACKSLASH || byte > 127) isPlain = false;
        byte = data[++at]!;
      }
      fields[next]!.add(start, at, isPlain);
    }
    at = data.indexOf(NEWLINE, at) + 1;
  }
  return rows;
}

/** What is written instead of each field. */
function maskFields(
  data: Buffer,
  { starts, ends, plain, count }: Fields,
  masker: Masker,
  counts: ColumnCounts,
): string[] {
  const values: string[] = [];
  for (let i = 0; i < count; i++) {
    const [start, end] = [starts[i]!, ends[i]!];
    if (plain[i]) values.push(data.toString("latin1", start, end));
    else if (!isNull(data, start, end)) values.push(unescapeField(data.toString("utf8", start, end)));
  }
  const masked = masker(values);
  counts.values += values.length;
  counts.nulls += count - values.length;
  const texts: string[] = [];
  let next = 0;
  for (let i = 0; i < count; i++) {
    if (!plain[i] && isNull(data, starts[i]!, ends[i]!)) {
      texts.push(NULL);
      continue;
    }
    const after = masked[next]!;
    if (isSame(masker, values[next++]!, after)) {
      if (HOLDS_NOTHING.test(after!)) counts.empty++;
      else counts.unchanged++;
    }
    texts.push(after === null ? NULL : escapeField(after));
  }
  return texts;
}

/** The empty text, or an array of such and of NULLs. */
const HOLDS_NOTHING = /^(?:\{(?:[{},]|NULL|"")*\})?$/;

const NULL = "\\N";

const isNull = (data: Buffer, start: number, end: number): boolean =>
  end - start === 2 && data[start] === BACKSLASH && data[start + 1] === NULL.charCodeAt(1);

/** The rows with other fields; untouched bytes are copied from one field to the next. */
function writeRows(
  data: Buffer,
  rows: number,
  fields: readonly Fields[],
  masked: readonly (readonly string[])[],
): Buffer {
  let most = data.length;
  for (const texts of masked) for (const text of texts) most += text.length * 3;
  const out = Buffer.allocUnsafe(most);
  let from = 0;
  let to = 0;
  for (let row = 0; row < rows; row++) {
    for (let next = 0; next < fields.length; next++) {
      const { starts, ends } = fields[next]!;
      const start = starts[row]!;
      data.copy(out, to, from, start);
      to += start - from;
      to = write(out, masked[next]![row]!, to);
      from = ends[row]!;
    }
  }
  data.copy(out, to, from);
  return out.subarray(0, to + data.length - from);
}

/** Short ASCII is faster by hand than by a call. */
function write(out: Buffer, text: string, at: number): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return at + out.write(text, at, "utf8");
    out[at + i] = code;
  }
  return at + text.length;
}
