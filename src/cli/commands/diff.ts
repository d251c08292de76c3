import * as z from "zod";
import { resolveSettings } from "../../config/resolve.ts";
import { ConfitureError } from "../../base/errors.ts";
import { changeText } from "../../diff/change.ts";
import { planText } from "../../diff/plan-text.ts";
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
    noPlan: z.boolean().optional().describe("Compare only"),
    noOnline: z.boolean().optional().describe("Plan plain DDL, whatever it blocks"),
    allow: z
      .enum(["data-loss"])
      .optional()
      .describe("Let the plan drop tables, columns and sequences that the target does not have"),
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
      plan: options.noPlan !== true,
      online: options.noOnline !== true,
      allowDataLoss: options.allow === "data-loss",
    });
  },
  text: ({ from, to, same, changes, plan, script }) => {
    if (same) return `${from} and ${to} are the same`;
    const difference = `From ${from} to ${to}:\n${changeText(changes)}`;
    if (plan === null) return difference;
    const proof = `Proven both ways on PostgreSQL ${plan.proof.postgresql}.`;
    const refusal = script === null ? [refusalText(plan.data_loss)] : [];
    return [difference, "", planText(plan.steps), "", proof, ...refusal].join("\n");
  },
  sql: ({ same, plan, script }) => {
    if (same) return "";
    if (script !== null) return script;
    if (plan === null)
      throw new ConfitureError("CONFIG_008", "--format sql prints the plan, and --no-plan makes none");
    throw new ConfitureError("DIFFER_407", refusalText(plan.data_loss), {
      details: { data_loss: plan.data_loss },
    });
  },
  exit: ({ same }) => (same ? 0 : 1),
});

const refusalText = (objects: readonly string[]): string =>
  `The plan loses the rows or values of ${objects.join(", ")}: it is for reading only without --allow data-loss`;
