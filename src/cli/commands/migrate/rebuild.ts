import * as z from "zod";
import { schemaInputOf } from "../../../config/feature-settings.ts";
import { rebuild, rebuildOutput } from "../../../workflows/rebuild.ts";
import { defineCommand } from "../../command.ts";
import { migrationFlags, resolveFlags, targetWithoutUrl, urlOf } from "../../database.ts";
import { lockFlags, lockOptions } from "../../lock-flags.ts";
import { scratchFlags, scratchOptionsOf } from "../../scratch-flags.ts";

export const command = defineCommand({
  path: "migrate rebuild",
  summary: "Make a database anew from the DDL files and record every migration as applied",
  options: z.object({
    ...migrationFlags,
    dropSchemas: z
      .boolean()
      .optional()
      .describe("Drop everything that is there; without it the database must be empty"),
    backupTracking: z
      .boolean()
      .optional()
      .describe("Write the ledger's rows to a file in the current folder first"),
    verify: z.boolean().optional().describe("Compare the result with a scratch build before it is committed"),
    dryRun: z
      .boolean()
      .optional()
      .describe("Build on a scratch database only, and say what would be dropped"),
    yes: z.boolean().optional().describe("Really replace what is in the database").meta({ short: "y" }),
    ...scratchFlags,
    ...lockFlags,
  }),
  output: rebuildOutput,
  run: async (context, options) => {
    const resolved = await resolveFlags(context, options, { command: options.dryRun ? "reads" : "writes" });
    const url = (await urlOf(context, resolved))!;
    return rebuild(
      { ...targetWithoutUrl(context, resolved, options), url },
      {
        schema: schemaInputOf(resolved.settings),
        scratch: scratchOptionsOf(context, options, resolved.settings),
        protected: resolved.settings.protected,
        yes: options.yes,
        dropSchemas: options.dropSchemas,
        backupDir: options.backupTracking ? context.cwd : undefined,
        verify: options.verify,
        dryRun: options.dryRun,
        now: new Date(),
        ...lockOptions(options),
      },
    );
  },
  text: ({ schemas_dropped, ddl_statements_executed, marked, verified, backup, dry_run }) =>
    [
      ...(backup === null ? [] : [`Ledger rows kept in ${backup}`]),
      ...schemas_dropped.map((schema) => `${dry_run ? "Would drop" : "Dropped"} schema ${schema}`),
      `${dry_run ? "Would run" : "Ran"} ${ddl_statements_executed} statement(s), ${dry_run ? "and mark" : "marked"} ${marked.length} migration(s) as applied`,
      ...(verified ? ["The result is what the DDL files make on a scratch database"] : []),
    ].join("\n"),
  notes: ({ warnings }) => warnings.map((warning) => `warning: ${warning}`),
});
