import * as z from "zod";
import { defineAnonymizer, type MaskedColumn, TEXT_TYPES } from "../anonymizer.ts";
import {
  drawnDistinctness,
  drawText,
  LETTERS_AND_DIGITS,
  OPAQUE_LENGTH,
  requireRoom,
} from "../values/drawn-text.ts";
import { hexMasking } from "../values/hex-layout.ts";
import type { Draw } from "../keyed/draw.ts";

const options = z.strictObject({
  keep_flags: z
    .boolean()
    .default(false)
    .describe(
      "Keep whether an address is local and whether it is that of a group, so that values that differ stay different; otherwise every one becomes that of a single machine, given locally",
    ),
});

const PATTERN =
  /^(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}(?:(?:[0-9a-f]{2}\1){2})?[0-9a-f]{2}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2,3}|[0-9a-f]{12}|[0-9a-f]{16})$/i;

const LENGTH = "00:00:00:00:00:00".length;

/** The second digit holds the two flags; digits with the same ones stand in for each other. */
const FLAGS = 1;
const SAME_FLAGS = ["048c", "159d", "26ae", "37bf"];
const LOCAL_AND_SINGLE = 2;

const localAndSingle = (place: number, digit: string): string =>
  place === FLAGS ? SAME_FLAGS[LOCAL_AND_SINGLE]![Number.parseInt(digit, 16) >> 2]! : digit;

function randomMac(draw: Draw): string {
  const digits = drawText("0123456789abcdef", 12, draw);
  return Array.from(digits)
    .map((digit, i) => localAndSingle(i, digit) + (i % 2 === 1 && i < 11 ? ":" : ""))
    .join("");
}

/** Of what becomes of other text. */
const lengthOf = ({ maxLength }: MaskedColumn) => Math.min(maxLength ?? OPAQUE_LENGTH, OPAQUE_LENGTH);

export const mac = defineAnonymizer({
  name: "mac",
  summary: "Another MAC address, given locally and of a single machine",
  options,
  accepts: ["macaddr", "macaddr8", ...TEXT_TYPES],
  isKeyed: true,
  distinctness({ keep_flags: keepFlags }, column) {
    if (!keepFlags) return "lossy";
    if (column.type.startsWith("macaddr")) return "bijection";
    return drawnDistinctness(LETTERS_AND_DIGITS, lengthOf(column), column);
  },
  prepare({ keep_flags: keepFlags }, column) {
    requireRoom("a MAC address", LENGTH, column);
    return hexMasking({
      pattern: PATTERN,
      alphabetOf: (place, digit) =>
        place === FLAGS ? SAME_FLAGS.find((same) => same.includes(digit))! : "0123456789abcdef",
      normal: keepFlags ? undefined : localAndSingle,
      other: (_value, draw) => randomMac(draw),
      otherwise: (_value, draw) =>
        keepFlags ? drawText(LETTERS_AND_DIGITS, lengthOf(column), draw) : randomMac(draw),
    });
  },
  recognises: {
    isIdentity: true,
    name: /(?:^|_)mac(?:_?addr(?:ess)?)?$/,
    types: ["macaddr", "macaddr8"],
    value: /^[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}$/i,
    possible: /^[\da-f.:-]{12,23}$/i,
  },
  whenUnique: { keep_flags: true },
  example: {
    options: {},
    type: "macaddr",
    values: ["00:1b:44:11:3a:b7", "00:1b:44:11:3a:b8"],
  },
});
