import * as z from "zod";
import { history, historyOutput } from "../../../coordinate/history.ts";
import { defineCommand } from "../../command.ts";
import { coordinationFlags, openCoordination } from "../../coordination.ts";
import { historyLine } from "../../intent-text.ts";

export const command = defineCommand({
  path: "coordinate history",
  summary: "Show every change of the status of one intent, or of all; writes nothing",
  options: z.object({
    intentId: z.string().optional().describe("This one alone"),
    limit: z.coerce.number().int().min(1).optional().describe("Only the newest so many"),
    ...coordinationFlags,
  }),
  output: historyOutput,
  run: async (context, options) => history(await openCoordination(context, options, "reads"), options),
  text: ({ history: rows }) => (rows.length === 0 ? "Nothing yet." : rows.map(historyLine).join("\n")),
});
