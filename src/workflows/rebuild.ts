import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import type { SchemaInput } from "../build/sources.ts";
import { findMigrations, requireRunnable } from "../migrate/files.ts";
import { findLedger } from "../migrate/ledger/ledger.ts";
import type { Target } from "../migrate/target.ts";
import { versionAndName } from "../migrate/version-and-name.ts";
import { Connection } from "../pg/connection.ts";
import { describeTarget } from "../pg/dsn.ts";
import { openScratch, type ScratchOptions } from "../scratch/scratch.ts";
import { ident } from "../sql/tag.ts";
import { readRebuildScripts } from "./rebuild-scripts.ts";
import {
  foreseeReplacement,
  homeOf,
  type RebuildPlan,
  replaceDatabase,
  type ReplaceOptions,
} from "./replace-database.ts";
import { snapshotOfSources } from "./scratch-schema.ts";
import { emptyStructure } from "./versions.ts";

export const rebuildOutput = defineOutput(
  "migrate.rebuild",
  1,
  z.object({
    success: z.boolean(),
    schemas_dropped: z.array(z.string()),
    ddl_statements_executed: z.int().describe("Of the DDL files; in a dry run, on the scratch database only"),
    marked: z
      .array(versionAndName)
      .describe("Recorded as applied, as the DDL files stand for every migration"),
    total_duration_ms: z.int(),
    dry_run: z.boolean(),
    warnings: z.array(z.string()),
    seeds_applied: z.null(),
    verified: z
      .boolean()
      .nullable()
      .describe("The catalog was compared with the scratch build; null: not asked for"),
    backup: z.string().nullable().describe("File with the rows of the ledger that was there"),
  }),
);

export type RebuildResult = z.infer<typeof rebuildOutput.schema>;

export interface RebuildOptions extends Omit<ReplaceOptions, "migrations"> {
  readonly schema: SchemaInput | undefined;
  readonly scratch: ScratchOptions;
  /** The config file guards this database. */
  readonly protected: boolean;
  /** The user knows what this destroys. */
  readonly yes?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
}

/**
 * Make a database anew from its DDL files, in one transaction where PostgreSQL allows, and record every migration
 * as applied. The DDL is built on a scratch database first. Throws CONFIG_008 where the file protects the database or
 * nobody said yes, REBUILD_001, SCHEMA_*, SCRATCH_001, LOCK_1300.
 */
export async function rebuild(target: Target, options: RebuildOptions): Promise<RebuildResult> {
  const started = performance.now();
  const { schema } = options;
  if (!schema)
    throw new ConfitureError("SCHEMA_201", "there are no DDL files: no include_dirs, and no db/schema");
  refuseUnasked(target, options);
  const files = await findMigrations(target.migrationsDir);
  requireRunnable(files);
  const plan = await planRebuild(target, options, schema);
  const order = { ...options, migrations: files.migrations };
  const done = options.dryRun
    ? await foreseeReplacement(target, order, plan)
    : await replaceDatabase(target, order, plan);
  return {
    success: true,
    ddl_statements_executed: plan.scripts.statements,
    marked: files.migrations.map(({ version, name }) => ({ version, name })),
    dry_run: options.dryRun ?? false,
    seeds_applied: null,
    ...done,
    warnings: [...plan.scripts.warnings, ...done.warnings],
    total_duration_ms: Math.round(performance.now() - started),
  };
}

function refuseUnasked(target: Target, options: RebuildOptions): void {
  if (options.dryRun) return;
  const where = describeTarget(target.url, target.environment);
  if (options.protected)
    throw new ConfitureError("CONFIG_008", `${where} is protected by its config file`, {
      actionable: "Name another database, or remove `protected: true` from the config file.",
    });
  if (!options.yes)
    throw new ConfitureError("CONFIG_008", `a rebuild would replace everything in ${where}`, {
      actionable: "Give --yes if that is what you want; --dry-run shows what would happen.",
    });
}

/** Builds on a scratch database before the target is touched, so that DDL that does not build stops here. */
async function planRebuild(
  target: Target,
  options: RebuildOptions,
  schema: SchemaInput,
): Promise<RebuildPlan> {
  await using db = await Connection.open(target.url, target);
  const ledger = await findLedger(db, target.trackingTable);
  const scripts = await readRebuildScripts(db, schema);
  await using scratch = await openScratch({ ...options.scratch, major: db.server.major });
  const wanted = await snapshotOfSources(scratch, schema, {
    log: target.log,
    before: homeOf(ledger),
    ours: [ident(...ledger.path)],
  });
  return { ledger, scripts, wanted, empty: await emptyStructure(scratch, target) };
}
