import * as z from "zod";
import { claims, claimsOutput } from "../../../coordinate/claims.ts";
import { claimTable } from "../../claim-text.ts";
import { defineCommand } from "../../command.ts";
import { coordinationFlags, openCoordination } from "../../coordination.ts";
import { shown } from "../../intent-text.ts";

export const command = defineCommand({
  path: "coordinate claims",
  summary: "Show who holds which objects, and who waits for them; writes nothing",
  options: z.object({
    intentId: z.string().optional().describe("Only those of this intent"),
    agentFilter: z.string().optional().describe("Only those of this agent"),
    ...coordinationFlags,
  }),
  output: claimsOutput,
  run: async (context, options) => {
    const { intentId, agentFilter: agentId } = options;
    return claims(await openCoordination(context, options, "reads"), { intentId, agentId });
  },
  text: ({ claims: found, waiting }) =>
    [
      claimTable(found),
      ...waiting.map(({ agent_id: agent, intent_id: intent, objects, since }) => {
        const what = objects.map(({ object, mode }) => `${object} (${mode})`).join(", ");
        return `waiting since ${shown(since)}: ${agent}, intent ${intent}, for ${what}`;
      }),
    ].join("\n"),
});
