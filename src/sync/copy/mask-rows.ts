import type { Masker } from "../keyed/masker.ts";
import { BACKSLASH, escapeField, NEWLINE, TAB, unescapeField } from "./copy-text.ts";

/** What was seen of one masked column. */
export interface ColumnCounts {
  values: number;
  nulls: number;
  /** Values that stand in for themselves. */
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

/** A field of a masked column in a batch of rows. */
interface Fields {
  readonly starts: number[];
  readonly ends: number[];
  /** Set where the bytes are not the characters: an escape, or beyond ASCII. */
  readonly isPlain: boolean[];
}

const NOTHING = Buffer.alloc(0);

/**
 * Replaces fields in COPY text. Bytes of other columns are passed on as they are: delimiters never stand inside a
 * value, so that rows need not be taken apart. `maskers` has one entry per column, null for those to pass.
 */
export function createRowMasker(maskers: readonly (Masker | null)[]): RowMasker {
  const places = maskers.flatMap((masker, place) => (masker === null ? [] : [place]));
  const counts = maskers.map((masker) => (masker === null ? null : { values: 0, nulls: 0, unchanged: 0 }));
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
      const fields = places.map((): Fields => ({ starts: [], ends: [], isPlain: [] }));
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
      const field = fields[next]!;
      field.starts.push(start);
      field.ends.push(at);
      field.isPlain.push(isPlain);
    }
    at = data.indexOf(NEWLINE, at) + 1;
  }
  return rows;
}

/** What is written instead of each field. */
function maskFields(
  data: Buffer,
  { starts, ends, isPlain }: Fields,
  masker: Masker,
  counts: ColumnCounts,
): string[] {
  const values: string[] = [];
  const isNull = (i: number) =>
    ends[i]! - starts[i]! === 2 && data[starts[i]!] === BACKSLASH && data[starts[i]! + 1] === 78;
  for (let i = 0; i < starts.length; i++) {
    if (isPlain[i]) values.push(data.toString("latin1", starts[i], ends[i]));
    else if (!isNull(i)) values.push(unescapeField(data.toString("utf8", starts[i], ends[i])));
  }
  const masked = masker(values);
  counts.values += values.length;
  counts.nulls += starts.length - values.length;
  let next = 0;
  return starts.map((_, i) => {
    if (!isPlain[i] && isNull(i)) return "\\N";
    const before = values[next];
    const after = masked[next++]!;
    if (after === before) counts.unchanged++;
    return after === null ? "\\N" : escapeField(after);
  });
}

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
