import * as z from "zod";
import { schemaInputOf } from "../../../config/feature-settings.ts";
import { changeText } from "../../../diff/change.ts";
import { preflight, preflightOutput, type PreflightResult } from "../../../workflows/preflight.ts";
import { defineCommand } from "../../command.ts";
import { migrationFlags, resolveFlags, targetWithoutUrl, urlOf } from "../../database.ts";
import { issueText } from "../../issue-text.ts";
import { scratchFlags, scratchOptionsOf } from "../../scratch-flags.ts";

export const command = defineCommand({
  path: "migrate preflight",
  summary: "Rehearse a deploy on a copy and compare the result with the DDL files",
  options: z.object({
    ...migrationFlags,
    against: z.string().optional().describe("A copy of the database to rehearse on; left as it was"),
    since: z.string().optional().describe("Take everything from this version on as pending"),
    allowNonTransactional: z
      .boolean()
      .optional()
      .describe("Where something needs a commit, run it for good: the copy is used up"),
    strict: z.boolean().optional().describe("Warnings say no as well"),
    ...scratchFlags,
  }),
  output: preflightOutput,
  run: async (context, options) => {
    const resolved = await resolveFlags(context, options, { command: "reads", allowNone: true });
    const tracked = options.against !== undefined && resolved.source !== "none";
    return preflight({
      target: targetWithoutUrl(context, resolved, options),
      against: options.against,
      trackingUrl: tracked ? await urlOf(context, resolved) : undefined,
      since: options.since,
      strict: options.strict,
      allowNonTransactional: options.allowNonTransactional,
      schema: schemaInputOf(resolved.settings),
      scratch: scratchOptionsOf(context, options, resolved.settings),
    });
  },
  text: (result) =>
    [...replayLines(result), ...issueLines(result), driftText(result), verdict(result)].join("\n"),
  notes: ({ hints }) => hints.map((hint) => `hint: ${hint}`),
  exit: ({ ok }) => (ok ? 0 : 7),
});

const replayLines = ({ replay, against }: PreflightResult): string[] => [
  `Replayed ${replay.length} migration(s) on ${against ?? "a scratch database"}`,
  ...replay.flatMap(({ success, version, name, duration_ms, notes }) => [
    `  ${success ? "ok    " : "failed"} ${version} ${name} (${duration_ms} ms)`,
    ...notes.map((note) => `         ${note}`),
  ]),
];

const issueLines = ({ issues }: PreflightResult): string[] =>
  issues.filter((issue) => !issue.code.startsWith("PFLIGHT_DRIFT")).map(issueText);

function driftText({ drift }: PreflightResult): string {
  if (!drift.compared) return "Not compared with DDL files";
  if (drift.changes.length === 0) return "No drift: the migrations lead to what the DDL files say";
  return `Drift (+ only after the migrations, - only in the DDL files, ~ differs):\n${changeText(drift.changes)}`;
}

const verdict = ({ ok, summary }: PreflightResult): string =>
  `Preflight says ${ok ? "yes" : "no"}: ${summary.errors} error(s), ${summary.warnings} warning(s)${summary.db_consumed ? "; the copy is used up" : ""}`;
