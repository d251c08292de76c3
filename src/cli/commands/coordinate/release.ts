import * as z from "zod";
import { release, releaseOutput } from "../../../coordinate/release.ts";
import { defineCommand } from "../../command.ts";
import { intentFlags, openCoordination } from "../../coordination.ts";

export const command = defineCommand({
  path: "coordinate release",
  summary: "Give back what an intent has claimed",
  options: z.object({
    ...intentFlags,
    object: z
      .array(z.string())
      .optional()
      .describe("Only this, as `coordinate claims` shows it; repeatable (default: all)"),
  }),
  output: releaseOutput,
  run: async (context, options) => {
    const { intentId, agentId, object: objects } = options;
    return release(await openCoordination(context, options, "writes"), intentId, { agentId, objects });
  },
  text: ({ released }) =>
    released.length === 0
      ? "Nothing was claimed."
      : `Released ${released.map(({ object }) => object).join(", ")}.`,
});
