import { availableParallelism } from "node:os";
import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { masterKey } from "../../sync/keyed/master-key.ts";
import { syncOutput } from "../../sync/manifest.ts";
import { syncPlanOutput } from "../../sync/plan-result.ts";
import { sync, syncPlan } from "../../workflows/sync.ts";
import { defineCommand } from "../command.ts";
import { targetWithoutUrl } from "../database.ts";
import { lockFlags, lockOptions } from "../lock-flags.ts";
import { showProgress } from "../progress-line.ts";
import { adHocRules, listOf, rowRulesOf, readRulesFile, resolveSide, RULES_FILE } from "../sync-sides.ts";

export const command = defineCommand({
  path: "sync",
  summary: "Copy rows from one database into another, personal data replaced on the way",
  options: z.object({
    from: z.string().describe("Environment or connection string of the source"),
    to: z.string().default("local").describe("Environment or connection string of the target"),
    anonymize: z
      .array(z.string())
      .optional()
      .describe("Replace personal data by the rules file; or table.column=anonymizer too, repeatable")
      .meta({ bare: true }),
    anonymizationConfig: z.string().optional().describe(`Rules file (default: ${RULES_FILE})`),
    allowPlaintext: z.boolean().optional().describe("Copy columns without a rule as they are"),
    tables: z
      .array(z.string())
      .optional()
      .describe("Tables to copy, as globs with commas between; repeatable"),
    exclude: z
      .array(z.string())
      .optional()
      .describe("Tables to leave, as globs with commas between; repeatable"),
    where: z.array(z.string()).optional().describe("table=CONDITION: rows to copy, as SQL; repeatable"),
    sample: z.array(z.string()).optional().describe("table=10%: share of the rows to copy; repeatable"),
    limit: z.array(z.string()).optional().describe("table=N: most rows to copy; repeatable"),
    replace: z.boolean().optional().describe("Replace the rows that the target holds"),
    inPlace: z.boolean().optional().describe("Load into the tables themselves instead of stages beside them"),
    resume: z.boolean().optional().describe("Go on with the sync that was interrupted"),
    jobs: z.coerce
      .number()
      .int()
      .min(1)
      .optional()
      .describe("Parts copied at once (default: CPUs, at most 4)"),
    threads: z.coerce
      .number()
      .int()
      .min(0)
      .optional()
      .describe("Threads that copy beside the main one (default: 1 with more than two CPUs, else 0)"),
    scan: z
      .enum(["sample", "full"])
      .default("sample")
      .describe("How much of the copy is searched for values that should not be in it"),
    schemaCheck: z
      .boolean()
      .optional()
      .describe("Refuse when the copied tables have another structure in the target"),
    dryRun: z.boolean().optional().describe("Say what would be copied and what happens to each column"),
    ...lockFlags,
  }),
  output: { ...syncOutput, schema: z.union([syncOutput.schema, syncPlanOutput.schema]) },
  run: async (context, options) => {
    if (options.anonymizationConfig !== undefined && options.anonymize === undefined) {
      throw new ConfitureError("CONFIG_008", "--anonymization-config changes nothing without --anonymize");
    }
    const source = await resolveSide(context, options.from, "reads");
    const target = await resolveSide(context, options.to, options.dryRun ? "reads" : "writes");
    const settings = target.resolved.settings;
    const file = options.anonymizationConfig ?? RULES_FILE;
    const isFileRequired = options.anonymizationConfig !== undefined || options.anonymize?.length === 0;
    const rules =
      options.anonymize === undefined
        ? []
        : [...(await readRulesFile(context, file, isFileRequired)), ...adHocRules(options.anonymize)];
    rules.push(...rowRulesOf(options));
    const request = {
      source,
      target,
      environment: context.environment,
      rules,
      key: () => masterKey(context.environment["CONFITURE_SYNC_KEY"]),
      allowPlaintext: options.allowPlaintext ?? false,
      tables: listOf(options.tables),
      exclude: listOf(options.exclude),
      replace: options.replace ?? false,
      inPlace: options.inPlace ?? false,
      resume: options.resume ?? false,
      scan: options.scan,
      jobs: options.jobs ?? Math.min(4, availableParallelism()),
      threads: options.threads,
      ours: [settings.migration.trackingTable, source.resolved.settings.migration.trackingTable],
      log: context.log,
      signal: context.signal,
      onProgress: showProgress(context.progress, () => performance.now()),
    };
    const safety = {
      ...lockOptions(options),
      protected: settings.protected,
      isAnonymized: options.anonymize !== undefined,
      schemaCheck: options.schemaCheck,
    };
    if (options.dryRun) return syncPlan(request, safety);
    const migrations = { migrationsDir: "db/migrations" };
    const migrationTarget = { ...targetWithoutUrl(context, target.resolved, migrations), url: target.url };
    return sync(migrationTarget, request, safety);
  },
  text: (result) => ("dry_run" in result ? planText(result) : syncText(result)),
  notes: (result) => ("warnings" in result ? result.warnings.map((warning) => `warning: ${warning}`) : []),
});

function syncText(result: z.infer<typeof syncOutput.schema>): string {
  const { details, total_rows: rows, duration_ms: duration, anonymized, source, target } = result;
  const seconds = Math.max(duration, 1) / 1000;
  return [
    ...details.map((table) => `  ${table.table}  ${table.rows} row(s)`),
    `Copied ${rows} row(s) of ${details.length} table(s) from ${source} to ${target} in ${seconds.toFixed(1)} s, ${anonymized ? "anonymized" : "verbatim"}`,
  ].join("\n");
}

function planText({ tables, source, target }: z.infer<typeof syncPlanOutput.schema>): string {
  const lines = tables.flatMap(({ table, rows: part, estimated_rows: rows, bytes, columns }) => [
    `${table}  ${rows === null ? "unknown number of" : `about ${rows}`} row(s), ${(bytes / 1e6).toFixed(1)} MB${part === null ? "" : `: ${part}`}`,
    ...columns.map(
      ({ column, type, anonymizer, domain, distinctness }) =>
        `  ${column}  ${type}  ${anonymizer}${domain === null ? "" : ` (${domain}; ${distinctness})`}`,
    ),
  ]);
  return [...lines, `Would copy ${tables.length} table(s) from ${source} to ${target}`].join("\n");
}
