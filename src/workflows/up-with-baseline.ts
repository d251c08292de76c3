import { isDeepStrictEqual } from "node:util";
import { ConfitureError } from "../base/errors.ts";
import { findMigrations, type MigrationFile, migrationNamed, requireRunnable } from "../migrate/files.ts";
import { requireSum } from "../migrate/linear/check-sum.ts";
import { takeMigrationLock } from "../migrate/lock/lock.ts";
import { markApplied } from "../migrate/ledger/mark-applied.ts";
import type { Target } from "../migrate/target.ts";
import { up, type UpOptions, type UpResult } from "../migrate/up.ts";
import { Connection } from "../pg/connection.ts";
import { detectBaseline } from "./detect-baseline.ts";
import { type IntrospectOptions, type Live, readLiveOn } from "./introspect.ts";

/**
 * `up` for a database that may have no ledger yet: what its catalog says is applied is recorded first, then
 * the rest is applied. Throws as `detectBaseline` and `up`.
 */
export async function upWithBaseline(
  target: Target,
  { snapshotsDir, scratch, ...options }: UpOptions & IntrospectOptions,
): Promise<UpResult> {
  const detected = await detectBaseline(target, { snapshotsDir, scratch });
  if (detected === undefined || detected.version === null) return up(target, options);
  const files = await findMigrations(target.migrationsDir);
  requireRunnable(files);
  requireSum(files, target.linear);
  const last = migrationNamed(files, detected.version);
  const marked = files.migrations.slice(0, files.migrations.indexOf(last) + 1);
  await record(target, { live: detected.live, marked, options });
  const said = `recorded ${marked.length} migration(s) through ${last.version}_${last.name} as applied: the database is exactly there`;
  target.log.info(said);
  const result = await up(target, options);
  return { ...result, warnings: [said, ...result.warnings] };
}

interface Baseline {
  readonly live: Live;
  readonly marked: readonly MigrationFile[];
  readonly options: UpOptions;
}

/** Under the lock, and only if the database is still what it was when it was compared. */
async function record(target: Target, { live, marked, options }: Baseline): Promise<void> {
  await using lock = await takeMigrationLock(target, options);
  await using db = await Connection.open(target.url, target);
  const now = await readLiveOn(db, target);
  if (now.ledger.resolved !== null || !isDeepStrictEqual(now.snapshot, live.snapshot)) {
    throw new ConfitureError("BASELINE_001", `database ${db.server.database} changed while it was compared`, {
      actionable: "Run the command again.",
    });
  }
  lock.assertHeld();
  await db.transaction(() =>
    markApplied(db, target.trackingTable, { migrations: marked, reason: "auto-baseline" }),
  );
}
