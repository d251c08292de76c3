import * as z from "zod";
import { resolveSettings } from "../../config/resolve.ts";
import { changeText } from "../../diff/change.ts";
import { diff, diffOutput } from "../../workflows/diff.ts";
import { parseSide } from "../../workflows/sides/parse-side.ts";
import { defineCommand } from "../command.ts";
import { migrationFlags, targetWithoutUrl, warnOfDeadKeys } from "../database.ts";
import { scratchFlags, scratchOptionsOf } from "../scratch-flags.ts";
import { majorFlag, sideContextOf } from "../side-flags.ts";

const { databaseUrl: _, ...flags } = migrationFlags;

const SIDE = "folder, .sql file, connection string, migrations[@VERSION], git:REF[:PATH] or empty";

export const command = defineCommand({
  path: "diff",
  summary: "Compare two states of a schema: DDL files, migrations, a ref of git, a database",
  arguments: [
    { name: "from", required: true },
    { name: "to", required: true },
  ],
  options: z.object({
    from: z.string().describe(SIDE),
    to: z.string().describe(SIDE),
    ...flags,
    ...majorFlag,
    ...scratchFlags,
  }),
  output: diffOutput,
  run: async (context, options) => {
    const { config, env, noConfig } = options;
    const { cwd, environment } = context;
    const settings = await resolveSettings({ config, env, noConfig, cwd, environment });
    warnOfDeadKeys(context, settings);
    const nowhere = { source: "none", url: undefined, embedded: false, settings } as const;
    const place = sideContextOf(context, settings, targetWithoutUrl(context, nowhere, options));
    return diff(await parseSide(options.from, place), await parseSide(options.to, place), {
      scratch: { ...scratchOptionsOf(context, options, settings), major: options.major },
    });
  },
  text: ({ from, to, same, changes }) =>
    same ? `${from} and ${to} are the same` : `From ${from} to ${to}:\n${changeText(changes)}`,
  exit: ({ same }) => (same ? 0 : 1),
});
