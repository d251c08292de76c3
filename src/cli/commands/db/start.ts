import * as z from "zod";
import { defineOutput } from "../../../base/output.ts";
import { startEmbedded } from "../../../scratch/embedded.ts";
import { defineCommand } from "../../command.ts";
import { embeddedFlags, embeddedProject } from "../../embedded-flags.ts";

export const command = defineCommand({
  path: "db start",
  summary: "Start the project's embedded PostgreSQL",
  options: z.object(embeddedFlags),
  output: defineOutput("db.start", 1, z.object({ url: z.string(), started: z.boolean() })),
  run: (context, options) => startEmbedded({ projectDir: embeddedProject(context, options) }),
  text: ({ url, started }) => `${started ? "started" : "already running"}: ${url}`,
});
