import * as z from "zod";
import { ConfitureError } from "../../../base/errors.ts";
import { requireUnprotected } from "../../../config/protection.ts";
import { reinit, reinitOutput, type ReinitResult } from "../../../migrate/reinit.ts";
import { defineCommand } from "../../command.ts";
import { migrationFlags, resolveFlags, targetWithoutUrl, urlOf } from "../../database.ts";
import { lockFlags, lockOptions } from "../../lock-flags.ts";

export const command = defineCommand({
  path: "migrate reinit",
  summary: "Empty the ledger and record the migrations on disk as applied, without running them",
  options: z.object({
    ...migrationFlags,
    through: z
      .string()
      .optional()
      .describe("The last migration to record; by default the last on disk")
      .meta({ short: "t" }),
    dryRun: z.boolean().optional().describe("Say what would be forgotten and recorded; write nothing"),
    yes: z.boolean().optional().describe("Do it; without this nothing is written").meta({ short: "y" }),
    ...lockFlags,
  }),
  output: reinitOutput,
  run: async (context, options) => {
    const { through, dryRun, yes } = options;
    const resolved = await resolveFlags(context, options, { command: dryRun ? "reads" : "writes" });
    if (!dryRun) requireUnprotected(resolved.settings, "migrate reinit");
    const target = {
      ...targetWithoutUrl(context, resolved, options),
      url: (await urlOf(context, resolved))!,
    };
    if (!dryRun && !yes) throw unconfirmed(await reinit(target, { through, dryRun: true }));
    return await reinit(target, { through, dryRun, ...lockOptions(options) });
  },
  text: ({ deleted_count, marked, dry_run }) =>
    [
      ...marked.map((m) => `${m.version} ${m.name} (${dry_run ? "would be marked" : "marked"} as applied)`),
      `${dry_run ? "Would forget" : "Forgot"} ${deleted_count} row(s) and ${dry_run ? "mark" : "marked"} ${marked.length} migration(s) as applied`,
    ].join("\n"),
  notes: ({ warnings }) => warnings.map((warning) => `warning: ${warning}`),
});

const unconfirmed = ({ deleted_count, marked, warnings }: ReinitResult) =>
  new ConfitureError(
    "CONFIG_008",
    `reinit would forget ${deleted_count} ledger row(s) and mark ${marked.length} migration(s) as applied; --yes does it`,
    {
      details: { deleted_count, marked: marked.map((m) => m.version), warnings },
      actionable: "Look at `confiture migrate reinit --dry-run`, then give --yes.",
    },
  );
