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

/** Bytes of a value by which it is looked up. */
const HEAD = 4;
/** Bits that say which heads there are. */
const BITS = 20;

/**
 * Prepares a search for many values at once: each byte costs the same whatever their number. A head of four bytes is
 * looked up in a bitmap, and only where it is there in a map.
 */
export function createSearch(needles: readonly Needle[]): Search {
  const heads = new Uint8Array(1 << (BITS - 3));
  const byHead = new Map<number, { readonly bytes: Buffer; readonly column: string }[]>();
  for (const { value, column } of needles) {
    const bytes = Buffer.from(escapeField(value), "utf8");
    if (bytes.length < HEAD) continue;
    const head = bytes.readUInt32BE(0);
    const slot = slotOf(head);
    heads[slot >>> 3]! |= 1 << (slot & 7);
    byHead.set(head, [...(byHead.get(head) ?? []), { bytes, column }]);
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
        const start = at - HEAD + 1;
        for (const { bytes, column } of byHead.get(head) ?? [])
          if (isWordAt(rows, start, bytes)) onHit({ from: column, place });
      }
    },
  };
}

const slotOf = (head: number): number => Math.imul(head, 0x9e3779b1) >>> (32 - BITS);

function isWordAt(rows: Buffer, start: number, bytes: Buffer): boolean {
  const end = start + bytes.length;
  if (start < 0 || end > rows.length || isWordByte(rows[start - 1]) || isWordByte(rows[end])) return false;
  return rows.compare(bytes, 0, bytes.length, start, end) === 0;
}

/** Letters, digits, and all beyond ASCII. */
const isWordByte = (byte: number | undefined): boolean =>
  byte !== undefined &&
  (byte > 127 || (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122));
