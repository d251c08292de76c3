import * as z from "zod";
import { generate, generateOutput } from "../../../migrate/generate.ts";
import { defineCommand } from "../../command.ts";
import { inFolder } from "../../database.ts";

export const command = defineCommand({
  path: "migrate generate",
  summary: "Write an empty migration: an .up.sql and a .down.sql file",
  arguments: [{ name: "name", required: true }],
  options: z.object({
    name: z.string().describe("What it does, in lower_case_words"),
    migrationsDir: z.string().default("db/migrations").describe("Directory of the migration files"),
    dryRun: z.boolean().optional().describe("Say what would be written; write nothing"),
  }),
  output: generateOutput,
  run: (context, options) =>
    generate({
      name: options.name,
      migrationsDir: inFolder(context.cwd, options.migrationsDir),
      dryRun: options.dryRun,
      now: new Date(),
    }),
  text: ({ status, filepath, down_filepath }) =>
    `${status === "dry_run" ? "would write" : "wrote"} ${filepath}\n${status === "dry_run" ? "would write" : "wrote"} ${down_filepath}`,
  notes: ({ warnings }) => warnings.map((warning) => `warning: ${warning}`),
});
