import { ConfitureError } from "../../base/errors.ts";
import type { Connection } from "../../pg/connection.ts";
import type { AdvisoryKey } from "../../pg/lock.ts";
import { literal, sql, type Sql } from "../../sql/tag.ts";

/** Who holds the migration lock: what its run wrote down, and what the server knows of its session. */
export interface LockHolder {
  /** Of the process on its own machine; this and the five that follow are null where the run wrote nothing down. */
  readonly pid: number | null;
  readonly hostname: string | null;
  /** As written down, else as the server says. */
  readonly user: string | null;
  readonly command: string | null;
  /** ISO 8601, UTC, microseconds; so are the other times. */
  readonly acquired_at: string | null;
  readonly held_for_seconds: number | null;
  /** What `pg_terminate_backend` takes. */
  readonly backend_pid: number;
  /** This and what follows are null where the role may not see another's session. */
  readonly application: string | null;
  readonly client_addr: string | null;
  readonly state: string | null;
  readonly started_at: string | null;
  readonly query_started_at: string | null;
}

/** What a run writes down about itself. */
export interface Holding {
  readonly pid: number | null;
  readonly hostname: string | null;
  /** In the project's words, never as typed: arguments may hold a password. */
  readonly command: string;
}

type HolderRow = Pick<
  LockHolder,
  "pid" | "hostname" | "user" | "command" | "acquired_at" | "held_for_seconds"
>;

/** The holder of the lock, and a row left behind by one that holds it no more. */
export interface LockReport {
  readonly holder: LockHolder | null;
  readonly stale: HolderRow | null;
}

const TABLE = "confiture_lock_holder";

/** Never in the way: no wait for a table lock or a standby, and no long search either. */
const BRIEFLY = `set local lock_timeout = 500; set local statement_timeout = 5000; set local synchronous_commit = off`;

/** As in every tool that shares the table; nothing else about it is ever changed. */
const CREATE = `create table ${TABLE} (
  lock_id bigint primary key,
  pid integer,
  hostname text,
  usename text,
  command text,
  acquired_at timestamptz default now()
)`;

const text = (value: string | null): string => (value === null ? "null" : literal(value));

/**
 * Write the holder down, committed, on the connection that has the lock; gives whether that was possible.
 * A role that may not is no worse off: the lock is what counts.
 */
export async function writeHolder(db: Connection, key: AdvisoryKey, holding: Holding): Promise<boolean> {
  const insert = `insert into ${TABLE} (lock_id, pid, hostname, usename, command, acquired_at)
    values (${key.objectId}, ${holding.pid ?? "null"}, ${text(holding.hostname)}, current_user,
            ${text(holding.command)}, now())
    on conflict (lock_id) do update set pid = excluded.pid, hostname = excluded.hostname,
      usename = excluded.usename, command = excluded.command, acquired_at = excluded.acquired_at`;
  const found = await attempt(db.rows<{ table: string | null }>(sql`select to_regclass(${TABLE}) as table`));
  if (found === undefined) return false;
  const statements = found[0]?.table == null ? [BRIEFLY, CREATE, insert] : [BRIEFLY, insert];
  return (await attempt(db.run(sql.raw(statements.join(";\n"))))) !== undefined;
}

/** Call it while the lock is held; the row of a session that is lost meanwhile stays, and is told to be stale. */
export async function eraseHolder(db: Connection, key: AdvisoryKey): Promise<void> {
  const erased = db.run(sql.raw(`${BRIEFLY}; delete from ${TABLE} where lock_id = ${key.objectId}`));
  await attempt(erased).catch((error: unknown) => {
    if (db.isOpen) throw error;
  });
}

/** Who holds the lock now. A row is believed only while somebody holds it, and only if it is theirs. */
export async function reportLock(db: Connection, key: AdvisoryKey): Promise<LockReport> {
  const [session] = await db.rows<Session>(sessionQuery(key));
  const row = await readRow(db, key);
  if (session === undefined) return { holder: null, stale: row };
  const { started_at: since } = session;
  const isTheirs = row !== null && (since === null || row.acquired_at === null || row.acquired_at >= since);
  const { user, ...seen } = session;
  const told = isTheirs ? { ...row, user: row.user ?? user } : { ...NOTHING_TOLD, user };
  return { holder: { ...told, ...seen }, stale: isTheirs ? null : row };
}

const NOTHING_TOLD: HolderRow = {
  pid: null,
  hostname: null,
  user: null,
  command: null,
  acquired_at: null,
  held_for_seconds: null,
};

type Session = Omit<LockHolder, Exclude<keyof HolderRow, "user">>;

const utc = (column: string): Sql =>
  sql.raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`);

const sessionQuery = ({ classId, objectId }: AdvisoryKey): Sql => sql`
  select l.pid as backend_pid, a.usename::text as "user", a.application_name as application,
         host(a.client_addr) as client_addr, a.state, ${utc("a.backend_start")} as started_at,
         ${utc("a.query_start")} as query_started_at
  from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a on a.pid = l.pid
  where l.locktype = 'advisory' and l.granted and l.objsubid = 2
    and l.classid = ${classId}::int8::oid and l.objid = ${objectId}::int8::oid
    and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
  limit 1`;

/** Null without the table, without the row, and where the role may not read it. */
async function readRow(db: Connection, key: AdvisoryKey): Promise<HolderRow | null> {
  const rows = await attempt(
    db.rows<HolderRow>(sql`${sql.raw(BRIEFLY)};
      select pid, hostname, usename as "user", command, ${utc("acquired_at")} as acquired_at,
             floor(extract(epoch from clock_timestamp() - acquired_at))::int4 as held_for_seconds
      from ${sql.raw(TABLE)} where lock_id = ${sql.raw(String(key.objectId))}`),
  );
  return rows?.[0] ?? null;
}

/** What the server refuses here is not worth a run. */
const attempt = <T>(work: Promise<T>): Promise<T | undefined> =>
  work.catch((error: unknown) => {
    if (error instanceof ConfitureError && error.code === "SQL_001") return undefined;
    throw error;
  });
