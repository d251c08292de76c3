import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import type { Style } from "../base/style.ts";
import { resolveSettings } from "../config/resolve.ts";
import { changeGroupsText } from "../diff/change-groups.ts";
import { planText } from "../diff/plan-text.ts";
import { diff, type DiffResult } from "../workflows/diff.ts";
import { configuredSide } from "../workflows/sides/ddl-side.ts";
import { parseSide } from "../workflows/sides/parse-side.ts";
import type { Context } from "./command.ts";
import { migrationFlags, targetWithoutUrl, warnOfDeadKeys } from "./database.ts";
import { askNameOf } from "./rename-question.ts";
import { scratchFlags, scratchOptionsOf } from "./scratch-flags.ts";
import { majorFlag, planFlags, sideContextOf } from "./side-flags.ts";

const { databaseUrl: _, ...flags } = migrationFlags;

export const SIDE = "folder, .sql file, connection string, migrations[@VERSION], git:REF[:PATH] or empty";

/** Flags of the commands that compare two sides and plan the way between them. */
export const diffFlags = {
  ...flags,
  noPlan: z.boolean().optional().describe("Compare only"),
  noOnline: z.boolean().optional().describe("Plan plain DDL, whatever it blocks"),
  allow: z
    .enum(["data-loss"])
    .optional()
    .describe("Let the plan drop tables, columns and sequences that the target does not have"),
  ...planFlags,
  ...majorFlag,
  ...scratchFlags,
};

const options = z.object(diffFlags);

/** The sides that the user names; without a name the migrations and the configured DDL files. */
export async function runDiff(
  context: Context,
  named: { readonly from: string; readonly to?: string | undefined },
  given: z.infer<typeof options>,
): Promise<DiffResult> {
  const { config, env, noConfig } = given;
  if (given.noPlan && (given.rename ?? given.keywords) !== undefined)
    throw new ConfitureError(
      "CONFIG_008",
      "--rename and --keywords are about the plan, and --no-plan makes none",
    );
  const { cwd, environment } = context;
  const settings = await resolveSettings({ config, env, noConfig, cwd, environment });
  warnOfDeadKeys(context, settings);
  const nowhere = { source: "none", url: undefined, embedded: false, settings } as const;
  const place = sideContextOf(context, settings, targetWithoutUrl(context, nowhere, given));
  const to = named.to === undefined ? configuredSide(place) : await parseSide(named.to, place);
  return diff(await parseSide(named.from, place), to, {
    scratch: { ...scratchOptionsOf(context, given, settings), major: given.major },
    plan: given.noPlan !== true,
    online: given.noOnline !== true,
    renames: given.rename,
    askName: askNameOf(context),
    keywords: given.keywords,
    allowDataLoss: given.allow === "data-loss",
  });
}

/** What the result looks like; the same for every command that gives it. */
export const diffForms = {
  text: ({ from, to, same, changes, plan, script }: DiffResult, style: Style): string => {
    if (same) return `${from} and ${to} are the same`;
    const difference = `From ${from} to ${to}:\n${changeGroupsText(changes, style)}`;
    if (plan === null) return difference;
    const proof = `Proven both ways on PostgreSQL ${plan.proof.postgresql}.`;
    const refusal = script === null ? [style("danger", refusalText(plan.data_loss))] : [];
    return [difference, "", planText(plan.steps, style), "", proof, ...refusal].join("\n");
  },
  sql: ({ same, plan, script }: DiffResult): string => {
    if (same) return "";
    if (script !== null) return script;
    if (plan === null)
      throw new ConfitureError("CONFIG_008", "--format sql prints the plan, and --no-plan makes none");
    throw new ConfitureError("DIFFER_407", refusalText(plan.data_loss), {
      details: { data_loss: plan.data_loss },
    });
  },
  exit: ({ same }: DiffResult): number => (same ? 0 : 1),
};

const refusalText = (objects: readonly string[]): string =>
  `The plan loses the rows or values of ${objects.join(", ")}: it is for reading only without --allow data-loss`;
