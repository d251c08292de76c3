import { escapeField, NEWLINE, TAB } from "../copy/copy-text.ts";

/** A value of the source that must not be found, and the column that it is from. */
export interface Needle {
  readonly value: string;
  readonly column: string;
}

/** A value of one column was found in another; never the value itself. */
export interface Hit {
  /** Column of the source that the value is from. */
  readonly from: string;
  /** Place of the field in its row. */
  readonly place: number;
}

/** Looks for values in COPY text. */
export interface Search {
  /** Takes whole rows; calls `onHit` for every value that stands in a field by itself or as a word of it. */
  scan(rows: Buffer, onHit: (hit: Hit) => void): void;
}

/** Bytes of a value by which it is looked up first. */
const HEAD = 4;
/** Bits that say which heads there are. */
const BITS = 20;

/** Columns by value, the bytes of its COPY text as latin1; by how many bytes it has. */
type ByLength = Map<number, Map<string, string>>;

/**
 * Prepares a search for many values at once: each byte costs the same whatever their number. A head of four bytes is
 * looked up in a bitmap, and only where it is there, a word of each length that values of this head have, in a map.
 */
export function createSearch(needles: readonly Needle[]): Search {
  const heads = new Uint8Array(1 << (BITS - 3));
  const byHead = new Map<number, ByLength>();
  for (const { value, column } of needles) {
    const bytes = Buffer.from(escapeField(value), "utf8");
    if (bytes.length < HEAD) continue;
    const head = bytes.readUInt32BE(0);
    const slot = slotOf(head);
    heads[slot >>> 3]! |= 1 << (slot & 7);
    const byLength = getOrMake(byHead, head);
    const values = getOrMake(byLength, bytes.length);
    const key = bytes.toString("latin1");
    const known = values.get(key);
    values.set(key, known === undefined || known === column ? column : `${known}${BOTH}${column}`);
  }
  return {
    scan(rows, onHit) {
      let head = 0;
      let place = 0;
      for (let at = 0; at < rows.length; at++) {
        const byte = rows[at]!;
        if (byte === TAB) place++;
        else if (byte === NEWLINE) place = 0;
        head = ((head << 8) | byte) >>> 0;
        const slot = slotOf(head);
        if ((heads[slot >>> 3]! & (1 << (slot & 7))) === 0) continue;
        const byLength = byHead.get(head);
        if (byLength !== undefined) wordsAt(rows, at - HEAD + 1, byLength, (from) => onHit({ from, place }));
      }
    },
  };
}
const slotOf = (head: number): number => Math.imul(head, 0x9e3779b1) >>> (32 - BITS);

/** Between columns that have a value in common. */
const BOTH = "\0";

/** The columns whose values begin at a place and end with a word. */
function wordsAt(rows: Buffer, start: number, byLength: ByLength, onColumn: (column: string) => void): void {
  if (start < 0 || isWordByte(rows[start - 1])) return;
  for (const [length, values] of byLength) {
    const end = start + length;
    if (end > rows.length || isWordByte(rows[end])) continue;
    const columns = values.get(rows.toString("latin1", start, end));
    for (const column of columns?.split(BOTH) ?? []) onColumn(column);
  }
}

function getOrMake<K, L, V>(map: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let inner = map.get(key);
  if (inner === undefined) map.set(key, (inner = new Map()));
  return inner;
}

/** Letters, digits, and all beyond ASCII. */
const isWordByte = (byte: number | undefined): boolean =>
  byte !== undefined &&
  (byte > 127 || (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122));
