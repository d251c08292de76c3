import { resolve } from "node:path";
import * as z from "zod";
import { rebase, rebaseOutput, type RebaseResult } from "../../../workflows/linear/rebase.ts";
import { defineCommand } from "../../command.ts";
import { migrationFlags, resolveFlags, targetWithoutUrl, urlOf } from "../../database.ts";
import { scratchFlags, scratchOptionsOf } from "../../scratch-flags.ts";

export const command = defineCommand({
  path: "migrate rebase",
  summary: "Give this branch's migrations versions behind those of a base, and prove the chain",
  options: z.object({
    ...migrationFlags,
    onto: z.string().optional().describe("A ref of git; default migration.base, which is origin/main"),
    dryRun: z.boolean().optional().describe("Prove it; rename and write nothing"),
    ...scratchFlags,
  }),
  output: rebaseOutput,
  run: async (context, flags) => {
    const resolved = await resolveFlags(context, flags, { command: "reads", allowNone: true });
    const { migration, projectDir } = resolved.settings;
    const target = targetWithoutUrl(context, resolved, flags);
    return rebase(target, {
      onto: flags.onto ?? migration.base,
      projectDir,
      snapshotsDir: resolve(projectDir, migration.snapshotsDir),
      scratch: scratchOptionsOf(context, flags, resolved.settings),
      dryRun: flags.dryRun,
      ledger: async () => {
        const url = await urlOf(context, resolved);
        return url === undefined ? undefined : { ...target, url };
      },
    });
  },
  text: (result) => rebaseText(result).join("\n"),
  notes: ({ hints }) => hints.map((hint) => `hint: ${hint}`),
});

function rebaseText({ onto, newest, renamed, kept, migrations_run, sum_file, dry_run }: RebaseResult) {
  const files = renamed.flatMap((one) => one.files);
  const behind = newest === null ? `${onto}, which has none` : `${newest.version}_${newest.name} of ${onto}`;
  return [
    ...files.map(([old, name]) => `${dry_run ? "would rename" : "renamed"} ${old} to ${name}`),
    ...(sum_file === null ? [] : [`wrote ${sum_file}`]),
    `${renamed.length + kept.length} migration(s) of this branch stand behind ${behind}`,
    `Proven: all ${migrations_run} run on a scratch database`,
  ];
}
