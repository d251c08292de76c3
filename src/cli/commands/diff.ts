import * as z from "zod";
import { diffOutput } from "../../workflows/diff.ts";
import { defineCommand } from "../command.ts";
import { diffFlags, diffForms, runDiff, SIDE } from "../diff-command.ts";

export const command = defineCommand({
  path: "diff",
  summary: "Compare two states of a schema, and plan the way from one to the other",
  arguments: [
    { name: "from", required: true },
    { name: "to", required: true },
  ],
  options: z.object({ from: z.string().describe(SIDE), to: z.string().describe(SIDE), ...diffFlags }),
  output: diffOutput,
  run: (context, options) => runDiff(context, options, options),
  ...diffForms,
});
