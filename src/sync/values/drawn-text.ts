import { ConfitureError } from "../../base/errors.ts";
import type { Distinctness, MaskedColumn } from "../anonymizer.ts";
import type { Draw } from "../keyed/draw.ts";

/** Characters of `Draw.opaque`. */
export const OPAQUE_LENGTH = 20;

/** At which a collision is expected once in 10^15 values. */
const BITS = 100;

export const LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** So many characters of an alphabet. */
export function drawText(alphabet: string, length: number, draw: Draw): string {
  let text = "";
  for (let i = 0; i < length; i++) text += alphabet[draw.below(alphabet.length)];
  return text;
}

/** How far values stay different that become drawn text of so many characters. */
export function drawnDistinctness(alphabet: string, length: number, { type }: MaskedColumn): Distinctness {
  const different = new Set(type === "citext" ? alphabet.toLowerCase() : alphabet).size;
  return length * Math.log2(different) >= BITS ? "collision-free" : "lossy";
}

/** How far values stay different that become opaque ones, of which the column may have room for a part only. */
export const opaqueDistinctness = ({ maxLength }: MaskedColumn, reserved = 0): Distinctness =>
  maxLength === null || maxLength - reserved >= OPAQUE_LENGTH ? "collision-free" : "lossy";

/** Throws ANON_1400 when a column has no room for so many characters. */
export function requireRoom(what: string, length: number, { maxLength }: MaskedColumn): void {
  if (maxLength === null || length <= maxLength) return;
  throw new ConfitureError("ANON_1400", `${what} takes ${length} characters, the column has ${maxLength}`);
}

/** The first characters of a text, as many as a column has room for. */
export const cutTo = (text: string, { maxLength }: Pick<MaskedColumn, "maxLength">): string =>
  maxLength === null || text.length <= maxLength ? text : Array.from(text).slice(0, maxLength).join("");
