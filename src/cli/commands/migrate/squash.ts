import * as z from "zod";
import { resolveSettings } from "../../../config/resolve.ts";
import { squash, squashOutput } from "../../../workflows/squash.ts";
import { defineCommand } from "../../command.ts";
import { migrationFlags, targetWithoutUrl, warnOfDeadKeys } from "../../database.ts";
import { scratchFlags, scratchOptionsOf } from "../../scratch-flags.ts";

const { databaseUrl: _, ...flags } = migrationFlags;

export const command = defineCommand({
  path: "migrate squash",
  summary: "Replace the first migrations by one that is proven to do the same",
  options: z.object({
    ...flags,
    through: z.string().describe("The last migration to squash").meta({ short: "t" }),
    name: z.string().default("squashed").describe("Name of the new migration, in lower_case_words"),
    dryRun: z.boolean().optional().describe("Prove it; write nothing"),
    ...scratchFlags,
  }),
  output: squashOutput,
  run: async (context, options) => {
    const { config, env, noConfig, through, name, dryRun } = options;
    const { cwd, environment } = context;
    const settings = await resolveSettings({ config, env, noConfig, cwd, environment });
    warnOfDeadKeys(context, settings);
    const nowhere = { source: "none", url: undefined, embedded: false, settings } as const;
    return squash(targetWithoutUrl(context, nowhere, options), {
      through,
      name,
      dryRun,
      scratch: scratchOptionsOf(context, options, settings),
    });
  },
  text: ({ squashed, up_file, down_file, archived_to, dry_run }) =>
    [
      `${dry_run ? "Would write" : "Wrote"} ${up_file}${down_file === null ? "" : ` and ${down_file}`}`,
      `${dry_run ? "Would move" : "Moved"} ${squashed.length} migration(s) to ${archived_to}`,
      "Proven: the chain leads to the same catalog as before",
    ].join("\n"),
  notes: ({ warnings }) => warnings.map((warning) => `warning: ${warning}`),
});
