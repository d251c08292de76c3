import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { readConnectionString } from "../pg/connection-string.ts";

export const names = z.array(z.string().min(1));

/** A role, schema or column name, bare or in double quotes. */
export const identifier = z
  .string()
  .regex(/^([A-Za-z_][\w$]*|"([^"]|"")+")$/, "must be an identifier, bare or in double quotes");

/** A connection string; its text never appears in a message. */
export const dsn = z.string().superRefine((text, context) => {
  try {
    readConnectionString(text);
  } catch (error) {
    if (!(error instanceof ConfitureError)) throw error;
    context.addIssue({ code: "custom", message: error.message, params: { code: error.code } });
  }
});

const MS_PER_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };

/** Milliseconds, from a number of them or a PostgreSQL-like duration such as `5s`. */
export const duration = z
  .union([
    z.int().min(0),
    z.string().regex(/^\d+\s*(ms|s|min|h)?$/, "must be milliseconds, or like 500ms, 5s, 2min"),
  ])
  .transform(toMs)
  .refine((ms) => ms <= 2_147_483_647, "is longer than PostgreSQL can count (24 days)");

function toMs(value: number | string): number {
  if (typeof value === "number") return value;
  const [, count, unit = "ms"] = /^(\d+)\s*([a-z]+)?$/.exec(value)!;
  return Number(count) * MS_PER_UNIT[unit]!;
}
