import * as z from "zod";
import { down, downOutput } from "../../../migrate/down.ts";
import { defineCommand } from "../../command.ts";
import { migrationFlags, openTarget } from "../../database.ts";
import { lockFlags, lockOptions } from "../../lock-flags.ts";
import { rolledBackText } from "../../rolled-back-text.ts";

export const command = defineCommand({
  path: "migrate down",
  summary: "Roll back the newest applied migrations",
  options: z.object({
    ...migrationFlags,
    steps: z.coerce.number().int().min(1).default(1).describe("How many").meta({ short: "n" }),
    dryRun: z.boolean().optional().describe("Say what would be rolled back; write nothing"),
    ...lockFlags,
  }),
  output: downOutput,
  run: async (context, options) =>
    down(await openTarget(context, options, options.dryRun ? "reads" : "writes"), {
      steps: options.steps,
      dryRun: options.dryRun,
      ...lockOptions(options),
    }),
  text: rolledBackText,
});
