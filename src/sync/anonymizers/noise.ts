import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { defineAnonymizer, type Mask, type MaskedColumn } from "../anonymizer.ts";
import {
  type Decimal,
  drawBelow,
  FLOAT_LIMITS,
  isExactAt,
  isNoNumber,
  rangeOf,
  readDecimal,
  unitsAt,
  writeDecimal,
} from "../values/decimal.ts";

const options = z
  .strictObject({
    percent: z
      .number()
      .min(0.001)
      .max(100)
      .optional()
      .describe("Percent of the number at most; 10 by default"),
    amount: z.number().min(1e-9).max(1e15).optional().describe("At most so much, whatever the number is"),
  })
  .refine(({ percent, amount }) => percent === undefined || amount === undefined, {
    error: "percent and amount exclude each other",
  });
type Options = z.infer<typeof options>;

const DEFAULT_PERCENT = 10;

export const noise = defineAnonymizer({
  name: "noise",
  aliases: ["differential_privacy"],
  summary:
    "A number somewhat larger or smaller, never the same and never with another sign, NaN and infinity excepted; by one unit of its last digit at least",
  options,
  accepts: ["int2", "int4", "int8", "numeric", "float4", "float8"],
  isKeyed: true,
  distinctness: () => "lossy",
  prepare: (chosen, column) => ({
    mask: FLOAT_LIMITS[column.type] === undefined ? exactNoise(chosen, column) : floatNoise(chosen, column),
  }),
  recognises: {
    name: /salar(?:y|ies)|(?:^|_)(?:wages?|income|bonus|balance|net_worth|gehalt|lohn|einkommen|salaire|revenu|sueldo)(?:_|$)/,
  },
  mayGive: async () => () => true,
  example: { options: {}, type: "int4", values: ["52000", "-3", "0"] },
});

/** Reckons with all digits. */
function exactNoise({ percent = DEFAULT_PERCENT, amount }: Options, column: MaskedColumn): Mask {
  const { scale: held, least, most } = rangeOf(column);
  const added = amount === undefined ? null : readDecimal(String(amount))!;
  const part = readDecimal(String(percent))!;
  if (added !== null && held !== undefined && !isExactAt(added, held)) {
    throw new ConfitureError("ANON_1400", `${column.sqlType} does not hold ${amount}`);
  }
  const spreadOf = (units: bigint, scale: number): bigint =>
    added === null
      ? ((units < 0n ? -units : units) * part.units) / (100n * 10n ** BigInt(part.scale))
      : unitsAt(added, scale);
  return (value, draw) => {
    const number = readDecimal(value);
    if (number === null) return isNoNumber(value) ? value : String(draw.below(10));
    const scale = held ?? Math.max(number.scale, added?.scale ?? 0);
    const units = unitsAt(number, scale);
    const spread = spreadOf(units, scale) || 1n;
    const from = units < 0n ? higher(units - spread, least) : higher(units - spread, 0n);
    const to = units < 0n ? lower(units + spread, 0n) : lower(units + spread, most);
    const drawn = from + drawBelow(to - from, draw);
    return writeDecimal({ units: drawn < units ? drawn : drawn + 1n, scale } satisfies Decimal);
  };
}

const higher = (a: bigint, b: bigint | undefined): bigint => (b === undefined || a > b ? a : b);
const lower = (a: bigint, b: bigint | undefined): bigint => (b === undefined || a < b ? a : b);

/** Zero has no percentage; it counts as one then. Where no other float lies within the noise, the next one is taken. */
function floatNoise({ percent = DEFAULT_PERCENT, amount }: Options, { type }: MaskedColumn): Mask {
  const limit = FLOAT_LIMITS[type]!;
  const [rounded, below] = type === "float4" ? [Math.fround, 1 - 2 ** -22] : [Number, 1 - 2 ** -51];
  return (value, draw) => {
    const number = rounded(value === "" ? NaN : Number(value));
    if (!Number.isFinite(number)) return isNoNumber(value) ? value : String(draw.below(10));
    const size = Math.abs(number);
    const spread = amount ?? ((size || 1) * percent) / 100;
    const from = Math.max(0, size - spread);
    const to = Math.min(limit, size + spread);
    const drawn = from + (to - from) * (draw.below(2 ** 53) / 2 ** 53);
    const other = [drawn, to, from, size * below, 0].map(rounded).find((one) => one !== size)!;
    return String(number < 0 ? -other : other);
  };
}
