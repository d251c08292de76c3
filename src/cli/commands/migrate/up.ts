import * as z from "zod";
import { up, upOutput } from "../../../migrate/up.ts";
import { defineCommand } from "../../command.ts";
import { migrationFlags, openTarget } from "../../database.ts";
import { lockFlags, lockOptions } from "../../lock-flags.ts";

export const command = defineCommand({
  path: "migrate up",
  summary: "Apply pending migrations",
  options: z.object({
    ...migrationFlags,
    target: z.string().optional().describe("Stop after this version").meta({ short: "t" }),
    force: z.boolean().optional().describe("Run every migration again, whatever the ledger says"),
    strict: z.boolean().optional().describe("Refuse when .sql files lie around that are no migration"),
    requireReversible: z.boolean().optional().describe("Refuse when a pending migration has no way back"),
    onChecksumMismatch: z
      .enum(["fail", "warn", "ignore"])
      .default("fail")
      .describe("For files edited after they ran"),
    noVerifyChecksums: z.boolean().optional().describe("Same as --on-checksum-mismatch ignore"),
    ...lockFlags,
  }),
  output: upOutput,
  run: async (context, options) =>
    up(await openTarget(context, options, "writes"), {
      target: options.target,
      force: options.force,
      strict: options.strict,
      requireReversible: options.requireReversible,
      onChecksumMismatch: options.noVerifyChecksums ? "ignore" : options.onChecksumMismatch,
      ...lockOptions(options),
    }),
  text: ({ applied, errors, skipped_superuser, total_duration_ms }) =>
    [
      ...errors,
      ...skipped_superuser.map((m) => `stopped before ${m.version}_${m.name}: ${m.reason}`),
      applied.length === 0
        ? "Nothing to apply."
        : `Applied ${applied.length} migration(s) in ${total_duration_ms} ms.`,
    ].join("\n"),
  exit: ({ success }) => (success ? 0 : 1),
});
