import * as z from "zod";
import { complete, completeOutput, OUTCOMES } from "../../../coordinate/complete.ts";
import { defineCommand } from "../../command.ts";
import { intentFlags, openCoordination } from "../../coordination.ts";
import { intentText } from "../../intent-text.ts";

export const command = defineCommand({
  path: "coordinate complete",
  summary: "End the work on an intent, which counts until it is merged or abandoned",
  options: z.object({
    ...intentFlags,
    outcome: z.enum(OUTCOMES).default("success").describe("How it ended"),
    notes: z.string().optional().describe("More about that"),
    mergeCommit: z.string().optional().describe("Commit that holds the work"),
  }),
  output: completeOutput,
  run: async (context, options) =>
    complete(await openCoordination(context, options, "writes"), options.intentId, options),
  text: ({ intent }) => intentText(intent),
});
