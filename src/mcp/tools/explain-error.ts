import * as z from "zod";
import { ERROR_CODES, type ErrorCode } from "../../base/errors.ts";
import { editDistance } from "../../base/nearest.ts";
import { defineTool } from "../tool.ts";

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];
const MANY = 5;

export const explainError = defineTool({
  name: "explain_error",
  description: "What an error code means, its exit code and the remedy.",
  input: z.strictObject({ code: z.string() }),
  output: z.object({
    code: z.string(),
    known: z.boolean(),
    means: z.string().nullable(),
    exit: z.int().nullable(),
    fix: z.string().nullable(),
    near: z.array(z.string()).describe("Codes that are spelt almost so, where this one is not known"),
  }),
  writes: false,
  async run(_call, { code: typed }) {
    const code = typed.trim().toUpperCase().replaceAll("-", "_");
    const found = CODES.find((one) => one === code);
    if (found === undefined)
      return { code: typed, known: false, means: null, exit: null, fix: null, near: nearTo(code) };
    return { code, known: true, ...ERROR_CODES[found], near: [] };
  },
});

const nearTo = (code: string): string[] =>
  CODES.map((one) => [editDistance(code, one), one] as const)
    .toSorted(([a], [b]) => a - b)
    .slice(0, MANY)
    .map(([, one]) => one);
