import * as z from "zod";
import { ConfitureError, ERROR_CODES, type ErrorCode } from "./errors.ts";
import { defineOutput } from "./output.ts";

/** One problem, as every JSON output tells it: the eight keys are always there. */
export const issueSchema = z.object({
  severity: z.enum(["error", "warning", "info"]),
  code: z.string(),
  message: z.string(),
  actionable: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  migration: z.string().nullable(),
  file: z.string().nullable(),
  line: z.int().nullable(),
});

/** What every command prints in JSON mode when it fails. */
export const envelopeOutput = defineOutput(
  "error",
  1,
  z.object({ ok: z.literal(false), error: issueSchema }),
);

export type Issue = z.infer<typeof issueSchema>;

/** The eight keys of any error; what is not a `ConfitureError` becomes INTERNAL_ERROR. */
export function issueOf(error: unknown): Issue {
  const known =
    error instanceof ConfitureError
      ? error
      : new ConfitureError("INTERNAL_ERROR", error instanceof Error ? error.message : String(error));
  const { details = {}, migration = null, file = null, line = null, pointer } = known.context;
  return {
    severity: "error",
    code: known.code,
    message: known.message,
    actionable: known.actionable,
    details: pointer === undefined ? { ...details } : { ...details, pointer },
    migration,
    file,
    line,
  };
}

type Rest = Partial<Omit<Issue, "severity" | "code" | "message">>;

/** An issue that is no error thrown; its remedy is by default that of its code. */
export const newIssue = (
  severity: Issue["severity"],
  code: string,
  message: string,
  rest: Rest = {},
): Issue => ({
  severity,
  code,
  message,
  actionable: code in ERROR_CODES ? ERROR_CODES[code as ErrorCode].fix : null,
  details: {},
  migration: null,
  file: null,
  line: null,
  ...rest,
});
