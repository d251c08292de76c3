import * as z from "zod";
import { initOutput, initProject } from "../init-project.ts";
import { defineCommand } from "../command.ts";
import { inFolder } from "../database.ts";

export const command = defineCommand({
  path: "init",
  summary: "Write a new project whose local database is embedded",
  arguments: [{ name: "path", required: false }],
  options: z.object({
    path: z.string().default(".").describe("Folder of the project"),
    linear: z
      .boolean()
      .optional()
      .describe("Keep migrations of branches in one order: with migrations.sum, which git merges for nobody"),
  }),
  output: initOutput,
  run: (context, options) => initProject(inFolder(context.cwd, options.path), options),
  text: ({ path, created, kept }) =>
    [
      ...created.map((file) => `wrote ${file}`),
      ...kept.map((file) => `kept  ${file}`),
      "",
      `Next: ${path === "." ? "" : `cd ${path}, then `}confiture build, then confiture migrate up, then confiture migrate preflight`,
    ].join("\n"),
});
