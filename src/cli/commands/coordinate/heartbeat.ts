import * as z from "zod";
import { heartbeat, heartbeatOutput } from "../../../coordinate/heartbeat.ts";
import { defineCommand } from "../../command.ts";
import { durationOf, intentFlags, openCoordination } from "../../coordination.ts";

export const command = defineCommand({
  path: "coordinate heartbeat",
  summary: "Renew the lease of an intent before it passes",
  options: z.object({
    ...intentFlags,
    ttl: z
      .string()
      .optional()
      .describe("Length of the lease from now on, e.g. 30m, 8h, 2d (default: as before)"),
  }),
  output: heartbeatOutput,
  run: async (context, options) => {
    const { intentId, agentId, ttl } = options;
    const ttlMs = durationOf("--ttl", ttl);
    return heartbeat(await openCoordination(context, options, "writes"), intentId, { agentId, ttlMs });
  },
  text: ({ intent }) => `The lease of intent ${intent.id} lasts until ${intent.lease_expires_at}.`,
});
