import * as z from "zod";
import { urlOutput } from "../../../../coordinate/sandbox/sandbox.ts";
import { sandboxUrl } from "../../../../coordinate/sandbox/sandboxes.ts";
import { defineCommand } from "../../../command.ts";
import { sandboxFlags, sandboxPlace } from "../../../sandbox-flags.ts";

export const command = defineCommand({
  path: "coordinate sandbox url",
  summary: "Print a sandbox's connection string, starting its server where needed",
  arguments: [{ name: "name", required: true }],
  options: z.object({ name: z.string(), ...sandboxFlags }),
  output: urlOutput,
  run: async (context, given) => sandboxUrl(given.name, (await sandboxPlace(context, given)).scratch),
  text: ({ url }) => url,
});
