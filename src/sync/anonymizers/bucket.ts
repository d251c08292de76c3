import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { defineAnonymizer, type MaskedColumn } from "../anonymizer.ts";
import {
  FLOAT_LIMITS,
  floorDivide,
  isExactAt,
  isNoNumber,
  rangeOf,
  readDecimal,
  unitsAt,
  writeDecimal,
} from "../values/decimal.ts";

const options = z.strictObject({
  step: z.number().min(1e-9).max(1e15).default(10).describe("Every number becomes a multiple of it"),
});

/** What a number becomes; throws ANON_1400 when the column does not hold multiples of the step. */
function rounding(step: number, column: MaskedColumn): (value: string) => string {
  const size = readDecimal(String(step))!;
  const limit = FLOAT_LIMITS[column.type];
  const { scale: held = size.scale, least } =
    limit === undefined ? rangeOf(column) : { least: BigInt(-limit) * 10n ** BigInt(size.scale) };
  if (!isExactAt(size, held)) {
    throw new ConfitureError("ANON_1400", `${column.sqlType} does not hold multiples of ${step}`);
  }
  return (value) => {
    const number = readDecimal(value);
    if (number === null) return isNoNumber(value) ? value : "0";
    const scale = Math.max(number.scale, size.scale);
    const units = floorDivide(unitsAt(number, scale), unitsAt(size, scale)) * size.units;
    const isHeld = least === undefined || unitsAt({ units, scale: size.scale }, held) >= least;
    return writeDecimal({ units: isHeld ? units : units + size.units, scale: size.scale });
  };
}

export const bucket = defineAnonymizer({
  name: "bucket",
  summary: "A number rounded down to a multiple of a step, or up where the column holds nothing lower",
  options,
  accepts: ["int2", "int4", "int8", "numeric", "float4", "float8"],
  isKeyed: false,
  distinctness: () => "lossy",
  prepare: ({ step }, column) => ({ mask: rounding(step, column) }),
  recognises: { name: /(?:^|_)age(?:_(?:in_)?years)?$/ },
  async mayGive({ step }) {
    const size = readDecimal(String(step))!;
    return (value) => {
      const number = readDecimal(value);
      if (number === null) return isNoNumber(value);
      const scale = Math.max(number.scale, size.scale);
      return unitsAt(number, scale) % unitsAt(size, scale) === 0n;
    };
  },
  example: { options: {}, type: "int4", values: ["36", "-1", "0"] },
});
