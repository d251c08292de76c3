import { ConfitureError } from "../../base/errors.ts";
import type { Connection } from "../../pg/connection.ts";
import type { AdvisoryKey } from "../../pg/lock.ts";
import { type Sql, sql } from "../../sql/tag.ts";

/** Key of the one lock under which intents and conflicts are written: "coor" in ASCII. */
export const LOCK: AdvisoryKey = { classId: 1_668_247_410, objectId: 1 };

/** A write takes milliseconds; whoever waits longer waits for a session that was forgotten. */
const PATIENCE_MS = 10_000;

/** A snapshot of later than the lock is what shows all that others have registered. */
const begin = (patienceMs: number): Sql =>
  sql.raw(`isolation level read committed; set local lock_timeout = ${patienceMs};
    select pg_catalog.pg_advisory_xact_lock(${LOCK.classId}, ${LOCK.objectId})`);

/**
 * Run `work` in one transaction under the lock, which ends with it, so that poolers do no harm.
 * Throws COORD_1007 when the lock stays taken, COORD_1001 where the tables are missing.
 */
export const underLock = <T>(
  db: Connection,
  work: () => Promise<T>,
  patienceMs: number = PATIENCE_MS,
): Promise<T> => toldAsOurs(db, db.transaction(work, begin(patienceMs)));

/** Run `work` in a transaction that cannot write; throws COORD_1001 where the tables are missing. */
export const readOnly = <T>(db: Connection, work: () => Promise<T>): Promise<T> =>
  toldAsOurs(db, db.transaction(work, sql`isolation level repeatable read read only`));

/** No such table, schema or function. */
const ABSENT = new Set(["42P01", "3F000", "42883"]);

async function toldAsOurs<T>(db: Connection, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    if (!(error instanceof ConfitureError) || error.code !== "SQL_001") throw error;
    const state = String(error.context.details?.["sqlstate"]);
    if (ABSENT.has(state)) throw tablesAbsent(db);
    if (state === "55P03")
      throw new ConfitureError("COORD_1007", "gave up waiting for another session that writes", {
        cause: error,
      });
    throw error;
  });
}

const tablesAbsent = (db: Connection): ConfitureError =>
  new ConfitureError("COORD_1001", `database ${db.server.database} has no tables of coordination`, {
    details: { database: db.server.database },
  });
