import * as z from "zod";
import { claim, claimOutput } from "../../../coordinate/claim.ts";
import { claimTable } from "../../claim-text.ts";
import { defineCommand } from "../../command.ts";
import { durationOf, intentFlags, openCoordination } from "../../coordination.ts";

const NAMES = "e.g. public.users, public.users.email, function public.f, schema app; repeatable";

export const command = defineCommand({
  path: "coordinate claim",
  summary: "Take objects for an intent, all or none, so that nobody else changes them meanwhile",
  options: z.object({
    ...intentFlags,
    exclusive: z.array(z.string()).optional().describe(`What the intent will change, ${NAMES}`),
    shared: z.array(z.string()).optional().describe(`What must stay as it is, ${NAMES}`),
    fromFootprint: z
      .boolean()
      .optional()
      .describe("What the intent's own changes touch as well; so it is where no object is named"),
    ttl: z.string().optional().describe("How long it holds without a heartbeat, e.g. 90, 30m (default: 15m)"),
    wait: z.string().optional().describe("How long to wait for others, e.g. 30s, 10m (default: not at all)"),
  }),
  output: claimOutput,
  run: async (context, options) => {
    const ttlMs = durationOf("--ttl", options.ttl);
    const waitMs = durationOf("--wait", options.wait);
    const db = await openCoordination(context, options, "writes");
    return claim(db, options.intentId, { ...options, ttlMs, waitMs, signal: context.signal });
  },
  text: ({ claims }) => claimTable(claims),
});
