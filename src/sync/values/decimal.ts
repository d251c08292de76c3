import type { MaskedColumn } from "../anonymizer.ts";
import type { Draw } from "../keyed/draw.ts";

/** An exact number: so many units of 10^-scale. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const WRITTEN = /^(-?)(\d+)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i;

/** Of any number as PostgreSQL or JavaScript writes it; null for NaN, the infinities and what is no number. */
export function readDecimal(text: string): Decimal | null {
  const [, sign, whole, part = "", exponent = "0"] = WRITTEN.exec(text) ?? [];
  if (whole === undefined) return null;
  const units = BigInt(whole + part);
  const scale = part.length - Number(exponent);
  const number = { units: sign === "-" ? -units : units, scale };
  return scale < 0 ? { units: number.units * 10n ** BigInt(-scale), scale: 0 } : number;
}

export function writeDecimal({ units, scale }: Decimal): string {
  if (scale <= 0) return String(units * 10n ** BigInt(-scale));
  const sign = units < 0n ? "-" : "";
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0");
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** In units of another scale, rounded down. */
export const unitsAt = ({ units, scale }: Decimal, other: number): bigint =>
  other >= scale ? units * 10n ** BigInt(other - scale) : floorDivide(units, 10n ** BigInt(scale - other));

/** Whether units of another scale say the same. */
export const isExactAt = (number: Decimal, other: number): boolean =>
  unitsAt({ units: unitsAt(number, other), scale: other }, number.scale) === number.units;

export function floorDivide(number: bigint, by: bigint): bigint {
  const quotient = number / by;
  return number % by < 0n ? quotient - 1n : quotient;
}

/** NaN and the infinities, which tell nothing of anyone. */
export const isNoNumber = (text: string): boolean => /^(?:NaN|-?Infinity)$/.test(text);

/** Numbers that a column holds exactly, in units of its scale; what it does not limit is left out. */
export interface Range {
  readonly scale?: number;
  readonly least?: bigint;
  readonly most?: bigint;
}

const INTEGER_BITS: Readonly<Record<string, bigint>> = { int2: 15n, int4: 31n, int8: 63n };

export function rangeOf({ type, precision, scale }: MaskedColumn): Range {
  const bits = INTEGER_BITS[type];
  if (bits !== undefined) return { scale: 0, least: -(2n ** bits), most: 2n ** bits - 1n };
  if (precision === null) return {};
  const most = 10n ** BigInt(precision) - 1n;
  return { scale: scale ?? 0, least: -most, most };
}

/** 0 up to `n` - 1, evenly but for one part in 2^64. */
export function drawBelow(n: bigint, draw: Draw): bigint {
  if (n <= BigInt(Number.MAX_SAFE_INTEGER)) return BigInt(draw.below(Number(n)));
  let drawn = 0n;
  for (let bits = n.toString(16).length * 4 + 64; bits > 0; bits -= 48) {
    drawn = (drawn << 48n) | BigInt(draw.below(2 ** 48));
  }
  return drawn % n;
}

/** The most that a float holds. */
export const FLOAT_LIMITS: Readonly<Record<string, number>> = {
  float4: 3.4028234663852886e38,
  float8: Number.MAX_VALUE,
};
