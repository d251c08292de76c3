import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import { Connection } from "../pg/connection.ts";
import { describeTarget } from "../pg/dsn.ts";
import { refuseTransactionPooler } from "../pg/pooler.ts";
import { sql } from "../sql/tag.ts";
import { runJob } from "./apply.ts";
import { verifyChecksums } from "./checksums.ts";
import {
  findMigrations,
  type MigrationFile,
  type MigrationFiles,
  migrationNamed,
  requireRunnable,
} from "./files.ts";
import {
  ensureLedger,
  findLedger,
  type LedgerRow,
  readLedger,
  requireLedgerWritableBy,
} from "./ledger/ledger.ts";
import { requireSum } from "./linear/check-sum.ts";
import { type LockOptions, takeMigrationLock } from "./lock/lock.ts";
import type { Ran } from "./job.ts";
import { readBody } from "./migration.ts";
import { runReports, withRunEvents } from "./run-events.ts";
import type { Target } from "./target.ts";

export const applyAsOutput = defineOutput(
  "migrate.apply-as",
  1,
  z.object({
    success: z.boolean(),
    version: z.string(),
    name: z.string(),
    applied_by: z.string().describe("The role that ran it, as the server knows it"),
    duration_ms: z.int(),
    ...runReports,
  }),
);

export type ApplyAsResult = z.infer<typeof applyAsOutput.schema>;

export interface ApplyAsOptions extends LockOptions {
  /** A connection of the other role to the target's database. */
  readonly url: string;
  /** The next migration to apply: a version or `version_name`. */
  readonly version: string;
}

/**
 * Apply one migration on a connection of another role, in its turn and recorded as `up` would. The lock is taken, and
 * a missing ledger created, on the target's own connection, whose role goes on after it. Throws CONFIG_008 when the
 * two lead to different databases or the role is no superuser where one is needed, MIGR_100 when it is not the
 * migration's turn, MIGR_012 when the role cannot write the ledger, else as `up`.
 */
export async function applyAs(target: Target, options: ApplyAsOptions): Promise<ApplyAsResult> {
  const files = await findMigrations(target.migrationsDir);
  requireRunnable(files);
  requireSum(files, target.linear);
  const migration = migrationNamed(files, options.version);
  const done: Ran[] = [];
  return withRunEvents(target, { direction: "up", done }, async (events) => {
    await using lock = await takeMigrationLock(target, {
      ...options,
      command: options.command ?? "confiture migrate apply-as",
    });
    await using db = await Connection.open(target.url, target);
    await using other = await Connection.open(options.url, target);
    const { ledger, body } = await prepare(target, files, { migration, db, other, url: options.url });
    lock.assertHeld();
    await events.begin();
    const job = { migration, body, ledgerRow: "insert" } as const;
    const ran = await runJob(other, ledger, job, { ...target, runHooks: events.hooks, done });
    done.push(ran);
    const { version, name, duration_ms } = ran;
    await events.hooks.fire("after_migration_commit", { migration, applied: done, durationMs: duration_ms });
    await events.end();
    return { success: true, version, name, applied_by: other.server.user, duration_ms };
  });
}

interface Turn {
  readonly migration: MigrationFile;
  /** The target's own connection. */
  readonly db: Connection;
  /** The other role's. */
  readonly other: Connection;
  readonly url: string;
}

/** Everything that can be known before the migration runs; throws what speaks against it. */
async function prepare(target: Target, files: MigrationFiles, { migration, db, other, url }: Turn) {
  await requireSameDatabase(target, db, { url, db: other });
  await refuseTransactionPooler(other, url, target.environment);
  const found = await findLedger(db, target.trackingTable);
  const rows = found.resolved === null ? [] : await readLedger(db, found);
  verifyChecksums(files, rows, "fail");
  requireTurn(files, rows, migration);
  const body = await readBody(migration, "up");
  if (body.directives.requiresSuperuser) await requireSuperuser(other, migration);
  const ledger = await ensureLedger(db, target.trackingTable);
  await requireLedgerWritableBy(other, ledger);
  return { ledger, body };
}

/** A server's start and a database's oid tell it from every other. */
async function identityOf(db: Connection): Promise<string> {
  const [row] = await db.rows<{ identity: string }>(sql`
    select concat_ws(' ', oid, datname, extract(epoch from pg_catalog.pg_postmaster_start_time())) as identity
    from pg_catalog.pg_database where datname = current_database()`);
  return row!.identity;
}

async function requireSameDatabase(
  { url, environment }: Target,
  db: Connection,
  other: { readonly url: string; readonly db: Connection },
): Promise<void> {
  const [here, there] = await Promise.all([identityOf(db), identityOf(other.db)]);
  if (here === there) return;
  const [mine, its] = [describeTarget(url, environment), describeTarget(other.url, environment)];
  throw new ConfitureError("CONFIG_008", `${its} is another database than ${mine}`, {
    details: { target: mine, apply_as: its },
    actionable: "Let both connections lead to the same database of the same server.",
  });
}

/** Not applied yet, and nothing before it is left to apply; else MIGR_100. */
function requireTurn(files: MigrationFiles, rows: readonly LedgerRow[], migration: MigrationFile): void {
  const { version, name } = migration;
  const applied = new Set(rows.map((row) => row.version));
  if (applied.has(version)) {
    throw new ConfitureError("MIGR_100", `${version}_${name} is applied already`, {
      migration: version,
      actionable: "There is nothing to do; `confiture migrate status` shows what is pending.",
    });
  }
  const earlier = files.migrations
    .slice(0, files.migrations.indexOf(migration))
    .map((m) => m.version)
    .filter((one) => !applied.has(one));
  if (earlier.length === 0) return;
  throw new ConfitureError("MIGR_100", `earlier versions are pending: ${earlier.join(", ")}`, {
    migration: version,
    actionable: "Apply them first with `confiture migrate up`.",
    details: { pending: earlier },
  });
}

async function requireSuperuser(db: Connection, { version, name }: MigrationFile): Promise<void> {
  const found = await db.rows(sql`select from pg_catalog.pg_roles where rolname = current_user and rolsuper`);
  if (found.length > 0) return;
  throw new ConfitureError(
    "CONFIG_008",
    `${version}_${name} needs a superuser, and ${db.server.user} is none`,
    {
      migration: version,
      actionable: "Choose a role of `apply_as` that is a superuser.",
    },
  );
}
