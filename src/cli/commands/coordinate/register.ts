import * as z from "zod";
import { registerOutput } from "../../../coordinate/register.ts";
import { registerChange } from "../../../workflows/coordinate/register.ts";
import { changeFlags, changeRequestOf, registrationFlags, remembered } from "../../change-flags.ts";
import { defineCommand } from "../../command.ts";
import { openCoordination } from "../../coordination.ts";
import { conflictTexts, intentText } from "../../intent-text.ts";

export const command = defineCommand({
  path: "coordinate register",
  summary: "Say what an agent will change, and learn who is in the way",
  options: z.object({ ...changeFlags, ...registrationFlags }),
  output: registerOutput,
  run: async (context, options) => {
    const request = { ...(await changeRequestOf(context, options)), ...remembered(options) };
    return registerChange(await openCoordination(context, options, "writes"), request);
  },
  text: ({ intent, conflicts }) => [intentText(intent), ...conflictTexts(conflicts, intent.id)].join("\n"),
});
