import * as z from "zod";
import { type Issue, issueSchema } from "../base/issue.ts";
import { defineOutput } from "../base/output.ts";
import type { SchemaInput } from "../build/sources.ts";
import { changeSchema } from "../diff/change.ts";
import { compare } from "../diff/compare.ts";
import { type Classified, classify } from "../migrate/classify.ts";
import { emptyHint, findMigrations, type MigrationFiles, requireDirectory } from "../migrate/files.ts";
import { requireSum } from "../migrate/linear/check-sum.ts";
import { checkFiles } from "../migrate/static-checks.ts";
import type { Replayed } from "../migrate/replay.ts";
import { redact } from "../pg/dsn.ts";
import type { Snapshot } from "../schema/snapshot.ts";
import type { Connection } from "../pg/connection.ts";
import { openScratch, type ScratchOptions } from "../scratch/scratch.ts";
import type { Rules } from "../sync/rules-file.ts";
import { changeSetOf, changeSetSchema } from "./change-set.ts";
import { driftIssues } from "./drift-issues.ts";
import {
  analyseDependents,
  type CheckDependents,
  type DependentAnalysis,
  dependentAnalysisSchema,
  dependentIssues,
  SKIPPED,
} from "./live-dependents.ts";
import {
  choosePending,
  type Rehearsal,
  type RehearsalOptions,
  rehearseOn,
  rehearseOnScratch,
} from "./rehearse.ts";
import { isWindowSafe, type Replication, replicaIssues } from "./replica-issues.ts";
import { snapshotOfSources } from "./scratch-schema.ts";

const driftSchema = z.object({
  compared: z.boolean(),
  reason: z.string().nullable().describe("Why nothing was compared"),
  changes: z.array(changeSchema).describe("+ only after the migrations, - only in the DDL files, ~ differs"),
});

export const preflightOutput = defineOutput(
  "migrate.preflight",
  1,
  z.object({
    ok: z.boolean(),
    window_safe: z
      .boolean()
      .describe("True only when every pending statement is known to be safe while the application runs"),
    summary: z.object({
      errors: z.int(),
      warnings: z.int(),
      info: z.int(),
      migrations_checked: z.int(),
      db_consumed: z.boolean(),
    }),
    issues: z.array(issueSchema),
    change_set: changeSetSchema,
    hints: z.array(z.string()),
    rehearsed_on: z
      .enum(["copy", "scratch"])
      .nullable()
      .describe("null: only the files were checked (--static)"),
    against: z
      .string()
      .nullable()
      .describe("Where it was rehearsed, without the password; null for a scratch database"),
    replay: z.array(
      z.object({
        version: z.string(),
        name: z.string(),
        success: z.boolean(),
        duration_ms: z.int(),
        notes: z.array(z.string()),
      }),
    ),
    drift: driftSchema,
    dependent_analysis: dependentAnalysisSchema.optional().describe("Only with --check-dependents"),
  }),
);

export type PreflightResult = z.infer<typeof preflightOutput.schema>;

export interface PreflightOptions extends Omit<RehearsalOptions, "beforeReplay" | "afterReplay"> {
  /** A throwaway copy to rehearse on; without it the whole chain is replayed on a scratch database. */
  readonly against?: string | undefined;
  /** Check the files and run nothing. */
  readonly static?: boolean | undefined;
  /** The DDL files that the result must equal; undefined for a project that has none. */
  readonly schema: SchemaInput | undefined;
  readonly scratch: ScratchOptions;
  /** Databases that follow the one to be migrated; their issues are warnings where there are none. */
  readonly replication?: Replication | undefined;
  /** Look on the copy for what is built on views and routines that are replaced or dropped. */
  readonly checkDependents?: CheckDependents | undefined;
  /** What a sync does with each column; the schema after the migrations must fit it. */
  readonly rules?: Rules | undefined;
  /** Warnings say no as well. */
  readonly strict?: boolean | undefined;
}

/**
 * Rehearse a deploy: check what is pending, replay it, compare the result with the DDL files, list everything found.
 * The copy is left as it was. Throws CONFIG_004, CONFIG_006, SCRATCH_001, SCHEMA_*, MIGR_100 or MIGR_115 when it cannot run.
 */
export async function preflight(options: PreflightOptions): Promise<PreflightResult> {
  const files = await findMigrations(options.target.migrationsDir);
  requireDirectory(files);
  requireSum(files, options.target.linear);
  const ruleIssues: Issue[] = [];
  const { replayed, result, consumed, ...rehearsal } = await rehearseWhere(files, options, async (db) => {
    if (options.rules === undefined) return;
    const { checkRules } = await import("../sync/check.ts");
    const ours = [options.target.trackingTable];
    ruleIssues.push(...(await checkRules(db, options.rules, { ours })).issues);
  });
  const drift = await compareWithSources(options, result);
  const { checkDependents = "off" } = options;
  const found = [
    ...(await checkFiles(files, rehearsal.pending, rehearsal.rows)),
    ...replayed.flatMap((r) => (r.issue ? [r.issue] : [])),
    ...replicaIssues(rehearsal.classified, options.replication),
    ...(checkDependents === "off"
      ? []
      : dependentIssues(rehearsal.dependents, rehearsal.classified, checkDependents)),
    ...driftIssues(drift.changes),
    ...ruleIssues,
  ];
  const issues = found.filter((issue) => !isRepeated(issue, found));
  const count = (severity: Issue["severity"]) => issues.filter((issue) => issue.severity === severity).length;
  const summary = {
    errors: count("error"),
    warnings: count("warning"),
    info: count("info"),
    migrations_checked: rehearsal.pending.length,
    db_consumed: consumed,
  };
  return {
    ok: summary.errors === 0 && !(options.strict && summary.warnings > 0),
    window_safe: files.python.length === 0 && isWindowSafe(rehearsal.classified),
    summary,
    issues,
    change_set: changeSetOf(rehearsal.classified),
    hints: [
      ...emptyHint(files),
      ...rehearsal.hints,
      ...(drift.reason === null || options.static ? [] : [drift.reason]),
    ],
    rehearsed_on: options.static ? null : options.against === undefined ? "scratch" : "copy",
    against: options.against === undefined ? null : redact(options.against),
    replay: replayed.map(shown),
    drift,
    ...(checkDependents !== "off" && { dependent_analysis: rehearsal.dependents }),
  };
}

const shown = ({ version, name, success, duration_ms, notes }: Replayed) => ({
  version,
  name,
  success,
  duration_ms,
  notes: [...notes],
});

/** A file that does not parse is told once: as the failure of its replay. */
const isRepeated = (issue: Issue, all: readonly Issue[]): boolean =>
  issue.code.startsWith("MIGR_") &&
  all.some((other) => other.details["error_code"] === issue.code && other.migration === issue.migration);

interface Looked extends Omit<Rehearsal, "result"> {
  /** Undefined where nothing was run. */
  readonly result: Snapshot | undefined;
  readonly classified: readonly Classified[];
  readonly dependents: DependentAnalysis;
}

type AfterReplay = (db: Connection) => Promise<void>;

async function rehearseWhere(
  files: MigrationFiles,
  options: PreflightOptions,
  afterReplay: AfterReplay,
): Promise<Looked> {
  if (options.against !== undefined && !options.static) {
    return onCopy(options.against, files, { ...options, afterReplay });
  }
  const chosen = await chooseChecked(files, options);
  const looked = { ...chosen, classified: await classify(chosen.pending), dependents: SKIPPED };
  if (options.static) return { ...looked, replayed: [], result: undefined, consumed: false };
  await using scratch = await openScratch(options.scratch);
  return { ...(await rehearseOnScratch(scratch, files, { ...options, afterReplay })), ...looked };
}

/** What is built on replaced objects is looked up before the replay, which may change the copy for good. */
async function onCopy(
  url: string,
  files: MigrationFiles,
  options: PreflightOptions & { readonly afterReplay: AfterReplay },
): Promise<Looked> {
  let classified: readonly Classified[] = [];
  let dependents = SKIPPED;
  const rehearsal = await rehearseOn(url, files, {
    ...options,
    beforeReplay: async (db, pending) => {
      classified = await classify(pending);
      if ((options.checkDependents ?? "off") !== "off") dependents = await analyseDependents(db, classified);
    },
  });
  return { ...rehearsal, classified, dependents };
}

/** What the checks look at where there is no copy: what the tracking database's ledger lacks, else every file. */
async function chooseChecked(files: MigrationFiles, options: PreflightOptions) {
  const chosen = await choosePending(files, undefined, options);
  const isTold = options.trackingUrl !== undefined && !chosen.rows?.length && chosen.pending.length > 0;
  const state = chosen.rows ? "is empty" : "does not exist";
  const hint = `The ledger ${options.target.trackingTable} ${state} in the database that was named, so every migration counts as pending.`;
  const isChosen = options.since !== undefined || options.versions !== undefined;
  return { ...chosen, hints: isTold && !isChosen ? [hint] : [] };
}

async function compareWithSources(options: PreflightOptions, result: Snapshot | undefined) {
  if (!result) return { compared: false, reason: "Only the files were checked.", changes: [] };
  if (!options.schema) {
    const reason =
      "There are no DDL files (include_dirs, db/schema), so the result was not compared with any.";
    return { compared: false, reason, changes: [] };
  }
  await using scratch = await openScratch({ ...options.scratch, major: result.major });
  const wanted = await snapshotOfSources(scratch, options.schema, { log: options.target.log });
  return { compared: true, reason: null, changes: compare(wanted, result) };
}
