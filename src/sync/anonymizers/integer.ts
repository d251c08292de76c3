import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { defineAnonymizer, type Format, type Mask, type MaskedColumn } from "../anonymizer.ts";
import { formatMasking } from "../values/format-masking.ts";
import { isNoNumber, rangeOf } from "../values/decimal.ts";

const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** A number without zeros at its end: where its digits begin, and where its point is, or its end. */
interface Written {
  readonly text: string;
  readonly first: number;
  readonly point: number;
}

function read(value: string): Written | null {
  if (!NUMBER.test(value)) return null;
  const text = value.includes(".") ? value.replace(/\.?0+$/, "") : value;
  const point = text.indexOf(".");
  return { text, first: text.startsWith("-") ? 1 : 0, point: point < 0 ? text.length : point };
}

/** What a digit is at least: the first of some does not become zero, nor does the last one of a fraction. */
function lowestAt(at: number, { text, first, point }: Written): 0 | 1 {
  if (at === first) return point - first > 1 || (first === 1 && point === text.length) ? 1 : 0;
  return at === text.length - 1 && point < text.length ? 1 : 0;
}

/** The digits of the lowest and the highest integer; a numeric has room for as many as it has. */
interface Limits {
  readonly least?: string | undefined;
  readonly most?: string | undefined;
}

function limitsOf(column: MaskedColumn): Limits {
  const { type, precision, scale } = column;
  if (type === "numeric") {
    if (precision === null || (scale !== null && scale >= 0 && scale < precision)) return {};
    throw new ConfitureError("ANON_1400", `${column.sqlType} holds no units`);
  }
  const { least, most } = rangeOf(column);
  return { least: least?.toString().slice(1), most: most?.toString() };
}

function formatOf(limits: Limits): Format & { readonly otherwise: Mask } {
  return {
    split(value) {
      const number = read(value);
      if (number === null) return null;
      const { text, first, point } = number;
      const limit = first === 1 ? limits.least : limits.most;
      const digits: number[] = [];
      const radices: number[] = [];
      for (let at = first; at < text.length; at++) {
        if (at === point) continue;
        const lowest = lowestAt(at, number);
        const isLimited = at === first && text.length - first === limit?.length;
        digits.push(text.charCodeAt(at) - ZERO - lowest);
        radices.push((isLimited ? limit.charCodeAt(0) - ZERO + 1 : 10) - lowest);
      }
      return { digits, radices };
    },
    join(digits, value) {
      const number = read(value)!;
      let text = number.text.slice(0, number.first);
      let digit = 0;
      for (let at = number.first; at < number.text.length; at++) {
        text += at === number.point ? "." : digits[digit++]! + lowestAt(at, number);
      }
      return text;
    },
    holds(value) {
      const limit = value.startsWith("-") ? limits.least : limits.most;
      const digits = value.startsWith("-") ? value.slice(1) : value;
      return limit === undefined || digits.length < limit.length || digits <= limit;
    },
    otherwise: (value, draw) => (isNoNumber(value) ? value : String(draw.below(10))),
  };
}

export const integer = defineAnonymizer({
  name: "integer",
  summary: "A number of as many digits and the same sign; for numbers that name something, such as keys",
  options: z.strictObject({}),
  accepts: ["int2", "int4", "int8", "numeric"],
  isKeyed: true,
  distinctness: () => "bijection",
  prepare: (_options, column) => formatMasking(formatOf(limitsOf(column))),
  recognises: {
    isIdentity: true,
    name: /(?:^|_)(?:(?:tele|mobile_?)?phone(?:_?(?:no|number))?|mobile(?:_?(?:no|number))?|msisdn|telefon(?:nummer)?|ssn|national_?id|tax_?(?:id|no|number)|passport_?(?:no|number)|bank_?account(?:_?(?:no|number))?|card_?(?:no|number)|kontonummer|steuernummer|kundennummer)$/,
  },
  mayGive: async () => (value) => value.length < LONG,
  example: { options: {}, type: "int8", values: ["1815", "-7", "9223372036854775807"] },
});

const ZERO = 48;

/** Of numbers with so many digits none is expected to be met by chance. */
const LONG = 16;
