import * as z from "zod";
import { start, startOutput } from "../../../coordinate/start.ts";
import { defineCommand } from "../../command.ts";
import { intentFlags, openCoordination } from "../../coordination.ts";
import { intentText } from "../../intent-text.ts";

export const command = defineCommand({
  path: "coordinate start",
  summary: "Begin the work on an intent, or go on with one that was completed",
  options: z.object(intentFlags),
  output: startOutput,
  run: async (context, options) =>
    start(await openCoordination(context, options, "writes"), options.intentId, options),
  text: ({ intent }) => intentText(intent),
});
