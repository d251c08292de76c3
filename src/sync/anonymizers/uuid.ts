import * as z from "zod";
import { defineAnonymizer, TEXT_TYPES } from "../anonymizer.ts";
import { requireRoom } from "../values/drawn-text.ts";
import { hexMasking } from "../values/hex-layout.ts";
import type { Draw } from "../keyed/draw.ts";

const PATTERN =
  /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}|\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\})$/i;

const WITHOUT_HYPHENS = 32;
const WITH_HYPHENS = 36;

/** Places of the digits that say version and variant (RFC 9562). */
const VERSION = 12;
const VARIANT = 16;
const VARIANTS = ["01234567", "89ab", "cd", "ef"];

/** A random one, of version 4. */
function randomUuid(draw: Draw): string {
  const digits = Buffer.from(draw.bytes()).toString("hex");
  const variant = VARIANTS[1]![Number.parseInt(digits[VARIANT]!, 16) % 4]!;
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join("-");
}

export const uuid = defineAnonymizer({
  name: "uuid",
  summary: "Another uuid of the same version and variant",
  options: z.strictObject({}),
  accepts: ["uuid", ...TEXT_TYPES],
  isKeyed: true,
  distinctness: (_options, { type }) => (type === "uuid" ? "bijection" : "collision-free"),
  prepare(_options, column) {
    requireRoom("a uuid without hyphens", WITHOUT_HYPHENS, column);
    const isShort = column.maxLength !== null && column.maxLength < WITH_HYPHENS;
    const other = (_value: string, draw: Draw) =>
      isShort ? randomUuid(draw).replaceAll("-", "") : randomUuid(draw);
    return hexMasking({
      pattern: PATTERN,
      alphabetOf(place, digit) {
        if (place === VERSION) return null;
        if (place === VARIANT) return VARIANTS.find((variant) => variant.includes(digit))!;
        return "0123456789abcdef";
      },
      other,
      otherwise: other,
    });
  },
  recognises: {
    isIdentity: true,
    name: /(?:^|_)(?:(?:device|advertising|tracking|visitor)_?(?:uuid|guid|id)|idfa|gaid|adid)$/,
    possible: PATTERN,
  },
  example: {
    options: {},
    type: "uuid",
    values: ["018f4d2e-7a6b-7c3d-9e8f-0123456789ab", "6fa459ea-ee8a-3ca4-894e-db77e160355e"],
  },
});
