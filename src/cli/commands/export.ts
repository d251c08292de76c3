import * as z from "zod";
import { exportOutput, exportSchema } from "../../workflows/export/export-schema.ts";
import { defineCommand } from "../command.ts";
import { databaseFlags, resolveFlags, targetWithoutUrl, urlOf } from "../database.ts";
import { scratchFlags, scratchOptionsOf } from "../scratch-flags.ts";

export const command = defineCommand({
  path: "export",
  summary: "Write the schema of a database as DDL files, proven to build to the same schema",
  options: z.object({
    ...databaseFlags,
    outputDir: z.string().default("db/schema").describe("Directory of the DDL files"),
    force: z.boolean().optional().describe("Write into a directory that has .sql files"),
    noOwner: z.boolean().optional().describe("Leave out who owns what"),
    noPrivileges: z.boolean().optional().describe("Leave out grants and default privileges"),
    ...scratchFlags,
  }),
  output: exportOutput,
  run: async (context, options) => {
    const resolved = await resolveFlags(context, options, { command: "reads" });
    const target = targetWithoutUrl(context, resolved, { migrationsDir: "db/migrations" });
    return exportSchema(
      { ...target, url: (await urlOf(context, resolved))! },
      {
        projectDir: context.cwd,
        directory: options.outputDir,
        force: options.force,
        owners: options.noOwner !== true,
        privileges: options.noPrivileges !== true,
        scratch: scratchOptionsOf(context, options, resolved.settings),
      },
    );
  },
  text: ({ database, directory, files, objects, roles, proof }) =>
    [
      `Wrote ${objects} object(s) of ${database} to ${files.length} file(s) in ${directory}`,
      ...(roles.length === 0 ? [] : [`Roles that must exist: ${roles.join(", ")}`]),
      `Proven: built on PostgreSQL ${proof.postgresql}, the files give the same schema`,
    ].join("\n"),
  notes: ({ warnings }) => warnings.map((warning) => `warning: ${warning}`),
});
