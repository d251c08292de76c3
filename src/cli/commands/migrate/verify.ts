import * as z from "zod";
import { verify, verifyOutput, type VerifyResult } from "../../../migrate/verify.ts";
import { defineCommand } from "../../command.ts";
import { migrationFlags, openTarget } from "../../database.ts";

export const command = defineCommand({
  path: "migrate verify",
  summary: "Ask the database what the .verify.sql files of applied migrations assert; writes nothing",
  options: z.object({
    ...migrationFlags,
    version: z.string().optional().describe("Verify this applied migration alone"),
    allowUninitialized: z.boolean().optional().describe("A database without a ledger is fine"),
  }),
  output: verifyOutput,
  run: async (context, options) =>
    verify(await openTarget(context, options, "reads"), {
      version: options.version,
      allowUninitialized: options.allowUninitialized,
    }),
  text: (result) =>
    result.ledger_present
      ? [
          ...result.results.filter(({ status, error }) => status !== "no_file" || error !== null).map(line),
          `${result.verified_count} verified, ${result.failed_count} failed, ${result.skipped_count} without a .verify.sql`,
        ].join("\n")
      : "There is no ledger: nothing to verify.",
  exit: ({ failed_count }) => (failed_count > 0 ? 1 : 0),
});

function line({ status, version, name, actual_value, verify_file, error }: VerifyResult["results"][number]) {
  const why = error ?? `answered ${actual_value ?? "NULL or no row"}`;
  if (status === "verified") return `verified ${version} ${name}`;
  return status === "no_file"
    ? `no file  ${version} ${name}: ${why}`
    : `failed   ${version} ${name}: ${why} (${verify_file})`;
}
