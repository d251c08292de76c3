import * as z from "zod";
import { installHelpers, installHelpersOutput } from "../../migrate/view-helpers/view-helpers.ts";
import { defineCommand } from "../command.ts";
import { databaseFlags, openTarget } from "../database.ts";
import { lockFlags, lockOptions } from "../lock-flags.ts";

export const command = defineCommand({
  path: "install-helpers",
  summary: "Install the SQL functions that keep views while a migration changes what they depend on",
  options: z.object({
    ...databaseFlags,
    dryRun: z.boolean().optional().describe("Print the SQL; run nothing"),
    force: z.boolean().optional().describe("Install them again although they are up to date"),
    ...lockFlags,
  }),
  output: installHelpersOutput,
  run: async (context, options) => {
    const place = { ...options, migrationsDir: "db/migrations" };
    return installHelpers(await openTarget(context, place, options.dryRun ? "reads" : "writes"), {
      dryRun: options.dryRun,
      force: options.force,
      ...lockOptions(options),
    });
  },
  text: ({ installed, version, schema, sql }) =>
    sql ??
    (installed
      ? `Installed view helpers version ${version} in schema ${schema}`
      : `View helpers version ${version} are up to date`),
  notes: ({ warnings }) => warnings.map((warning) => `warning: ${warning}`),
});
