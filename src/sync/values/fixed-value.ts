import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { TEXT_TYPES, type MaskedColumn } from "../anonymizer.ts";
import { cutTo } from "./drawn-text.ts";

/** An option: a value as YAML has it. Gives it as text. */
export const fixedValue = z
  .union([z.string(), z.number(), z.boolean()])
  .refine((value) => typeof value !== "number" || !Number.isInteger(value) || Number.isSafeInteger(value), {
    error: "a number this large is not exact: write it in quotes",
  })
  .transform(String);

/** Throws ANON_1400 when a column cannot hold a value; of types that are not known here PostgreSQL is the judge. */
export function requireFits(value: string, column: MaskedColumn): void {
  if (holds(value, column)) return;
  const size = isText(column) ? ` of ${column.maxLength} characters` : "";
  throw new ConfitureError("ANON_1400", `${JSON.stringify(value)} is no value of ${column.sqlType}${size}`);
}

const isText = ({ type }: MaskedColumn) => (TEXT_TYPES as readonly string[]).includes(type);

function holds(value: string, column: MaskedColumn): boolean {
  if (isText(column)) return !value.includes("\0") && cutTo(value, column) === value;
  if (column.labels.length > 0) return column.labels.includes(value);
  const bits = INTEGERS[column.type];
  if (bits === undefined) return FORMS[column.type]?.test(value) ?? true;
  return /^[+-]?\d+$/.test(value) && BigInt.asIntN(bits, BigInt(value)) === BigInt(value);
}

const INTEGERS: Readonly<Record<string, number>> = { int2: 16, int4: 32, int8: 64 };

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$|^NaN$|^[+-]?Infinity$/i;

const FORMS: Readonly<Record<string, RegExp>> = {
  bool: /^(?:t|true|f|false|y|yes|n|no|on|off|1|0)$/i,
  float4: NUMBER,
  float8: NUMBER,
  numeric: NUMBER,
  uuid: /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i,
};
