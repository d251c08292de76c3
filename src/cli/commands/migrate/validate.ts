import { resolve } from "node:path";
import * as z from "zod";
import { ConfitureError } from "../../../base/errors.ts";
import { defineOutput } from "../../../base/output.ts";
import type { Settings } from "../../../config/environment.ts";
import { resolveSettings } from "../../../config/resolve.ts";
import type { MigrationFiles } from "../../../migrate/files.ts";
import { CHECKS } from "../../../migrate/checks/index.ts";
import { validate, validateOutput, type ValidateResult } from "../../../migrate/validate.ts";
import { type Context, defineCommand } from "../../command.ts";
import {
  inFolder,
  migrationFlags,
  resolveFlags,
  targetWithoutUrl,
  urlOf,
  warnOfDeadKeys,
} from "../../database.ts";
import { issueText } from "../../issue-text.ts";

const listing = z.object({
  version: z.literal("1"),
  available: z.array(z.object({ name: z.string(), summary: z.string() })),
});

const options = z.object({
  ...migrationFlags,
  check: z.array(z.string()).optional().describe("Checks to run, by name, separated by commas; default all"),
  listChecks: z.boolean().optional().describe("Name the checks there are, and run none"),
  strict: z.boolean().optional().describe("Warnings say no as well; also migration.strict_mode"),
  fixNaming: z
    .boolean()
    .optional()
    .describe("Rename <version>_<name>.sql to .up.sql where it was never run, then check"),
  linear: z
    .boolean()
    .optional()
    .describe("Also check migrations.sum; it is checked in any case where it is there"),
  base: z
    .string()
    .optional()
    .describe(
      "With --linear: a ref of git; this branch's migrations come after its own, which stay as they are",
    ),
  fix: z
    .boolean()
    .optional()
    .describe("With --linear: write migrations.sum for the files as they are, then check"),
  dryRun: z.boolean().optional().describe("With --fix-naming: say what would be renamed"),
});

type Options = z.infer<typeof options>;

export const command = defineCommand({
  path: "migrate validate",
  summary: "Check the migration files: names, orphans, duplicate versions",
  options,
  output: defineOutput("migrate.validate", 1, z.union([validateOutput.schema, listing])),
  run: async (context, flags) => {
    refuseIdleFlags(flags);
    if (flags.listChecks) {
      return { version: "1", available: CHECKS.map(({ name, summary }) => ({ name, summary })) } as const;
    }
    const { settings, ledger } = await (flags.fixNaming ? withLedger : withoutLedger)(context, flags);
    const migrationsDir = inFolder(context.cwd, flags.migrationsDir);
    return await validate({
      migrationsDir,
      checks: flags.check?.flatMap((names) => names.split(",")).filter(Boolean),
      strict: flags.strict ?? settings.migration.strictMode,
      fixNaming: flags.fixNaming,
      dryRun: flags.dryRun,
      ledger,
      linear: settings.migration.linear,
      fixSum: flags.fix,
      order: flags.linear ? orderOf(context, flags, settings) : undefined,
    });
  },
  text: (result) =>
    "available" in result
      ? result.available.map(({ name, summary }) => `${name}: ${summary}`).join("\n")
      : reportText(result),
  notes: (result) => ("hints" in result ? result.hints.map((hint) => `hint: ${hint}`) : []),
  exit: (result) => ("status" in result && result.status === "failed" ? 1 : 0),
});

/** What this branch does to the order of a base, where one is named. */
function orderOf(
  { cwd, environment, signal }: Context,
  { migrationsDir, base }: Options,
  settings: Settings,
) {
  return async (files: MigrationFiles) => {
    if (base === undefined) return [];
    const { orderIssues } = await import("../../../workflows/linear/order-issues.ts");
    const { projectDir } = settings;
    const place = { projectDir, migrationsDir: resolve(cwd, migrationsDir), environment, signal };
    return orderIssues(files, { ...place, ref: base });
  };
}

function refuseIdleFlags(flags: Options): void {
  const { listChecks, check, strict, fixNaming, linear, base, fix, dryRun, databaseUrl } = flags;
  const idle =
    listChecks && (check ?? strict ?? fixNaming ?? linear) !== undefined
      ? "--list-checks runs nothing; --check, --strict, --fix-naming and --linear mean nothing with it"
      : !linear && (base ?? fix) !== undefined
        ? "--base and --fix mean nothing without --linear"
        : dryRun && !fixNaming
          ? "--dry-run means nothing without --fix-naming"
          : databaseUrl !== undefined && !fixNaming
            ? "--database-url means nothing without --fix-naming"
            : undefined;
  if (idle !== undefined) throw new ConfitureError("CONFIG_008", idle);
}

async function withoutLedger(context: Context, { config, env, noConfig }: Options) {
  const { cwd, environment } = context;
  const settings = await resolveSettings({ config, env, noConfig, cwd, environment });
  warnOfDeadKeys(context, settings);
  return { settings, ledger: undefined };
}

async function withLedger(context: Context, flags: Options) {
  const resolved = await resolveFlags(context, flags, { command: "reads", allowNone: true });
  const ledger = async () => {
    const url = await urlOf(context, resolved);
    return url === undefined ? undefined : { ...targetWithoutUrl(context, resolved, flags), url };
  };
  return { settings: resolved.settings, ledger };
}

function reportText({ status, checks, dry_run, fixed, errors, sum_written }: ValidateResult): string {
  return [
    ...fixed.map(([old, name]) => `${dry_run ? "would rename" : "renamed"} ${old} to ${name}`),
    ...(sum_written === null ? [] : [`wrote ${sum_written}`]),
    ...errors.map(([file, reason]) => `not renamed: ${file}: ${reason}`),
    ...Object.entries(checks).flatMap(([name, check]) => [
      `${name}: ${check.status}`,
      ...check.findings.map((finding) => issueText(finding).replaceAll(/^/gm, "  ")),
    ]),
    `The migration files ${status === "passed" ? "pass" : "do not pass"}.`,
  ].join("\n");
}
