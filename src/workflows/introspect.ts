import * as z from "zod";
import { defineOutput } from "../base/output.ts";
import { compare } from "../diff/compare.ts";
import { findMigrations, requireRunnable } from "../migrate/files.ts";
import { findLedger, type Ledger } from "../migrate/ledger/ledger.ts";
import type { Target } from "../migrate/target.ts";
import { Connection } from "../pg/connection.ts";
import { ENVIRONMENTAL_KINDS, isStructure, readSnapshot, type Snapshot } from "../schema/snapshot.ts";
import { openScratch, type ScratchOptions, type ScratchServer } from "../scratch/scratch.ts";
import { ident } from "../sql/tag.ts";
import { candidateSchema, compareAll, type Versions } from "./candidates.ts";
import { builtVersions, emptyStructure, replayedVersions } from "./versions.ts";

export const introspectOutput = defineOutput(
  "migrate.introspect",
  1,
  z.object({
    ledger_present: z.boolean(),
    database_empty: z.boolean().describe("It holds what a new database holds"),
    detected_version: z.string().nullable().describe("The newest version that is exactly the database"),
    detected_migration_name: z.string().nullable(),
    confidence: z.enum(["exact", "none"]),
    ambiguous: z
      .boolean()
      .describe(
        "Several versions, or a version and none, are exactly the database: only data tells them apart",
      ),
    recommendation: z.string(),
    candidates: z
      .array(candidateSchema)
      .describe("Every exact version, and the nearest five others; fewest changes first"),
    failed: z
      .array(z.object({ version: z.string(), error: z.string() }))
      .describe("Not known, so not compared"),
    compared: z.int().describe("How many versions were compared"),
    ignored_kinds: z.array(z.string()).describe("What the environment decides, and was not compared"),
  }),
);

export type IntrospectResult = z.infer<typeof introspectOutput.schema>;

export interface IntrospectOptions {
  /** Directory of `<version>_<name>.sql` schemas; they are compared instead of the chain's versions. */
  readonly snapshotsDir?: string | undefined;
  readonly scratch: ScratchOptions;
}

/** A chain up to this long is replayed once only. */
const SHORT_CHAIN = 20;

/** The structure of a live database, without the tool's own tables. */
export interface Live {
  readonly ledger: Ledger;
  readonly snapshot: Snapshot;
}

/**
 * Which versions of the chain a database is, by comparing its catalog with that of every version on a scratch
 * server. Writes nothing. Throws CONFIG_004, MIGR_106, MIGR_109, CONFIG_006, SQL_001 or SCRATCH_001.
 */
export async function introspect(target: Target, options: IntrospectOptions): Promise<IntrospectResult> {
  return introspectLive(target, await readLive(target), options);
}

async function readLive(target: Target): Promise<Live> {
  await using db = await Connection.open(target.url, target);
  return await readLiveOn(db, target);
}

export async function readLiveOn(db: Connection, target: Target): Promise<Live> {
  const ledger = await findLedger(db, target.trackingTable);
  return { ledger, snapshot: await readSnapshot(db, { only: isStructure, ours: [ident(...ledger.path)] }) };
}

/** The same for a database whose structure was read before. */
export async function introspectLive(
  target: Target,
  { ledger, snapshot: live }: Live,
  options: IntrospectOptions,
): Promise<IntrospectResult> {
  await using scratch = await openScratch({ ...options.scratch, major: live.major });
  const isEmpty = compare(await emptyStructure(scratch, target), live).length === 0;
  const { candidates, failed, compared } = await compareAll(live, await versionsOf(scratch, target, options));
  const exact = candidates.filter(({ changes }) => changes === 0);
  const [detected] = exact;
  const found = {
    ledger_present: ledger.resolved !== null,
    database_empty: isEmpty,
    detected_version: detected?.version ?? null,
    detected_migration_name: detected?.name ?? null,
    confidence: detected ? ("exact" as const) : ("none" as const),
    ambiguous: exact.length + (isEmpty ? 1 : 0) > 1,
    candidates,
    failed,
    compared,
    ignored_kinds: [...ENVIRONMENTAL_KINDS],
  };
  return { ...found, recommendation: recommend(found) };
}

async function versionsOf(
  scratch: ScratchServer,
  target: Target,
  { snapshotsDir }: IntrospectOptions,
): Promise<Versions> {
  if (snapshotsDir !== undefined) {
    target.log.info(`building the schemas of ${snapshotsDir} on a scratch PostgreSQL ${scratch.major}`);
    return { visit: () => builtVersions(scratch, snapshotsDir, target), outlineFirst: false };
  }
  const files = await findMigrations(target.migrationsDir);
  requireRunnable(files);
  const count = files.migrations.length;
  target.log.info(`replaying ${count} migration(s) on a scratch PostgreSQL ${scratch.major}`);
  return { visit: () => replayedVersions(scratch, files, target), outlineFirst: count > SHORT_CHAIN };
}

function recommend(found: Omit<IntrospectResult, "recommendation">): string {
  const unknown =
    found.failed.length === 0 ? "" : ` ${found.failed.length} version(s) could not be compared.`;
  return `${advice(found)}${unknown}`;
}

function advice(found: Omit<IntrospectResult, "recommendation">): string {
  const [nearest] = found.candidates;
  const exact = found.candidates.filter(({ changes }) => changes === 0).map(({ version }) => version);
  if (found.ledger_present)
    return "There is a ledger: `confiture migrate status` says what it records as applied.";
  if (found.ambiguous) {
    const versions = [...(found.database_empty ? ["none"] : []), ...exact].join(", ");
    return `Only data tells these versions apart: ${versions}. Find out which of them ran last, then run \`confiture migrate baseline --through <version>\`.`;
  }
  if (found.database_empty) return "The database is empty: `confiture migrate up` applies everything.";
  if (found.detected_version !== null)
    return `Run \`confiture migrate baseline --through ${found.detected_version}\`, then \`confiture migrate up\`.`;
  if (nearest === undefined) return "No version could be compared.";
  return `No version is exactly this database; ${nearest.version} is the nearest, with ${nearest.changes} change(s). Settle those first, or name the version with \`confiture migrate baseline --through\`.`;
}
