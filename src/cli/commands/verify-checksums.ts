import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import {
  verifyAllChecksums,
  verifyChecksumsOutput,
  type VerifyChecksumsResult,
} from "../../migrate/verify-checksums.ts";
import { defineCommand } from "../command.ts";
import { migrationFlags, openTarget } from "../database.ts";
import { issueText } from "../issue-text.ts";
import { lockFlags, lockOptions } from "../lock-flags.ts";

export const command = defineCommand({
  path: "verify-checksums",
  summary: "Compare applied migrations with the hashes in the ledger",
  options: z.object({
    ...migrationFlags,
    fix: z.boolean().optional().describe("Record the files' present hashes in the ledger"),
    allowUninitialized: z.boolean().optional().describe("A database without a ledger is fine"),
    ...lockFlags,
  }),
  output: verifyChecksumsOutput,
  run: async (context, options) => {
    const { fix, allowUninitialized } = options;
    if (!fix && (options.noLock || options.lockTimeout !== undefined)) {
      throw new ConfitureError("CONFIG_008", "--lock-timeout and --no-lock mean nothing without --fix");
    }
    const target = await openTarget(context, options, fix ? "writes" : "reads");
    return await verifyAllChecksums(target, { fix, allowUninitialized, ...lockOptions(options) });
  },
  text: checksumsText,
  exit: ({ ok }) => (ok ? 0 : 1),
});

function checksumsText({ ok, ledger_present, fixed, summary, issues }: VerifyChecksumsResult): string {
  if (!ledger_present) return `There is no ledger ${summary.tracking_table}: nothing to verify.`;
  return [
    ...issues.map(issueText),
    ...fixed.map((version) => `${version}: the file as it is now is recorded`),
    `Checked ${summary.checked} applied migration(s): ${ok ? "no mismatch" : `${summary.mismatched} mismatched`}${fixed.length > 0 ? " left" : ""}`,
  ].join("\n");
}
