import * as z from "zod";
import { type Issue, issueSchema } from "../base/issue.ts";
import { defineOutput } from "../base/output.ts";
import type { SchemaInput } from "../build/sources.ts";
import { changeSchema } from "../diff/change.ts";
import { compare } from "../diff/compare.ts";
import { findMigrations, type MigrationFiles, requireDirectory } from "../migrate/files.ts";
import { checkFiles } from "../migrate/static-checks.ts";
import { redact } from "../pg/dsn.ts";
import type { Snapshot } from "../schema/snapshot.ts";
import { openScratch, type ScratchOptions } from "../scratch/scratch.ts";
import { changeSetOf, changeSetSchema } from "./change-set.ts";
import { driftIssues } from "./drift-issues.ts";
import { type Rehearsal, type RehearsalOptions, rehearseOn, rehearseOnScratch } from "./rehearse.ts";
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
      .describe("True only when every statement is known to be safe in a deploy window"),
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
  }),
);

export type PreflightResult = z.infer<typeof preflightOutput.schema>;

export interface PreflightOptions extends RehearsalOptions {
  /** A throwaway copy to rehearse on; without it the whole chain is replayed on a scratch database. */
  readonly against?: string | undefined;
  /** The DDL files that the result must equal; undefined for a project that has none. */
  readonly schema: SchemaInput | undefined;
  readonly scratch: ScratchOptions;
  /** Warnings say no as well. */
  readonly strict?: boolean | undefined;
}

/**
 * Rehearse a deploy: replay what is pending, compare the result with the DDL files, list everything found.
 * The copy is left as it was. Throws CONFIG_004, CONFIG_006, SCRATCH_001, SCHEMA_* or MIGR_100 when it cannot run.
 */
export async function preflight(options: PreflightOptions): Promise<PreflightResult> {
  const files = await findMigrations(options.target.migrationsDir);
  requireDirectory(files);
  const rehearsal = await rehearseWhere(files, options);
  const drift = await compareWithSources(options, rehearsal);
  const found = [
    ...(await checkFiles(files, rehearsal.pending, rehearsal.rows)),
    ...rehearsal.replayed.flatMap((r) => (r.issue ? [r.issue] : [])),
    ...driftIssues(drift.changes),
  ];
  const issues = found.filter((issue) => !isRepeated(issue, found));
  const count = (severity: Issue["severity"]) => issues.filter((issue) => issue.severity === severity).length;
  return {
    ok: count("error") === 0 && !(options.strict && count("warning") > 0),
    window_safe: false,
    summary: {
      errors: count("error"),
      warnings: count("warning"),
      info: count("info"),
      migrations_checked: rehearsal.pending.length,
      db_consumed: rehearsal.consumed,
    },
    issues,
    change_set: await changeSetOf(rehearsal.pending),
    hints: [...rehearsal.hints, ...(drift.reason === null ? [] : [drift.reason])],
    against: options.against === undefined ? null : redact(options.against),
    replay: rehearsal.replayed.map(({ version, name, success, duration_ms, notes }) => ({
      version,
      name,
      success,
      duration_ms,
      notes: [...notes],
    })),
    drift,
  };
}

/** A file that does not parse is told once: as the failure of its replay. */
const isRepeated = (issue: Issue, all: readonly Issue[]): boolean =>
  issue.code.startsWith("MIGR_") &&
  all.some((other) => other.details["error_code"] === issue.code && other.migration === issue.migration);

async function rehearseWhere(files: MigrationFiles, options: PreflightOptions): Promise<Rehearsal> {
  if (options.against !== undefined) return rehearseOn(options.against, files, options);
  await using scratch = await openScratch(options.scratch);
  return await rehearseOnScratch(scratch, files, options);
}

async function compareWithSources(options: PreflightOptions, { result }: { result: Snapshot }) {
  if (!options.schema) {
    const reason =
      "There are no DDL files (include_dirs, db/schema), so the result was not compared with any.";
    return { compared: false, reason, changes: [] };
  }
  await using scratch = await openScratch({ ...options.scratch, major: result.major });
  const wanted = await snapshotOfSources(scratch, options.schema, { log: options.target.log });
  return { compared: true, reason: null, changes: compare(wanted, result) };
}
