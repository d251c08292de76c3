import * as z from "zod";
import { up, upOutput, type UpResult } from "../../../migrate/up.ts";
import { type Context, defineCommand } from "../../command.ts";
import { migrationFlags, openTarget, resolveFlags, targetWithoutUrl, urlOf } from "../../database.ts";
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
    dryRun: z.boolean().optional().describe("Say what would run; write nothing, and need no database"),
    dryRunExecute: z
      .boolean()
      .optional()
      .describe("Run everything in one transaction, with real timings, and roll it back"),
    ...lockFlags,
  }),
  output: upOutput,
  run: async (context, options) =>
    up(await targetOf(context, options), {
      dryRun: options.dryRun,
      dryRunExecute: options.dryRunExecute,
      target: options.target,
      force: options.force,
      strict: options.strict,
      requireReversible: options.requireReversible,
      onChecksumMismatch: options.noVerifyChecksums ? "ignore" : options.onChecksumMismatch,
      ...lockOptions(options),
    }),
  text: (result) =>
    [
      ...result.errors,
      ...result.skipped_superuser.map((m) => `stopped before ${m.version}_${m.name}: ${m.reason}`),
      ...result.migrations.map((m) => dryRunLine(m, result)),
      closing(result),
    ].join("\n"),
  exit: ({ success }) => (success ? 0 : 1),
});

/** A dry run asks a database only where one is named. */
async function targetOf(context: Context, options: { dryRun?: boolean | undefined } & TargetOptions) {
  if (!options.dryRun) return openTarget(context, options, "writes");
  const resolved = await resolveFlags(context, options, { command: "reads", allowNone: true });
  return { ...targetWithoutUrl(context, resolved, options), url: await urlOf(context, resolved) };
}

type TargetOptions = Parameters<typeof openTarget>[1];

const dryRunLine = (m: UpResult["migrations"][number], { dry_run }: UpResult): string => {
  const what = `${m.version} ${m.name} (${m.statements} statement(s)`;
  if (m.skipped_reason !== null) return `skipped ${what}): ${m.skipped_reason}`;
  return dry_run
    ? `would apply ${what}${m.transactional ? "" : ", not in a transaction"})`
    : `ran ${what}, ${m.duration_ms} ms)`;
};

function closing({ dry_run, dry_run_execute, applied, migrations, total_duration_ms: ms }: UpResult): string {
  if (dry_run) return `${migrations.length} migration(s) would be applied; nothing was written.`;
  if (dry_run_execute) return `Ran ${applied.length} migration(s) in ${ms} ms and rolled everything back.`;
  return applied.length === 0 ? "Nothing to apply." : `Applied ${applied.length} migration(s) in ${ms} ms.`;
}
