import * as z from "zod";
import { merge, mergeOutput } from "../../../coordinate/merge.ts";
import { defineCommand } from "../../command.ts";
import { coordinationFlags, intentFlags, openCoordination } from "../../coordination.ts";
import { dropWithIntent } from "../../sandbox-flags.ts";
import { scratchFlags } from "../../scratch-flags.ts";
import { intentText } from "../../intent-text.ts";

export const command = defineCommand({
  path: "coordinate merge",
  summary:
    "Say that what was completed is part of everybody's schema, so that it is in nobody's way any more",
  options: z.object({
    intentId: intentFlags.intentId,
    agentId: z.string().optional().describe("Who says so, for the history"),
    mergeCommit: z.string().optional().describe("Commit it was merged by"),
    ...scratchFlags,
    ...coordinationFlags,
  }),
  output: mergeOutput,
  run: async (context, options) => {
    const db = await openCoordination(context, options, "writes");
    const merged = await merge(db, options.intentId, options);
    await dropWithIntent(context, options, options.intentId);
    return merged;
  },
  text: ({ intent }) => intentText(intent),
});
