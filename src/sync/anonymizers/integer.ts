import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { defineAnonymizer, type Format, type Mask, type MaskedColumn } from "../anonymizer.ts";
import { formatMasking } from "../format-masking.ts";
import { isNoNumber, rangeOf } from "../decimal.ts";

const NUMBER = /^(-?)(\d+)(?:\.(\d*[1-9])0*)?$/;

/** Digits that vary, each from its lowest one: neither the first nor the last one of some becomes zero. */
interface Places {
  readonly digits: readonly number[];
  readonly radices: readonly number[];
  readonly lowest: readonly number[];
}

function placesOf(value: string, { least, most }: Limits): Places | null {
  const [, sign = "", whole, part = ""] = NUMBER.exec(value) ?? [];
  if (whole === undefined) return null;
  const text = whole + part;
  const limit = sign === "" ? most : least;
  const lowest = Array.from(text, (_, i) => {
    if (i === text.length - 1 && part !== "") return 1;
    return i === 0 && (whole.length > 1 || (sign !== "" && part === "")) ? 1 : 0;
  });
  const radices = lowest.map(
    (low, i) => (i === 0 && text.length === limit?.length ? Number(limit[0]) + 1 : 10) - low,
  );
  return { digits: Array.from(text, (digit, i) => Number(digit) - lowest[i]!), radices, lowest };
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
    split: (value) => placesOf(value, limits),
    join(digits, value) {
      const { lowest } = placesOf(value, limits)!;
      const text = digits.map((digit, i) => digit + lowest[i]!).join("");
      const [, sign = "", whole = "", part = ""] = NUMBER.exec(value)!;
      return sign + text.slice(0, whole.length) + (part === "" ? "" : `.${text.slice(whole.length)}`);
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
  mayGive: async () => (value) => value.length < LONG,
  example: { options: {}, type: "int8", values: ["1815", "-7", "9223372036854775807"] },
});

/** Of numbers with so many digits none is expected to be met by chance. */
const LONG = 16;
