import { createHash } from "node:crypto";
import { ConfitureError, ERROR_CODES } from "../../base/errors.ts";
import { Connection } from "../../pg/connection.ts";
import { acquireLock, type AdvisoryKey, type AdvisoryLock, isLockHeld } from "../../pg/lock.ts";
import { refuseTransactionPooler } from "../../pg/pooler.ts";
import { eraseHolder, type LockHolder, type LockReport, reportLock, writeHolder } from "./lock-holder.ts";
import type { Target } from "../target.ts";

export type { LockHolder } from "./lock-holder.ts";

/** First half of the lock's key; the same in every tool that shares a ledger with this one. */
const LOCK_CLASS = 1_751_936_052;

/** From then on it is told how to end the session that holds the lock. */
const STALE_SECONDS = 300;

export interface LockOptions {
  /** How long to wait for another run; by default as the target says, else 30,000. */
  readonly lockTimeoutMs?: number | undefined;
  /** Go on without the lock. */
  readonly noLock?: boolean | undefined;
  /** What those who find the lock taken are told is going on; by default the words of the command line. */
  readonly command?: string | undefined;
}

/** The key of a database's migration lock: its name decides, as in every compatible tool. */
function lockKey(database: string): AdvisoryKey {
  const digest = createHash("sha256").update(database, "utf8").digest();
  return { classId: LOCK_CLASS, objectId: digest.readUInt32BE(0) & 0x7fff_ffff };
}

/** A hold on a database's migration lock, or the user's decision to go without. */
export interface MigrationLock extends AsyncDisposable {
  /** Throws when the lock was lost meanwhile, e.g. because its connection broke. */
  assertHeld(): void;
}

/**
 * Take the migration lock on a connection of its own; throws LOCK_1300 with the holder in details, and CONFIG_012
 * where a pooler would take it for everybody. Whoever waits polls, so that no snapshot stays open meanwhile.
 */
export async function takeMigrationLock(target: Target, options: LockOptions): Promise<MigrationLock> {
  if (options.noLock || target.locking?.enabled === false) {
    target.log.warn("running without the migration lock: a second run at the same time can do damage");
    return { assertHeld: () => {}, [Symbol.asyncDispose]: async () => {} };
  }
  const db = await openForLock(target);
  const key = lockKey(db.server.database);
  try {
    await refuseTransactionPooler(db, target.url, target.environment);
    const lock = await acquireLock(db, key, {
      timeoutMs: options.lockTimeoutMs ?? target.locking?.timeoutMs ?? 30_000,
      signal: target.signal,
    }).catch(async (error: unknown) => {
      throw isBusy(error) ? busy(error, await reportLock(db, key)) : error;
    });
    const { pid = null, hostname = null } = target.client ?? {};
    const isWritten = await writeHolder(db, key, { pid, hostname, command: options.command ?? "confiture" });
    return held(lock, async () => {
      await using _session = db;
      await using _lock = lock;
      if (isWritten && db.isOpen) await eraseHolder(db, key);
    });
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** Whether a run holds the migration lock of the target's database just now. */
export async function isLocked(target: Target): Promise<boolean> {
  await using db = await openForLock(target);
  return await isLockHeld(db, lockKey(db.server.database));
}

/** Who holds the migration lock of the target's database; null when nobody does. */
export async function readLockHolder(target: Target): Promise<LockHolder | null> {
  await using db = await openForLock(target);
  return (await reportLock(db, lockKey(db.server.database))).holder;
}

const openForLock = ({ url, environment }: Target): Promise<Connection> =>
  Connection.open(url, { environment, applicationName: "confiture lock" });

const held = (lock: AdvisoryLock, release: () => Promise<void>): MigrationLock => ({
  assertHeld: () => {
    if (lock.lost)
      throw new ConfitureError("CONFIG_006", "the connection that held the migration lock was lost", {
        details: { cause: "lost" },
        actionable: "Check the server and its log, then run the command again: what is done stays done.",
      });
  },
  [Symbol.asyncDispose]: release,
});

const isBusy = (error: unknown): error is ConfitureError =>
  error instanceof ConfitureError && error.code === "LOCK_1300";

/** The lock was busy until the end of the wait; by now its holder may be gone. */
function busy({ context }: ConfitureError, { holder, stale }: LockReport): ConfitureError {
  const waited = `gave up after ${String(context.details?.["waited_ms"])} ms`;
  const advice: string[] = [ERROR_CODES.LOCK_1300.fix];
  if (holder?.held_for_seconds != null && holder.held_for_seconds > STALE_SECONDS) {
    advice.push(
      `It is held for ${Math.floor(holder.held_for_seconds / 60)} min: if that run hangs, end its session with`,
      `\`select pg_terminate_backend(${holder.backend_pid})\`.`,
    );
  }
  if (stale !== null) {
    advice.push(`The row in confiture_lock_holder is stale: it is not from the session that holds the lock.`);
  }
  return new ConfitureError("LOCK_1300", `${describe(holder)}; ${waited}`, {
    ...context,
    details: { ...context.details, holder, ...(stale && { stale_holder: stale }) },
    actionable: advice.join(" "),
  });
}

function describe(holder: LockHolder | null): string {
  if (holder === null) return "another session held the migration lock";
  const { command, hostname, pid, backend_pid, user } = holder;
  const where = hostname === null ? "" : ` on ${hostname}`;
  const process = pid === null ? `backend ${backend_pid}` : `process ${pid}`;
  return `${command ?? "another session"}${where} (${process}, user ${user ?? "unknown"}) holds the migration lock`;
}
