import * as z from "zod";
import { toolNames } from "../../migrate/adopt/adopt.ts";
import { importMigrations, importOutput } from "../../migrate/import.ts";
import { defineCommand } from "../command.ts";
import { inFolder } from "../database.ts";

export const command = defineCommand({
  path: "import",
  summary: "Turn another tool's SQL migrations into .up.sql and .down.sql files",
  arguments: [
    { name: "tool", required: true },
    { name: "dir", required: true },
  ],
  options: z.object({
    tool: z.enum(toolNames()).describe("The tool they were written for"),
    dir: z.string().describe("Its migrations directory"),
    migrationsDir: z.string().default("db/migrations").describe("Directory of the migration files"),
    partial: z.boolean().optional().describe("Carry what can be carried; exit 1 when something was left out"),
    dryRun: z.boolean().optional().describe("Say what would be written; write nothing"),
  }),
  output: importOutput,
  run: (context, options) =>
    importMigrations({
      tool: options.tool,
      dir: inFolder(context.cwd, options.dir),
      migrationsDir: inFolder(context.cwd, options.migrationsDir),
      partial: options.partial,
      dryRun: options.dryRun,
    }),
  text: ({ status, imported, refused }) =>
    [
      ...imported.map(({ source, files }) => `${source} -> ${files.join(", ")}`),
      ...refused.map(
        ({ file, line, reason }) => `refused ${file}${line === null ? "" : `:${line}`} ${reason}`,
      ),
      `${status === "dry_run" ? "Would import" : "Imported"} ${imported.length} migration(s), refused ${refused.length}`,
    ].join("\n"),
  notes: ({ warnings, ignored }) => [
    ...warnings.map((warning) => `warning: ${warning}`),
    ...(ignored.length > 0 ? [`not migrations: ${ignored.join(", ")}`] : []),
  ],
  exit: ({ refused }) => (refused.length > 0 ? 1 : 0),
});
