import * as z from "zod";
import { ConfitureError } from "../../../../base/errors.ts";
import { dropOutput } from "../../../../coordinate/sandbox/sandbox.ts";
import { dropExpired, dropSandbox } from "../../../../coordinate/sandbox/sandboxes.ts";
import { defineCommand } from "../../../command.ts";
import { sandboxFlags, sandboxPlace } from "../../../sandbox-flags.ts";

export const command = defineCommand({
  path: "coordinate sandbox drop",
  summary: "Drop a sandbox, whoever is connected to it",
  arguments: [{ name: "name", required: false }],
  options: z.object({
    name: z.string().optional(),
    allExpired: z.boolean().optional().describe("Drop those whose time is over instead"),
    ...sandboxFlags,
  }),
  output: dropOutput,
  run: async (context, given) => {
    if ((given.name === undefined) !== (given.allExpired === true))
      throw new ConfitureError("CONFIG_008", "name either one sandbox or --all-expired");
    const { scratch } = await sandboxPlace(context, given);
    return given.name === undefined ? dropExpired(scratch) : dropSandbox(given.name, scratch);
  },
  text: ({ dropped }) => (dropped.length === 0 ? "Nothing to drop." : `Dropped ${dropped.join(", ")}.`),
});
