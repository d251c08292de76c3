import * as z from "zod";
import { KEEP } from "../../../sync/anonymizers/index.ts";
import { initRules } from "../../../sync/propose/init-rules.ts";
import { syncInitOutput, type SyncInitResult } from "../../../sync/propose.ts";
import { defineCommand } from "../../command.ts";
import { inFolder } from "../../database.ts";
import { listOf, resolveSide, RULES_FILE } from "../../sync-sides.ts";
import { table } from "../../table.ts";

export const command = defineCommand({
  path: "sync init",
  summary: "Propose rules for personal data from a database's columns and samples of their values",
  options: z.object({
    from: z.string().describe("Environment or connection string of the database; nothing is written there"),
    anonymizationConfig: z.string().default(RULES_FILE).describe("Rules file"),
    tables: z
      .array(z.string())
      .optional()
      .describe("Tables to look at, as globs with commas between; repeatable"),
    exclude: z
      .array(z.string())
      .optional()
      .describe("Tables to leave, as globs with commas between; repeatable"),
    force: z
      .boolean()
      .optional()
      .describe("Write the file anew; else what it says stays, and the rest is added"),
  }),
  output: syncInitOutput,
  run: async (context, given) => {
    const side = await resolveSide(context, given.from, "reads");
    return initRules(
      side,
      { tables: listOf(given.tables), exclude: listOf(given.exclude) },
      {
        path: inFolder(context.cwd, given.anonymizationConfig),
        file: given.anonymizationConfig,
        force: given.force ?? false,
        ours: [side.resolved.settings.migration.trackingTable],
        connection: {
          applicationName: "confiture sync",
          environment: context.environment,
          signal: context.signal,
        },
      },
    );
  },
  text: (result) => [...proposals(result), verdict(result)].join("\n"),
  notes: ({ outcome }) =>
    outcome === "unchanged"
      ? []
      : ["hint: read the file before you rely on it; it was proposed from samples"],
});

/** What is new and replaced; what is kept stands in the file. */
function proposals({ tables }: SyncInitResult): string[] {
  const rows = tables.flatMap(({ table: name, columns }) =>
    columns
      .filter(
        ({ existing, origin, anonymizer }) => !existing && origin === "rule" && anonymizer !== KEEP.name,
      )
      .map(({ column, type, anonymizer, reason }) => [`${name}.${column}`, type, anonymizer, reason]),
  );
  return rows.length === 0 ? [] : [table(["column", "type", "anonymizer", "reason"], rows), ""];
}

const VERBS: Readonly<Record<SyncInitResult["outcome"], string>> = {
  created: "Wrote",
  rewritten: "Wrote anew",
  extended: "Added to",
  "carried over": "Carried over into the current shape, and added to",
  unchanged: "Nothing to add to",
};

function verdict({ outcome, file, anonymized, kept, existing }: SyncInitResult): string {
  if (outcome === "unchanged") {
    return `${VERBS[outcome]} ${file}: it says what happens to all of ${existing} column(s)`;
  }
  const before = existing === 0 ? "" : `; of ${existing} it said so before`;
  return `${VERBS[outcome]} ${file}: ${anonymized} column(s) to replace, ${kept} to keep${before}`;
}
