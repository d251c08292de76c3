import * as z from "zod";
import { defineOutput } from "../../../base/output.ts";
import { stopEmbedded } from "../../../scratch/embedded.ts";
import { defineCommand } from "../../command.ts";
import { embeddedFlags, embeddedProject } from "../../embedded-flags.ts";

export const command = defineCommand({
  path: "db stop",
  summary: "Stop the project's embedded PostgreSQL; its data stays",
  options: z.object(embeddedFlags),
  output: defineOutput("db.stop", 1, z.object({ stopped: z.boolean() })),
  run: (context, options) => stopEmbedded({ projectDir: embeddedProject(context, options) }),
  text: ({ stopped }) => (stopped ? "stopped" : "was not running"),
});
