import * as z from "zod";
import { syncVerifyOutput, verifyCopy } from "../../../sync/verify.ts";
import { defineCommand } from "../../command.ts";
import { listOf, readRulesFile, resolveSide, RULES_FILE } from "../../sync-sides.ts";

export const command = defineCommand({
  path: "sync verify",
  summary: "Search a copy for values of the source that should not be in it; writes nothing",
  options: z.object({
    from: z.string().describe("Environment or connection string of the source"),
    to: z.string().default("local").describe("Environment or connection string of the copy"),
    anonymizationConfig: z.string().default(RULES_FILE).describe("Rules file"),
    tables: z.array(z.string()).optional().describe("Tables to look into, as globs; repeatable"),
    exclude: z.array(z.string()).optional().describe("Tables to leave, as globs; repeatable"),
    scan: z.enum(["sample", "full"]).default("full").describe("How much of the copy is searched"),
  }),
  output: syncVerifyOutput,
  run: async (context, given) => {
    const rules = await readRulesFile(context, given.anonymizationConfig, true);
    const source = await resolveSide(context, given.from, "reads");
    const target = await resolveSide(context, given.to, "reads");
    return verifyCopy({
      source,
      target,
      rules,
      tables: listOf(given.tables),
      exclude: listOf(given.exclude),
      ours: [source, target].map(({ resolved }) => resolved.settings.migration.trackingTable),
      scan: given.scan,
      connection: {
        applicationName: "confiture sync",
        environment: context.environment,
        signal: context.signal,
      },
    });
  },
  text: ({ ok, target, tables, leak_scan: { values, untold, leaks, extent } }) =>
    [
      ...leaks.map(({ from, found_in: place, times }) => `values of ${from} in ${place}  ${times}x`),
      ...Object.entries(untold).map(
        ([column, count]) => `not looked for: ${count} value(s) of ${column}, which would tell nothing`,
      ),
      ok
        ? `No value of ${values} of masked columns was found in ${tables} table(s) of ${target} (${extent})`
        : `Values of masked columns were found in ${target}`,
    ].join("\n"),
  exit: ({ ok }) => (ok ? 0 : 1),
});
