import * as z from "zod";
import { abandon, abandonOutput } from "../../../coordinate/abandon.ts";
import { defineCommand } from "../../command.ts";
import { coordinationFlags, intentFlags, openCoordination } from "../../coordination.ts";
import { dropWithIntent } from "../../sandbox-flags.ts";
import { scratchFlags } from "../../scratch-flags.ts";

export const command = defineCommand({
  path: "coordinate abandon",
  summary: "Give an intent up, whoever it belongs to",
  options: z.object({
    intentId: intentFlags.intentId,
    reason: z.string().min(1, "is empty").describe("Why"),
    agentId: z.string().optional().describe("Who says so, for the history"),
    ...scratchFlags,
    ...coordinationFlags,
  }),
  output: abandonOutput,
  run: async (context, options) => {
    const db = await openCoordination(context, options, "writes");
    const abandoned = await abandon(db, options.intentId, options);
    await dropWithIntent(context, options, options.intentId);
    return abandoned;
  },
  text: ({ intent_id: id, feature_name: feature }) => `Intent ${id}, ${feature}, is abandoned.`,
});
