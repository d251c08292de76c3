import * as z from "zod";
import { diffOutput } from "../../../workflows/diff.ts";
import { defineCommand } from "../../command.ts";
import { diffFlags, diffForms, runDiff, SIDE } from "../../diff-command.ts";

export const command = defineCommand({
  path: "migrate diff",
  summary: "Compare what the migrations lead to with the DDL files, and plan the way there",
  arguments: [
    { name: "from", required: false },
    { name: "to", required: false },
  ],
  options: z.object({
    from: z.string().default("migrations").describe(`${SIDE}; default migrations`),
    to: z.string().optional().describe(`${SIDE}; default the configured DDL files`),
    ...diffFlags,
  }),
  output: diffOutput,
  run: (context, options) => runDiff(context, options, options),
  ...diffForms,
});
