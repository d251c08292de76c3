import * as z from "zod";
import { checkOutput } from "../../../coordinate/check.ts";
import { checkChange } from "../../../workflows/coordinate/register.ts";
import { changeFlags, changeRequestOf } from "../../change-flags.ts";
import { defineCommand } from "../../command.ts";
import { openCoordination } from "../../coordination.ts";
import { conflictLines } from "../../intent-text.ts";

export const command = defineCommand({
  path: "coordinate check",
  summary: "Say who would be in the way of a change just now; writes nothing",
  options: z.object(changeFlags),
  output: checkOutput,
  run: async (context, options) => {
    const request = await changeRequestOf(context, options);
    return checkChange(await openCoordination(context, options, "reads"), request);
  },
  text: ({ conflicts }) =>
    conflicts.length === 0 ? "Nobody is in the way." : conflictLines(conflicts).join("\n"),
  exit: ({ conflicts }) => (conflicts.some(({ severity }) => severity === "error") ? 1 : 0),
});
