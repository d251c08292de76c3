import * as z from "zod";
import { AUTO, toolNames } from "../../../migrate/adopt/adopt.ts";
import { baseline, baselineOutput } from "../../../migrate/baseline.ts";
import { defineCommand } from "../../command.ts";
import { migrationFlags, openTarget } from "../../database.ts";
import { lockFlags, lockOptions } from "../../lock-flags.ts";

export const command = defineCommand({
  path: "migrate baseline",
  summary: "Record migrations as applied without running them",
  options: z.object({
    ...migrationFlags,
    through: z
      .string()
      .optional()
      .describe("The last migration that is already in the database")
      .meta({ short: "t" }),
    fromDb: z.string().optional().describe("Take over the ledger of this database"),
    sourceTable: z.string().optional().describe("Ledger table of --from-db"),
    fromTool: z
      .enum([AUTO, ...toolNames()])
      .optional()
      .describe("Take over the history of this migration tool, or of the one that is found"),
    fromToolTable: z.string().optional().describe("History table of --from-tool, when it was renamed"),
    dryRun: z.boolean().optional().describe("Say what would be marked; write nothing"),
    ...lockFlags,
  }),
  output: baselineOutput,
  run: async (context, options) =>
    baseline(await openTarget(context, options, options.dryRun ? "reads" : "writes"), {
      through: options.through,
      fromDb: options.fromDb,
      sourceTable: options.sourceTable,
      fromTool: options.fromTool,
      fromToolTable: options.fromToolTable,
      dryRun: options.dryRun,
      ...lockOptions(options),
    }),
  text: ({ marked, skipped, dry_run }) =>
    [
      ...marked.map((m) => `${m.version} ${m.name} (${dry_run ? "would be marked" : "marked"} as applied)`),
      `${dry_run ? "Would mark" : "Marked"} ${marked.length} migration(s) as applied, skipped ${skipped.length} already applied`,
    ].join("\n"),
  notes: ({ warnings }) => warnings.map((warning) => `warning: ${warning}`),
});
