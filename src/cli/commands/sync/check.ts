import * as z from "zod";
import { ConfitureError } from "../../../base/errors.ts";
import { schemaInputOf } from "../../../config/feature-settings.ts";
import { syncCheckOutput } from "../../../sync/check.ts";
import { checkRulesFile } from "../../../workflows/check-rules.ts";
import type { Context } from "../../command.ts";
import { defineCommand } from "../../command.ts";
import { databaseFlags, resolveIntended } from "../../database.ts";
import { issueLines } from "../../issue-lines.ts";
import { scratchFlags, scratchOptionsOf } from "../../scratch-flags.ts";
import { listOf, readRulesFile, resolveSide, RULES_FILE } from "../../sync-sides.ts";

const options = z.object({
  config: databaseFlags.config,
  env: databaseFlags.env,
  from: z
    .string()
    .optional()
    .describe("Environment or connection string of a database to compare with (default: the DDL files)"),
  anonymizationConfig: z.string().default(RULES_FILE).describe("Rules file"),
  tables: z.array(z.string()).optional().describe("Tables that are copied, as globs; repeatable"),
  exclude: z.array(z.string()).optional().describe("Tables that are not, as globs; repeatable"),
  ...scratchFlags,
});

export const command = defineCommand({
  path: "sync check",
  summary: "Compare the rules for personal data with the schema: every column needs one that fits",
  options,
  output: syncCheckOutput,
  run: async (context, given) => {
    const [rules] = await readRulesFile(context, given.anonymizationConfig, true);
    const { side, ours } = await sideOf(context, given);
    const selection = { tables: listOf(given.tables), exclude: listOf(given.exclude), ours };
    return checkRulesFile(rules!, side, selection);
  },
  text: ({ ok, rules_file: file, compared_with: side, tables, columns, issues }) =>
    [
      ...issueLines(issues),
      ok
        ? `${file} says what happens to ${columns} column(s) of ${tables} table(s) of ${side}`
        : `${file} does not fit ${side}: ${issues.length} problem(s)`,
    ].join("\n"),
  exit: ({ ok }) => (ok ? 0 : 1),
});

async function sideOf(context: Context, given: z.infer<typeof options>) {
  if (given.from !== undefined) {
    const { url, name, resolved } = await resolveSide(context, given.from, "reads");
    const side = { url, name, environment: context.environment };
    return { side, ours: [resolved.settings.migration.trackingTable] };
  }
  const { settings } = await resolveIntended(context, { config: given.config, env: given.env });
  const schema = schemaInputOf(settings);
  if (schema === undefined) {
    throw new ConfitureError("CONFIG_001", "there are no DDL files to compare the rules with", {
      actionable: "Name a database with --from, or set include_dirs.",
    });
  }
  const side = { schema, scratch: scratchOptionsOf(context, given, settings), log: context.log };
  return { side, ours: [settings.migration.trackingTable] };
}
