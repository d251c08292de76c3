import * as z from "zod";
import { ConfitureError } from "../../../base/errors.ts";
import { up, upOutput } from "../../../migrate/up.ts";
import { defineCommand } from "../../command.ts";
import { inFolder, migrationFlags, resolveFlags, targetWithoutUrl, urlOf } from "../../database.ts";
import { lockFlags, lockOptions } from "../../lock-flags.ts";
import { scratchFlags, scratchOptionsOf } from "../../scratch-flags.ts";

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
    autoDetectBaseline: z
      .boolean()
      .optional()
      .describe("Without a ledger, record first what the catalog says is applied"),
    snapshotsDir: z
      .string()
      .optional()
      .describe(
        "With --auto-detect-baseline: compare with the schemas of this directory, not with the chain",
      ),
    ...scratchFlags,
    ...lockFlags,
  }),
  output: upOutput,
  run: async (context, options) => {
    requireSense(options);
    const resolved = await resolveFlags(context, options, { command: "writes" });
    const target = {
      ...targetWithoutUrl(context, resolved, options),
      url: (await urlOf(context, resolved))!,
    };
    const upOptions = {
      target: options.target,
      force: options.force,
      strict: options.strict,
      requireReversible: options.requireReversible,
      onChecksumMismatch: options.noVerifyChecksums ? ("ignore" as const) : options.onChecksumMismatch,
      ...lockOptions(options),
    };
    if (!options.autoDetectBaseline) return up(target, upOptions);
    const { snapshotsDir } = options;
    const { upWithBaseline } = await import("../../../workflows/up-with-baseline.ts");
    return upWithBaseline(target, {
      ...upOptions,
      snapshotsDir: snapshotsDir === undefined ? undefined : inFolder(context.cwd, snapshotsDir),
      scratch: scratchOptionsOf(context, options, resolved.settings),
    });
  },
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

interface BaselineFlags {
  readonly autoDetectBaseline?: boolean | undefined;
  readonly snapshotsDir?: string | undefined;
  readonly scratchUrl?: string | undefined;
  readonly force?: boolean | undefined;
}

function requireSense({ autoDetectBaseline, snapshotsDir, scratchUrl, force }: BaselineFlags): void {
  if (autoDetectBaseline && force)
    throw new ConfitureError(
      "CONFIG_008",
      "--force runs everything, and --auto-detect-baseline what is missing",
    );
  if (!autoDetectBaseline && (snapshotsDir !== undefined || scratchUrl !== undefined))
    throw new ConfitureError(
      "CONFIG_008",
      "--snapshots-dir and --scratch-url belong to --auto-detect-baseline",
    );
}
