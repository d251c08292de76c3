import * as z from "zod";
import { ConfitureError } from "./errors.ts";
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

/** An issue that a check found; what is not said of it is null. */
export const newIssue = (
  severity: Issue["severity"],
  code: string,
  message: string,
  rest: Partial<Omit<Issue, "severity" | "code" | "message">> = {},
): Issue => ({
  severity,
  code,
  message,
  actionable: null,
  details: {},
  migration: null,
  file: null,
  line: null,
  ...rest,
});
