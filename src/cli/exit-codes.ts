import * as z from "zod";
import { defineOutput } from "../base/output.ts";

const EXIT_CODES: readonly (readonly [code: number, name: string, meaning: string])[] = [
  [0, "ok", "Done, including nothing to do"],
  [1, "internal_error", "The answer is no (findings, pending migrations, drift), or a generic failure"],
  [2, "precondition_failed", "The ledger does not exist in this database"],
  [3, "db_unreachable", "The database is unreachable, or a migration failed"],
  [4, "schema_error", "The schema could not be built"],
  [5, "invalid_config", "Wrong usage, configuration, validation or sync"],
  [6, "lock_contention", "The migration lock is held by another run"],
  [7, "git_error", "Preflight or a git gate says no"],
  [8, "irreversible_rollback", "The rollback is not possible"],
];

export const exitCodesOutput = defineOutput(
  "exit-codes",
  1,
  z.object({
    exit_codes: z.array(
      z.object({
        code: z.int(),
        class: z.string().describe("A name that stays; where a number means two things, error.code tells"),
        meaning: z.string(),
      }),
    ),
  }),
);

/** The table of `confiture --exit-codes`; the numbers are a public contract. */
export const exitCodesText = (): string =>
  EXIT_CODES.map(([code, , meaning]) => `${code}  ${meaning}\n`).join("");

/** The same table for scripts: `confiture --exit-codes-json`. */
export const exitCodes = (): z.infer<typeof exitCodesOutput.schema> => ({
  exit_codes: EXIT_CODES.map(([code, name, meaning]) => ({ code, class: name, meaning })),
});
