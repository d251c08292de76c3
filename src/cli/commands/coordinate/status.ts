import * as z from "zod";
import { ConfitureError } from "../../../base/errors.ts";
import { STATUSES } from "../../../coordinate/intents/states.ts";
import { overview, statusOf, statusOutput } from "../../../coordinate/status.ts";
import { defineCommand } from "../../command.ts";
import { coordinationFlags, openCoordination } from "../../coordination.ts";
import { conflictLines, intentTable, intentText } from "../../intent-text.ts";

export const command = defineCommand({
  path: "coordinate status",
  summary: "Show one intent with its conflicts, or all that are to be reckoned with; writes nothing",
  options: z.object({
    intentId: z.string().optional().describe("This one"),
    status: z.enum(STATUSES).optional().describe("All of this status"),
    agent: z.string().optional().describe("All of this agent"),
    ...coordinationFlags,
  }),
  output: statusOutput,
  run: async (context, options) => {
    const { intentId, status, agent } = options;
    if (intentId !== undefined && (status ?? agent) !== undefined)
      throw new ConfitureError(
        "CONFIG_008",
        "--intent-id names one intent: --status and --agent change nothing",
      );
    const db = await openCoordination(context, options, "reads");
    return intentId === undefined ? overview(db, { status, agentId: agent }) : statusOf(db, intentId);
  },
  text: (result) => {
    if ("intent" in result)
      return [intentText(result.intent), ...conflictLines(result.conflicts, result.intent.id)].join("\n");
    const counts = Object.entries(result.by_status).filter(([, count]) => count > 0);
    return [
      intentTable(result.intents),
      ...conflictLines(result.conflicts),
      `${result.total} in all${counts.map(([status, count]) => `, ${count} ${status}`).join("")}`,
    ].join("\n");
  },
});
