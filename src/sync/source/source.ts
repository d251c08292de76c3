import { Connection, type OpenOptions } from "../../pg/connection.ts";
import { type Sql, sql } from "../../sql/tag.ts";

/** Tells databases apart, wherever they are reached. */
export interface DatabaseIdentity {
  /** Of the cluster, and of its physical copies; null where the role may not ask. */
  readonly systemIdentifier: string | null;
  readonly database: string;
  readonly databaseOid: number;
}

/** A database at one moment: all its connections see the same rows. */
export interface Source extends AsyncDisposable {
  /** The connection that holds the snapshot; alive as long as any other needs it. */
  readonly db: Connection;
  readonly identity: DatabaseIdentity;
  readonly moment: SourceMoment;
}

/** What other connections need to see the same rows, as plain data. */
export interface SourceMoment {
  readonly url: string;
  /** As pg_export_snapshot() named it. */
  readonly exported: string;
  /** As pg_current_snapshot() gives it; rows that are newer are not in it. */
  readonly snapshot: string;
}

/**
 * What a value looks like as text must not depend on a server's settings, nor the order of rows on other scans. Row
 * security raises an error instead of leaving rows out, and nothing ends a long transaction.
 */
const EXACT_TEXT: Sql = sql`
  set local datestyle = 'ISO, YMD';
  set local intervalstyle = 'postgres';
  set local timezone = 'UTC';
  set local extra_float_digits = 1;
  set local bytea_output = 'hex';
  set local client_encoding = 'UTF8';
  set local row_security = off;
  set local synchronize_seqscans = off;
  set local max_parallel_workers_per_gather = 0;
  set local jit = off;
  set local statement_timeout = 0;
  set local idle_in_transaction_session_timeout = 0`;

const BEGIN = sql`begin isolation level repeatable read read only`;

/** Throws CONFIG_006 when the database cannot be reached. */
export async function openSource(url: string, options: OpenOptions): Promise<Source> {
  const db = await Connection.open(url, options);
  try {
    const identity = await readIdentity(db);
    await db.run(sql`${BEGIN}; ${EXACT_TEXT}`);
    const [found] = await db.rows<Omit<SourceMoment, "url">>(
      sql`select pg_export_snapshot() as exported, pg_current_snapshot()::text as snapshot`,
    );
    const moment = { exported: "", snapshot: "", ...found, url };
    return { db, identity, moment, [Symbol.asyncDispose]: () => db.close() };
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** One more connection at the same moment. Throws CONFIG_006 when the database cannot be reached. */
export async function openReader({ url, exported }: SourceMoment, options: OpenOptions): Promise<Connection> {
  const db = await Connection.open(url, options);
  try {
    await db.run(sql`${BEGIN}; set transaction snapshot '${sql.raw(exported)}'; ${EXACT_TEXT}`);
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** Throws SQL_001. */
export async function readIdentity(db: Connection): Promise<DatabaseIdentity> {
  const [database] = await db.rows<{ database: string; oid: number }>(
    sql`select datname as database, oid::int8::float8 as oid from pg_database where datname = current_database()`,
  );
  const systemIdentifier = await db
    .rows<{ id: string }>(sql`select system_identifier::text as id from pg_control_system()`)
    .then(([row]) => row?.id ?? null)
    .catch(() => null);
  return { systemIdentifier, database: database?.database ?? "", databaseOid: database?.oid ?? 0 };
}
