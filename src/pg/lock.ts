import { ConfitureError } from "../base/errors.ts";
import { type Sql, sql } from "../sql/tag.ts";
import { Connection, type OpenOptions } from "./connection.ts";

/** The two-integer form of an advisory lock's key. */
export interface AdvisoryKey {
  readonly classId: number;
  readonly objectId: number;
}

export interface AcquireOptions extends OpenOptions {
  /** How long to wait for another holder; 0 tries once. */
  readonly timeoutMs: number;
  /** Shortest time between two tries; it grows to sixteen times as much. Default 50. */
  readonly pollMs?: number | undefined;
  /** Gives up waiting, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** From 0 up to 1; spreads the tries of those who wait. */
  readonly random?: (() => number) | undefined;
}

/** A hold on a session advisory lock; disposing releases it. */
export interface AdvisoryLock extends AsyncDisposable {
  readonly waitedMs: number;
  /** Whether the session that held the lock has ended without us: somebody else may hold it now. */
  readonly lost: boolean;
  /** Resolves with the reason (CONFIG_006) once the lock is lost; never otherwise. */
  readonly loss: Promise<ConfitureError>;
  /** Ask the server; throws CONFIG_006 when the lock is not held any more. */
  assertHeld(): Promise<void>;
}

/**
 * Take a session advisory lock on a connection that is used for nothing else: one given, or one opened for a URL.
 * Waits by trying again, never inside the server: a session that waits in `pg_advisory_lock` holds a snapshot, on
 * which CREATE INDEX CONCURRENTLY of the holder waits in turn. Throws LOCK_1300, or CONFIG_006 when the session ends.
 */
export async function acquireLock(
  target: string | Connection,
  key: AdvisoryKey,
  options: AcquireOptions,
): Promise<AdvisoryLock> {
  const db = typeof target === "string" ? await Connection.open(target, options) : target;
  const giveUp = async () => (typeof target === "string" ? db.close() : undefined);
  try {
    await keepSession(db);
    const waitedMs = await waitFor(db, key, options);
    return held(db, key, { waitedMs, giveUp });
  } catch (error) {
    await giveUp();
    throw error;
  }
}

/** A holder is idle most of the time; the server must not end its session for that. */
async function keepSession(db: Connection): Promise<void> {
  if (db.server.major >= 14) await db.run(sql`set idle_session_timeout = 0`);
}

/** Gives the milliseconds waited. */
async function waitFor(
  db: Connection,
  { classId, objectId }: AdvisoryKey,
  options: AcquireOptions,
): Promise<number> {
  const { timeoutMs, pollMs = 50, signal, random = Math.random } = options;
  const started = performance.now();
  for (let pause = pollMs; ; pause = Math.min(pause * 2, pollMs * 16)) {
    signal?.throwIfAborted();
    const [answer] = await db.rows<{ taken: boolean }>(
      sql`select pg_catalog.pg_try_advisory_lock(${classId}::int4, ${objectId}::int4) as taken`,
    );
    const waited = Math.round(performance.now() - started);
    if (answer?.taken) return waited;
    const left = timeoutMs - waited;
    if (left <= 0) {
      throw new ConfitureError("LOCK_1300", `another session holds the lock; gave up after ${waited} ms`, {
        details: { waited_ms: waited, class_id: classId, object_id: objectId },
      });
    }
    await sleep(Math.min(left, pause * (0.5 + random())), signal);
  }
}

/** Ends early when the signal is aborted. */
const sleep = (milliseconds: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done);
  });

interface Hold {
  readonly waitedMs: number;
  readonly giveUp: () => Promise<void>;
}

function held(db: Connection, key: AdvisoryKey, { waitedMs, giveUp }: Hold): AdvisoryLock {
  let released = false;
  const loss = new Promise<ConfitureError>((resolve) => {
    void db.closed.then((reason) => reason !== undefined && !released && resolve(reason));
  });
  return {
    waitedMs,
    loss,
    get lost() {
      return !released && !db.isOpen;
    },
    async assertHeld() {
      if (!(await holds(db, key, sql`pid = pg_catalog.pg_backend_pid()`)))
        throw new ConfitureError("CONFIG_006", "the session holds the advisory lock no more");
    },
    async [Symbol.asyncDispose]() {
      if (released) return;
      released = true;
      if (db.isOpen) await unlock(db, key);
      await giveUp();
    },
  };
}

/** Whether any session of the connected database holds the lock. */
export const isLockHeld = (db: Connection, key: AdvisoryKey): Promise<boolean> => holds(db, key, sql`true`);

async function holds(db: Connection, { classId, objectId }: AdvisoryKey, who: Sql): Promise<boolean> {
  const [row] = await db.rows<{ held: boolean }>(sql`
    select exists (select from pg_catalog.pg_locks where locktype = 'advisory' and granted and objsubid = 2
      and classid = ${classId}::int8::oid and objid = ${objectId}::int8::oid
      and database = (select oid from pg_catalog.pg_database where datname = current_database())
      and ${who}) as held`);
  return row?.held === true;
}

/** A session that ends meanwhile has released the lock as well. */
async function unlock(db: Connection, { classId, objectId }: AdvisoryKey): Promise<void> {
  try {
    await db.run(sql`select pg_catalog.pg_advisory_unlock(${classId}::int4, ${objectId}::int4)`);
  } catch (error) {
    if (db.isOpen) throw error;
  }
}
