import * as z from "zod";
import { ConfitureError } from "../../../base/errors.ts";
import { replicationOf, schemaInputOf } from "../../../config/feature-settings.ts";
import { changeText } from "../../../diff/change.ts";
import { preflight, preflightOutput, type PreflightResult } from "../../../workflows/preflight.ts";
import { defineCommand } from "../../command.ts";
import { migrationFlags, resolveIntended, targetWithoutUrl, urlOf } from "../../database.ts";
import { issueLines } from "../../issue-lines.ts";
import { projectRules } from "../../project-rules.ts";
import { scratchFlags, scratchOptionsOf } from "../../scratch-flags.ts";

const options = z.object({
  ...migrationFlags,
  against: z.string().optional().describe("A copy of the database to rehearse on; left as it was"),
  static: z.boolean().optional().describe("Check the files only: no copy, no scratch database"),
  since: z.string().optional().describe("Take everything from this version on as pending"),
  allowNonTransactional: z
    .boolean()
    .optional()
    .describe("Where something needs a commit, run it for good: the copy is used up"),
  checkDependents: z
    .enum(["off", "warn", "fail"])
    .default("off")
    .describe(
      "For views and routines on the copy that others are built on, and that are replaced or dropped",
    ),
  strict: z.boolean().optional().describe("Warnings say no as well"),
  ...scratchFlags,
});

export const command = defineCommand({
  path: "migrate preflight",
  summary: "Rehearse a deploy on a copy and compare the result with the DDL files",
  options,
  output: preflightOutput,
  run: async (context, given) => {
    refuseIdleFlags(given);
    const resolved = await resolveIntended(context, given);
    return preflight({
      target: targetWithoutUrl(context, resolved, given),
      against: given.against,
      static: given.static,
      trackingUrl: await urlOf(context, resolved),
      since: given.since,
      strict: given.strict,
      allowNonTransactional: given.allowNonTransactional,
      checkDependents: given.checkDependents,
      replication: replicationOf(resolved.settings),
      schema: schemaInputOf(resolved.settings),
      rules: await projectRules(context),
      scratch: scratchOptionsOf(context, given, resolved.settings),
    });
  },
  text: (result) =>
    [...rehearsalLines(result), ...issueTexts(result), ...driftTexts(result), verdict(result)].join("\n"),
  notes: ({ hints, issues }) => [
    ...hints.map((hint) => `hint: ${hint}`),
    ...driftRemedies(issues).map((remedy) => `hint: ${remedy}`),
  ],
  exit: ({ ok }) => (ok ? 0 : 7),
});

/** A flag that would change nothing is refused. */
function refuseIdleFlags({
  static: isStatic,
  against,
  allowNonTransactional,
  scratchUrl,
}: z.infer<typeof options>) {
  const idle = [
    isStatic && against !== undefined ? "--against" : undefined,
    isStatic && scratchUrl !== undefined ? "--scratch-url" : undefined,
    against === undefined && allowNonTransactional ? "--allow-non-transactional" : undefined,
  ].find((flag) => flag !== undefined);
  if (idle === undefined) return;
  const reason = isStatic ? "changes nothing under --static, which runs nothing" : "needs a copy (--against)";
  throw new ConfitureError("CONFIG_008", `${idle} ${reason}`);
}

function rehearsalLines({ replay, against, rehearsed_on, summary }: PreflightResult): string[] {
  if (rehearsed_on === null)
    return [`Checked the files of ${summary.migrations_checked} migration(s); ran nothing`];
  return [
    `Replayed ${replay.length} migration(s) on ${against ?? "a scratch database"}`,
    ...replay.flatMap(({ success, version, name, duration_ms, notes }) => [
      `  ${success ? "ok    " : "failed"} ${version} ${name} (${duration_ms} ms)`,
      ...notes.map((note) => `         ${note}`),
    ]),
  ];
}

/** Drift is shown as a comparison instead. */
const issueTexts = ({ issues }: PreflightResult): string[] =>
  issueLines(issues.filter((issue) => !issue.code.startsWith("PFLIGHT_DRIFT")));

function driftTexts({ drift, rehearsed_on }: PreflightResult): string[] {
  if (rehearsed_on === null) return [];
  if (!drift.compared) return ["Not compared with DDL files"];
  if (drift.changes.length === 0) return ["No drift: the migrations lead to what the DDL files say"];
  return [
    `Drift (+ only after the migrations, - only in the DDL files, ~ differs):\n${changeText(drift.changes)}`,
  ];
}

/** What to do about each sort of difference, told once. */
const driftRemedies = (issues: PreflightResult["issues"]): string[] => [
  ...new Set(
    issues
      .filter(({ code }) => code.startsWith("PFLIGHT_DRIFT"))
      .map(({ details, actionable }) => `${String(details["op"])} ${actionable}`),
  ),
];

const verdict = ({ ok, summary }: PreflightResult): string =>
  `Preflight says ${ok ? "yes" : "no"}: ${summary.errors} error(s), ${summary.warnings} warning(s)${summary.db_consumed ? "; the copy is used up" : ""}`;
