import * as z from "zod";
import { steal, stealOutput } from "../../../coordinate/steal.ts";
import { defineCommand } from "../../command.ts";
import { coordinationFlags, openCoordination } from "../../coordination.ts";

export const command = defineCommand({
  path: "coordinate steal",
  summary:
    "Take over a claim of another intent, also before it expires; its old holder cannot apply any more",
  options: z.object({
    claim: z.string().describe("Id of the claim, as `coordinate claims` shows it"),
    intentId: z.string().describe("The intent that takes it"),
    agentId: z.string().describe("Who takes it; must be the intent's own agent"),
    reason: z.string().min(1, "is empty").describe("Why, for the history of both intents"),
    ...coordinationFlags,
  }),
  output: stealOutput,
  run: async (context, options) =>
    steal(await openCoordination(context, options, "writes"), { ...options, claimId: options.claim }),
  text: ({ claim, stolen }) =>
    `Intent ${claim.intent_id} holds ${claim.object} under fence ${claim.fence}; ${stolen[0]!.agent_id} lost ${stolen.map(({ object }) => object).join(", ")}.`,
});
