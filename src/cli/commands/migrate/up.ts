import * as z from "zod";
import { ConfitureError } from "../../../base/errors.ts";
import { up, upOutput, type UpResult } from "../../../migrate/up.ts";
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
    dryRun: z.boolean().optional().describe("Say what would run; write nothing, and need no database"),
    dryRunExecute: z
      .boolean()
      .optional()
      .describe("Run everything in one transaction, with real timings, and roll it back"),
    autoDetectBaseline: z
      .boolean()
      .optional()
      .describe("Without a ledger, record first what the catalog says is applied"),
    intent: z
      .string()
      .optional()
      .describe("Apply for this intent: refused once its claims are lost, in each transaction anew"),
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
    // A dry run asks a database only where one is named.
    const use = options.dryRun
      ? ({ command: "reads", allowNone: true } as const)
      : ({ command: "writes" } as const);
    const resolved = await resolveFlags(context, options, use);
    const url = await urlOf(context, resolved);
    const target = targetWithoutUrl(context, resolved, options);
    const upOptions = {
      dryRun: options.dryRun,
      dryRunExecute: options.dryRunExecute,
      target: options.target,
      force: options.force,
      strict: options.strict,
      requireReversible: options.requireReversible,
      onChecksumMismatch: options.noVerifyChecksums ? ("ignore" as const) : options.onChecksumMismatch,
      ...lockOptions(options),
    };
    if (options.intent !== undefined) {
      const { upWithIntent } = await import("../../../workflows/up-with-intent.ts");
      return upWithIntent({ ...target, url: url! }, { ...upOptions, intentId: options.intent });
    }
    if (!options.autoDetectBaseline) return up({ ...target, url }, upOptions);
    const { snapshotsDir } = options;
    const { upWithBaseline } = await import("../../../workflows/up-with-baseline.ts");
    return upWithBaseline(
      { ...target, url: url! },
      {
        ...upOptions,
        snapshotsDir: snapshotsDir === undefined ? undefined : inFolder(context.cwd, snapshotsDir),
        scratch: scratchOptionsOf(context, options, resolved.settings),
      },
    );
  },
  text: (result) =>
    [
      ...result.errors,
      ...result.skipped_superuser.map((m) => `stopped before ${m.version}_${m.name}: ${m.reason}`),
      ...result.migrations.map((m) => dryRunLine(m, result)),
      closing(result),
    ].join("\n"),
  exit: ({ success }) => (success ? 0 : 1),
});

const dryRunLine = (m: UpResult["migrations"][number], { dry_run }: UpResult): string => {
  const what = `${m.version} ${m.name} (${m.statements} statement(s)`;
  if (m.skipped_reason !== null) return `skipped ${what}): ${m.skipped_reason}`;
  return dry_run
    ? `would apply ${what}${m.transactional ? "" : ", not in a transaction"})`
    : `ran ${what}, ${m.duration_ms} ms)`;
};

function closing(result: UpResult): string {
  const { success, dry_run, dry_run_execute, applied, migrations, pending, total_duration_ms: ms } = result;
  if (dry_run) return `${migrations.length} migration(s) would be applied; nothing was written.`;
  if (dry_run_execute) return `Ran ${applied.length} migration(s) in ${ms} ms and rolled everything back.`;
  if (success && applied.length === 0) return "Nothing to apply.";
  const rest = success ? "" : ` ${pending.length} still pending.`;
  return `Applied ${applied.length} migration(s) in ${ms} ms.${rest}`;
}

interface Flags {
  readonly intent?: string | undefined;
  readonly autoDetectBaseline?: boolean | undefined;
  readonly snapshotsDir?: string | undefined;
  readonly scratchUrl?: string | undefined;
  readonly force?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  readonly dryRunExecute?: boolean | undefined;
}

function requireSense(flags: Flags): void {
  const { autoDetectBaseline, snapshotsDir, scratchUrl, force } = flags;
  const alone = flags.dryRun || flags.dryRunExecute || autoDetectBaseline;
  if (flags.intent !== undefined && alone)
    throw new ConfitureError(
      "CONFIG_008",
      "--intent is about what is applied: it goes neither with a dry run nor with --auto-detect-baseline",
    );
  if (autoDetectBaseline && (flags.dryRun || flags.dryRunExecute))
    throw new ConfitureError(
      "CONFIG_008",
      "--auto-detect-baseline writes the ledger; `confiture migrate introspect` only looks",
    );
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
