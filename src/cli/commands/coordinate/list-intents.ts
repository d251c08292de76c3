import * as z from "zod";
import { STATUSES } from "../../../coordinate/intents/states.ts";
import { listIntents, listIntentsOutput } from "../../../coordinate/list-intents.ts";
import { defineCommand } from "../../command.ts";
import { coordinationFlags, momentOf, openCoordination } from "../../coordination.ts";
import { intentTable } from "../../intent-text.ts";

export const command = defineCommand({
  path: "coordinate list-intents",
  summary: "List all intents, final ones too; writes nothing",
  options: z.object({
    statusFilter: z.enum(STATUSES).optional().describe("Only those of this status"),
    agentFilter: z.string().optional().describe("Only those of this agent"),
    since: z.string().optional().describe("Only those registered then or later, e.g. 2026-01-31"),
    until: z.string().optional().describe("Only those registered before"),
    ...coordinationFlags,
  }),
  output: listIntentsOutput,
  run: async (context, options) => {
    const filter = {
      status: options.statusFilter,
      agentId: options.agentFilter,
      since: momentOf("--since", options.since),
      until: momentOf("--until", options.until),
    };
    return listIntents(await openCoordination(context, options, "reads"), filter);
  },
  text: ({ intents }) => intentTable(intents),
});
