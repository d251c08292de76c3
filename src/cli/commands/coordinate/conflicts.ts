import * as z from "zod";
import { conflicts, conflictsOutput } from "../../../coordinate/conflicts.ts";
import { defineCommand } from "../../command.ts";
import { coordinationFlags, openCoordination } from "../../coordination.ts";
import { conflictLines } from "../../intent-text.ts";

export const command = defineCommand({
  path: "coordinate conflicts",
  summary: "Show the intents with conflicts that nobody has resolved; writes nothing",
  options: z.object({
    severity: z.enum(["error", "warning"]).optional().describe("Only conflicts of this severity"),
    ...coordinationFlags,
  }),
  output: conflictsOutput,
  run: async (context, options) =>
    conflicts(await openCoordination(context, options, "reads"), { severity: options.severity }),
  text: ({ conflicted_intents: found }) =>
    found.length === 0
      ? "No conflicts."
      : found
          .flatMap(({ intent, conflicts: own }) => [
            `${intent.id}  ${intent.agent_id}, ${intent.feature_name}: ${intent.status}`,
            ...conflictLines(own, intent.id).map((line) => `  ${line}`),
          ])
          .join("\n"),
});
