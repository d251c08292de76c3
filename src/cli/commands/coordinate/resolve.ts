import * as z from "zod";
import { resolve, resolveOutput } from "../../../coordinate/resolve.ts";
import { defineCommand } from "../../command.ts";
import { coordinationFlags, openCoordination } from "../../coordination.ts";

export const command = defineCommand({
  path: "coordinate resolve",
  summary: "Say how a conflict was settled; an intent whose last one it was is registered again",
  options: z.object({
    conflictId: z.coerce.number().int().min(1).describe("The conflict"),
    notes: z.string().min(1, "is empty").describe("How it was settled"),
    agentId: z.string().optional().describe("Who says so, for the history"),
    ...coordinationFlags,
  }),
  output: resolveOutput,
  run: async (context, options) =>
    resolve(await openCoordination(context, options, "writes"), options.conflictId, {
      notes: options.notes,
      agentId: options.agentId,
    }),
  text: ({ conflict_id: id, released }) =>
    [
      `Conflict ${id} is resolved.`,
      ...released.map((intent) => `Intent ${intent} is registered again.`),
    ].join("\n"),
});
