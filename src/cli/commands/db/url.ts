import * as z from "zod";
import { defineOutput } from "../../../base/output.ts";
import { startEmbedded } from "../../../scratch/embedded.ts";
import { defineCommand } from "../../command.ts";
import { embeddedFlags, embeddedProject } from "../../embedded-flags.ts";

export const command = defineCommand({
  path: "db url",
  summary: "Print the embedded database's connection string, starting it where needed",
  options: z.object(embeddedFlags),
  output: defineOutput("db.url", 1, z.object({ url: z.string() })),
  run: async (context, options) => {
    const { url } = await startEmbedded({ projectDir: embeddedProject(context, options) });
    return { url };
  },
  text: ({ url }) => url,
});
