import * as z from "zod";
import { downTo, downToOutput } from "../../../migrate/down-to.ts";
import { defineCommand } from "../../command.ts";
import { migrationFlags, openTarget } from "../../database.ts";
import { lockFlags, lockOptions } from "../../lock-flags.ts";
import { rolledBackText } from "../../rolled-back-text.ts";

export const command = defineCommand({
  path: "migrate down-to",
  summary: "Roll back everything applied after a revision",
  arguments: [{ name: "revision", required: true }],
  options: z.object({
    revision: z.string().describe("The revision to keep as the newest"),
    ...migrationFlags,
    dryRun: z.boolean().optional().describe("Say what would be rolled back; write nothing"),
    ...lockFlags,
  }),
  output: downToOutput,
  run: async (context, options) =>
    downTo(await openTarget(context, options, options.dryRun ? "reads" : "writes"), options.revision, {
      dryRun: options.dryRun,
      ...lockOptions(options),
    }),
  text: rolledBackText,
});
