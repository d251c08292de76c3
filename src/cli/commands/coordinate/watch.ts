import * as z from "zod";
import { watch, watchOutput } from "../../../coordinate/watch.ts";
import { defineCommand } from "../../command.ts";
import { coordinationFlags, durationOf, openCoordination } from "../../coordination.ts";
import { historyLine } from "../../intent-text.ts";

export const command = defineCommand({
  path: "coordinate watch",
  summary: "Show changes of intents as they come, until Ctrl-C; writes nothing",
  options: z.object({
    timeout: z.string().optional().describe("End after that time, e.g. 90, 30m or 8h"),
    afterId: z.coerce
      .number()
      .int()
      .min(0)
      .optional()
      .describe("Begin behind this row of the history (default: with what comes now)"),
    ...coordinationFlags,
  }),
  output: watchOutput,
  stream: true,
  run: async (context, options) => {
    const timeoutMs = durationOf("--timeout", options.timeout);
    const db = await openCoordination(context, options, "reads");
    return watch(db, { timeoutMs, afterId: options.afterId, signal: context.signal }, context.emit);
  },
  text: (line) =>
    line.type === "change"
      ? historyLine(line)
      : `Ended by ${line.reason === "timeout" ? "the timeout" : "an interrupt"} after ${line.changes} change(s); the last was row ${line.last_id}.`,
});
