import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfitureError } from "../base/errors.ts";
import { applyInside, applyOutside } from "../build/apply.ts";
import { type Change, changeText } from "../diff/change.ts";
import { compare } from "../diff/compare.ts";
import type { MigrationFile } from "../migrate/files.ts";
import { limitStatements } from "../migrate/job.ts";
import { deleteAllRows, findLedger, type Ledger } from "../migrate/ledger/ledger.ts";
import { type LockOptions, takeMigrationLock } from "../migrate/lock/lock.ts";
import { markApplied } from "../migrate/ledger/mark-applied.ts";
import type { Target } from "../migrate/target.ts";
import { Connection } from "../pg/connection.ts";
import { ENVIRONMENTAL_KINDS, isStructure, readSnapshot, type Snapshot } from "../schema/snapshot.ts";
import { ident, identSql, type Sql, sql } from "../sql/tag.ts";
import type { RebuildScripts } from "./rebuild-scripts.ts";
import { schemasToDrop, wipe } from "./wipe.ts";

/** What is known before anything is changed. */
export interface RebuildPlan {
  readonly ledger: Ledger;
  readonly scripts: RebuildScripts;
  /** What the DDL files make, with the ledger's schema. */
  readonly wanted: Snapshot;
  /** What a new database holds. */
  readonly empty: Snapshot;
}

export interface ReplaceOptions extends LockOptions {
  /** Recorded as applied. */
  readonly migrations: readonly MigrationFile[];
  /** Drop what is there; without it the database must be empty. */
  readonly dropSchemas?: boolean | undefined;
  /** Folder for a file with the ledger's rows. */
  readonly backupDir?: string | undefined;
  /** Compare the result with the scratch build. */
  readonly verify?: boolean | undefined;
  /** For the name of the backup. */
  readonly now: Date;
}

/** What happened, in the words of the result. */
interface Replacement {
  readonly schemas_dropped: string[];
  readonly warnings: string[];
  readonly verified: boolean | null;
  readonly backup: string | null;
}

const SHOWN = 10;

export const homeOf = ({ path: [schema] }: Ledger): Sql =>
  sql`create schema if not exists ${identSql(schema)}`;

/** What `replaceDatabase` would drop; throws REBUILD_001 where it would refuse. Writes nothing. */
export async function foreseeReplacement(
  target: Target,
  options: ReplaceOptions,
  plan: RebuildPlan,
): Promise<Replacement> {
  await using db = await Connection.open(target.url, target);
  if (!options.dropSchemas) await requireEmpty(db, plan);
  const schemas = options.dropSchemas ? await schemasToDrop(db) : [];
  return { schemas_dropped: schemas, warnings: await otherSessions(db), verified: null, backup: null };
}

/** Under the migration lock; a failure leaves the database as it was, unless its message says otherwise. */
export async function replaceDatabase(
  target: Target,
  options: ReplaceOptions,
  plan: RebuildPlan,
): Promise<Replacement> {
  await using lock = await takeMigrationLock(target, options);
  await using db = await Connection.open(target.url, target);
  const sessions = await otherSessions(db);
  for (const warning of sessions) target.log.warn(warning);
  const isWhole = plan.scripts.outside === 0;
  const work = async () => {
    lock.assertHeld();
    const done = await replaceAll(db, { target, options, plan });
    const differs = options.verify && isWhole ? await verify(db, target, plan) : [];
    return { ...done, warnings: [...sessions, ...done.warnings, ...differs] };
  };
  const done = await db.transaction(work, timeouts(target)).catch((error: unknown) => {
    throw ofRebuild(error);
  });
  const late = isWhole ? [] : await finish(db, { target, options, plan });
  return { ...done, warnings: [...done.warnings, ...late], verified: options.verify ? true : null };
}

interface Order {
  readonly target: Target;
  readonly options: ReplaceOptions;
  readonly plan: RebuildPlan;
}

async function replaceAll(db: Connection, { target, options, plan }: Order) {
  const backup = await backUp(db, target.trackingTable, options);
  if (!options.dropSchemas) await requireEmpty(db, plan);
  const wiped = options.dropSchemas ? await wipe(db) : { schemas: [], warnings: [] };
  const left = options.dropSchemas ? compare(plan.empty, await structureOf(db)) : [];
  await applyInside(db, plan.scripts.scripts);
  await db.run(sql`reset session authorization; reset role; reset all`);
  await db.run(homeOf(plan.ledger));
  const ledger = await findLedger(db, target.trackingTable);
  if (ledger.resolved !== null) await deleteAllRows(db, ledger);
  await markApplied(db, target.trackingTable, { migrations: options.migrations, reason: "reinit" });
  const stays = linesOf(left).map((line) => `${line.slice(2)} belongs to no schema and stayed`);
  return {
    schemas_dropped: [...wiped.schemas],
    backup,
    warnings: [...wiped.warnings, ...stays],
  };
}

/** What no transaction can hold, once everything else is committed. */
async function finish(db: Connection, { target, options, plan }: Order): Promise<string[]> {
  try {
    await applyOutside(db, plan.scripts.scripts);
    return options.verify ? await verify(db, target, plan) : [];
  } catch (error) {
    if (!(error instanceof ConfitureError)) throw error;
    throw new ConfitureError(
      "REBUILD_001",
      `the database was rebuilt, but not to its end: ${error.message}`,
      {
        ...error.context,
        actionable: "Correct the DDL files and rebuild again.",
        cause: error,
      },
    );
  }
}

const structureOf = (db: Connection, ledger?: Ledger): Promise<Snapshot> =>
  readSnapshot(db, { only: isStructure, ours: ledger && [ident(...ledger.path)] });

async function requireEmpty(db: Connection, { ledger, empty }: RebuildPlan): Promise<void> {
  const lines = linesOf(compare(empty, await structureOf(db, ledger)));
  if (lines.length === 0) return;
  throw new ConfitureError(
    "REBUILD_001",
    `database ${db.server.database} is not empty: ${lines.length} object(s), among them ${lines[0]!.slice(2)}`,
    {
      details: { objects: lines.slice(0, SHOWN) },
      actionable: "Give --drop-schemas to replace what is there.",
    },
  );
}

/** Throws REBUILD_001 where the structure differs; what differs in owners and privileges is told. */
async function verify(db: Connection, { trackingTable }: Target, { wanted }: RebuildPlan): Promise<string[]> {
  const ledger = await findLedger(db, trackingTable);
  const changes = compare(wanted, await readSnapshot(db, { ours: [ident(...ledger.path)] }));
  const isEnvironmental = ({ kind }: Change) => ENVIRONMENTAL_KINDS.includes(kind);
  const lines = linesOf(changes.filter((change) => !isEnvironmental(change)));
  if (lines.length === 0)
    return linesOf(changes).map((line) => `other than on the scratch database: ${line}`);
  throw new ConfitureError(
    "REBUILD_001",
    `the rebuilt database differs from the scratch build: ${lines[0]}${lines.length > 1 ? ` and ${lines.length - 1} more` : ""}`,
    { details: { differences: lines.slice(0, SHOWN) } },
  );
}

const linesOf = (changes: readonly Change[]): string[] => changeText(changes).split("\n").filter(Boolean);

/** Rows of the ledger as JSON, in a file that is not there yet; null without a ledger. */
async function backUp(
  db: Connection,
  table: string,
  { backupDir, now }: ReplaceOptions,
): Promise<string | null> {
  const ledger = await findLedger(db, table);
  if (backupDir === undefined || ledger.resolved === null) return null;
  const [row] = await db.rows<{ rows: unknown }>(sql`
    select coalesce(json_agg(l order by l.applied_at, l.pk_confiture), '[]') as rows
    from ${identSql(...ledger.path)} l`);
  const file = join(backupDir, `${table}_backup_${now.toISOString().replace(/[-:]|\.\d+/g, "")}.json`);
  const content = { database: db.server.database, ledger: ledger.resolved, rows: row?.rows };
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`, { flag: "wx" }).catch((cause: Error) => {
    throw new ConfitureError("CONFIG_004", `${file} cannot be written: ${cause.message}`, { file, cause });
  });
  return file;
}

/** Our own are not counted; one that was closed just now may still be listed. */
async function otherSessions(db: Connection): Promise<string[]> {
  const rows = await db.rows(sql`
    select from pg_catalog.pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
      and coalesce(backend_type, 'client backend') = 'client backend'
      and (application_name is null or application_name not in ('confiture', 'confiture lock'))`);
  return rows.length === 0 ? [] : [`${rows.length} other session(s) use the database`];
}

const timeouts = ({ limits }: Target): Sql => sql.raw(`; ${limitStatements(limits).join("; ")}`);

/** What the server refuses beside the DDL files is the rebuild's failure. */
const ofRebuild = (error: unknown): unknown =>
  error instanceof ConfitureError && error.code === "SQL_001"
    ? new ConfitureError("REBUILD_001", error.message, error.context)
    : error;
