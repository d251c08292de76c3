import { createHash } from "node:crypto";
import { ConfitureError } from "../base/errors.ts";
import { Connection } from "../pg/connection.ts";
import { acquireLock, type AdvisoryKey, type AdvisoryLock } from "../pg/lock.ts";
import { sql } from "../sql/tag.ts";
import type { Target } from "./target.ts";

/** First half of the lock's key; the same in every tool that shares a ledger with this one. */
const LOCK_CLASS = 1_751_936_052;

export interface LockOptions {
  /** How long to wait for another run; by default as the target says, else 30,000. */
  readonly lockTimeoutMs?: number | undefined;
  /** Go on without the lock. */
  readonly noLock?: boolean | undefined;
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
 * Take the migration lock on a connection of its own; throws LOCK_1300 with the holder in details.
 * Whoever waits polls, so that no snapshot stays open meanwhile.
 */
export async function takeMigrationLock(target: Target, options: LockOptions): Promise<MigrationLock> {
  if (options.noLock || target.locking?.enabled === false) {
    target.log.warn("running without the migration lock: a second run at the same time can do damage");
    return { assertHeld: () => {}, [Symbol.asyncDispose]: async () => {} };
  }
  const db = await Connection.open(target.url, {
    environment: target.environment,
    applicationName: "confiture lock",
  });
  try {
    const lock = await acquireLock(db, lockKey(db.server.database), {
      timeoutMs: options.lockTimeoutMs ?? target.locking?.timeoutMs ?? 30_000,
      signal: target.signal,
    });
    return held(db, lock);
  } catch (error) {
    const known = error instanceof ConfitureError && error.code === "LOCK_1300";
    const explained = known ? error.with({ details: { holder: await readHolder(db) } }) : error;
    await db.close();
    throw explained;
  }
}

const held = (db: Connection, lock: AdvisoryLock): MigrationLock => ({
  assertHeld: () => {
    if (lock.lost)
      throw new ConfitureError("LOCK_1300", "the connection that held the migration lock was lost");
  },
  [Symbol.asyncDispose]: async () => {
    await lock[Symbol.asyncDispose]();
    await db.close();
  },
});

/** Who holds the migration lock, as the server knows it. */
interface LockHolder {
  readonly pid: number;
  readonly user: string | null;
  readonly application: string | null;
  readonly client_addr: string | null;
  readonly started_at: string | null;
}

/** Who holds the migration lock of the connected database; null when nobody does. */
async function readHolder(db: Connection): Promise<LockHolder | null> {
  const { classId, objectId } = lockKey(db.server.database);
  const [holder] = await db.rows<LockHolder>(sql`
    select l.pid, a.usename as "user", a.application_name as application, host(a.client_addr) as client_addr,
           to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as started_at
    from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'advisory' and l.granted and l.classid = ${classId} and l.objid = ${objectId}
      and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
    limit 1`);
  return holder ?? null;
}
