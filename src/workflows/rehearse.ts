import { ConfitureError } from "../base/errors.ts";
import { runJob } from "../migrate/apply.ts";
import { type MigrationFile, type MigrationFiles, migrationNamed } from "../migrate/files.ts";
import { findLedger, type Ledger, type LedgerRow, readLedger } from "../migrate/ledger/ledger.ts";
import { readBody, readBodyIfValid } from "../migrate/migration.ts";
import { failed, type Replayed, replay } from "../migrate/replay.ts";
import { runInTransaction } from "../migrate/repeatables/run-repeatables.ts";
import { readRepeatables } from "../migrate/repeatables/repeatable-record.ts";
import type { Target } from "../migrate/target.ts";
import { changedRepeatables } from "../migrate/up-plan.ts";
import { ensureViewHelpers } from "../migrate/view-helpers/view-helpers.ts";
import { viewHelpersNeeded } from "../migrate/view-helpers/view-helpers-needed.ts";
import { Connection } from "../pg/connection.ts";
import { readSnapshot, type Snapshot } from "../schema/snapshot.ts";
import { withRoles } from "../scratch/roles.ts";
import type { ScratchServer } from "../scratch/scratch.ts";
import type { Script } from "../sql/script.ts";
import { sql } from "../sql/tag.ts";
import { rehearsable } from "./rehearsable.ts";

/** What a rehearsal found out. */
export interface Rehearsal {
  readonly pending: readonly MigrationFile[];
  /** The ledger that said what is pending; undefined when none was read. */
  readonly rows: readonly LedgerRow[] | undefined;
  readonly replayed: readonly Replayed[];
  /** The catalog with everything pending applied. */
  readonly result: Snapshot;
  readonly hints: readonly string[];
  /** The copy was changed for good. */
  readonly consumed: boolean;
}

export interface RehearsalOptions {
  readonly target: Omit<Target, "url">;
  /** Where something pending needs a commit, run everything for good on the copy. */
  readonly allowNonTransactional?: boolean | undefined;
  readonly trackingUrl?: string | undefined;
  readonly since?: string | undefined;
  /** Take these as pending, whatever a ledger says. */
  readonly versions?: readonly string[] | undefined;
  /** A look at the copy as it is before anything is replayed. */
  readonly beforeReplay?: ((db: Connection, pending: readonly MigrationFile[]) => Promise<void>) | undefined;
  /** A look at the database with everything applied. */
  readonly afterReplay?: ((db: Connection) => Promise<void>) | undefined;
}

/** Replay what is pending on a copy, inside one transaction that is rolled back unless the copy may be used up. */
export async function rehearseOn(
  url: string,
  files: MigrationFiles,
  options: RehearsalOptions,
): Promise<Rehearsal> {
  await using db = await Connection.open(url, options.target);
  const ledger = await findLedger(db, options.target.trackingTable);
  const own = ledger.resolved === null ? undefined : await readLedger(db, ledger);
  const chosen = await choosePending(files, own, options);
  await options.beforeReplay?.(db, chosen.pending);
  const ours = { ours: [ledger.path.join(".")] };
  if (options.allowNonTransactional && (await needsCommits(chosen.pending))) {
    const replayed: Replayed[] = [];
    await helpersFor(db, chosen.pending, options.target);
    for (const migration of chosen.pending)
      replayed.push(await runForGood(db, ledger, { migration, scratch: undefined }));
    replayed.push(...(await rehearseRepeatables(db, ledger, options.target)));
    await options.afterReplay?.(db);
    return { ...chosen, replayed, result: await readSnapshot(db, ours), consumed: true };
  }
  await db.run(sql`begin`);
  try {
    await helpersFor(db, chosen.pending, options.target);
    const replayed = await replay(db, chosen.pending);
    replayed.push(...(await rehearseRepeatables(db, ledger, options.target)));
    await options.afterReplay?.(db);
    return { ...chosen, replayed, result: await readSnapshot(db, ours), consumed: false };
  } finally {
    if (db.isOpen) await db.run(sql`rollback`);
  }
}

/** Run the whole chain on a scratch database, each migration as `up` would, going on after a failure. */
export async function rehearseOnScratch(
  scratch: ScratchServer,
  files: MigrationFiles,
  options: RehearsalOptions,
): Promise<Rehearsal> {
  await using database = await scratch.create();
  await using db = await Connection.open(database.url, options.target);
  const ledger = await findLedger(db, options.target.trackingTable);
  const replayed: Replayed[] = [];
  await helpersFor(db, files.migrations, options.target);
  for (const migration of files.migrations) {
    replayed.push(await runForGood(db, ledger, { migration, scratch }));
  }
  replayed.push(...(await rehearseRepeatables(db, ledger, options.target, scratch)));
  await options.afterReplay?.(db);
  return {
    consumed: false,
    pending: files.migrations,
    rows: undefined,
    hints: [],
    replayed,
    result: await readSnapshot(db, { builder: db.server.user }),
  };
}

/** The view helpers, where `up` would install them. */
export async function helpersFor(
  db: Connection,
  pending: readonly MigrationFile[],
  target: Omit<Target, "url">,
): Promise<void> {
  const scripts: Script[] = [];
  for (const migration of pending) {
    const body = await readBodyIfValid(migration);
    if (body?.script) scripts.push(body.script);
  }
  if ((target.viewHelpers ?? "auto") === "auto" && viewHelpersNeeded(scripts)) await ensureViewHelpers(db);
}

/** Whether something in `pending` cannot be tried inside one transaction. */
async function needsCommits(pending: readonly MigrationFile[]): Promise<boolean> {
  for (const migration of pending) {
    const body = await readBodyIfValid(migration);
    if (body && (!body.transactional || body.addsEnumValue)) return true;
  }
  return false;
}

/** Run one migration as `up` would, without its preconditions; on a scratch server without reaching beyond the database. */
async function runForGood(
  db: Connection,
  ledger: Ledger,
  { migration, scratch }: { migration: MigrationFile; scratch: ScratchServer | undefined },
): Promise<Replayed> {
  const started = performance.now();
  try {
    const body = await readBody(migration, "up");
    const rehearsed = body.script ? { ...body, script: await rehearsable(db, body.script, scratch) } : body;
    const job = { migration, body: { ...rehearsed, preconditions: [] }, ledgerRow: "keep" } as const;
    const ran = await runJob(db, ledger, job);
    return {
      version: ran.version,
      name: ran.name,
      success: true,
      duration_ms: ran.duration_ms,
      notes: [],
      issue: null,
    };
  } catch (error) {
    if (!(error instanceof ConfitureError) || !db.isOpen) throw error;
    return failed(migration, error, took(started));
  }
}

/** The repeatable files that `up` would run behind the migrations, by path in the order they ran; throws as those do. */
export async function runRepeatableFiles(
  db: Connection,
  ledger: Ledger,
  { repeatableDir, limits }: Omit<Target, "url">,
  scratch?: ScratchServer,
): Promise<string[]> {
  const ran = ledger.resolved === null ? undefined : await readRepeatables(db, ledger);
  const files = await changedRepeatables(repeatableDir, ran);
  if (files.length === 0) return [];
  const scripts = files.map((file) => file.script);
  const runnable = scratch?.ours ? await withRoles(db, scripts) : scripts;
  const rehearsed = files.map((file, i) => ({ ...file, script: runnable[i]! }));
  const work = () => runInTransaction(db, rehearsed, { limits });
  return await (db.transactionStatus === "T" ? work() : db.transaction(work));
}

/** Together they are one entry, or one failure. */
async function rehearseRepeatables(
  db: Connection,
  ledger: Ledger,
  target: Omit<Target, "url">,
  scratch?: ScratchServer,
): Promise<Replayed[]> {
  const started = performance.now();
  const told = { version: "repeatable", name: "" };
  try {
    const ran = await runRepeatableFiles(db, ledger, target, scratch);
    if (ran.length === 0) return [];
    const name = ran.join(", ");
    return [{ ...told, name, success: true, duration_ms: took(started), notes: [], issue: null }];
  } catch (error) {
    if (!(error instanceof ConfitureError) || !db.isOpen) throw error;
    return [failed(told, error, took(started))];
  }
}

const took = (started: number): number => Math.round(performance.now() - started);

/** The copy's own ledger decides; else the tracking database's; `versions` and `since` overrule both. */
export async function choosePending(
  files: MigrationFiles,
  own: readonly LedgerRow[] | undefined,
  { target, trackingUrl, since, versions }: RehearsalOptions,
): Promise<Pick<Rehearsal, "pending" | "rows" | "hints">> {
  const tracked = trackingUrl === undefined ? undefined : await readTracking(trackingUrl, target);
  const rows = own ?? tracked;
  if (versions !== undefined) {
    const named = new Set(versions.map((version) => migrationNamed(files, version)));
    return { pending: files.migrations.filter((m) => named.has(m)), rows, hints: [] };
  }
  if (since !== undefined) {
    const first = files.migrations.indexOf(migrationNamed(files, since));
    return { pending: files.migrations.slice(first), rows, hints: [] };
  }
  const applied = new Set(rows?.map((row) => row.version));
  const pending = files.migrations.filter((m) => !applied.has(m.version));
  return { pending, rows, hints: hintsOf(own, tracked) };
}

async function readTracking(url: string, target: Omit<Target, "url">): Promise<LedgerRow[] | undefined> {
  await using db = await Connection.open(url, { ...target, readOnly: true });
  const ledger = await findLedger(db, target.trackingTable);
  return ledger.resolved === null ? undefined : await readLedger(db, ledger);
}

function hintsOf(own: readonly LedgerRow[] | undefined, tracked: readonly LedgerRow[] | undefined): string[] {
  if (!own) {
    return tracked
      ? ["The rehearsal database has no ledger; the tracking database's says what is pending."]
      : ["No ledger was found, so every migration counts as pending. Was it dropped when the copy was made?"];
  }
  if (!tracked) {
    return own.length > 0
      ? []
      : ["The ledger is empty, so every migration counts as pending. Was it emptied when the copy was made?"];
  }
  const versions = (rows: readonly LedgerRow[]) => new Set(rows.map((row) => row.version));
  const [here, there] = [versions(own), versions(tracked)];
  const differs = [...here, ...there].filter((v) => here.has(v) !== there.has(v));
  return differs.length === 0
    ? []
    : [`The two ledgers disagree about ${differs.join(", ")}; the rehearsal database's own is believed.`];
}
