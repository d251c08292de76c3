import * as z from "zod";
import { defineOutput } from "../../../base/output.ts";
import { embeddedStatus } from "../../../scratch/embedded.ts";
import { defineCommand } from "../../command.ts";
import { embeddedFlags, embeddedProject } from "../../embedded-flags.ts";

const output = defineOutput(
  "db.status",
  1,
  z.object({
    state: z.enum(["running", "stopped", "absent"]),
    url: z.string().nullable(),
    dataDir: z.string().nullable(),
    version: z.string().nullable(),
    pid: z.int().nullable(),
  }),
);

export const command = defineCommand({
  path: "db status",
  summary: "Say whether the project's embedded PostgreSQL runs, and where its data lies",
  options: z.object(embeddedFlags),
  output,
  run: (context, options) => embeddedStatus({ projectDir: embeddedProject(context, options) }),
  text: ({ state, url, dataDir, version, pid }) =>
    [
      state,
      ...(version === null ? [] : [`PostgreSQL ${version}${pid === null ? "" : `, process ${pid}`}`]),
      ...(url === null ? [] : [url]),
      ...(dataDir === null ? [] : [`data in ${dataDir}`]),
    ].join("\n"),
});
