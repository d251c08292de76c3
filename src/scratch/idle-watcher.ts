import { setTimeout as sleep } from "node:timers/promises";
import { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";

/** Keys of the advisory locks, in the maintenance database: "cft" and a number. */
const LEASE_KEYS = [6514292, 1] as const;
const WATCHER_KEYS = [6514292, 2] as const;
const POLL_MS = 2;

/**
 * Keep the server from stopping as long as the session lives. False when it is about to stop: then it must
 * be waited for and started again.
 */
export async function takeLease(db: Connection): Promise<boolean> {
  const [row] = await db.rows<{ taken: boolean }>(
    sql`select pg_try_advisory_lock_shared(${LEASE_KEYS[0]}::int, ${LEASE_KEYS[1]}::int) as taken`,
  );
  return row?.taken === true;
}

/** Make sure that a session of the server itself stops it once it has had no client for `idleMs`. */
export async function ensureIdleWatcher(db: Connection, url: string, idleMs: number): Promise<void> {
  if (await isWatched(db)) return;
  const session = await Connection.open(url, { applicationName: "confiture idle watcher" });
  await session.run(sql`
    select set_config(name, '0', false) from pg_settings
    where name in ('statement_timeout', 'transaction_timeout', 'client_connection_check_interval')`);
  const ended = session.run(watchStatement(idleMs)).then(
    () => true, // another one came first
    () => true,
  );
  while (!(await isWatched(db)) && !(await Promise.race([ended, sleep(POLL_MS)]))) continue;
  // The server goes on with the statement although its client is gone, so no process of ours has to stay.
  session.client.connection.stream.destroy();
  await ended;
}

async function isWatched(db: Connection): Promise<boolean> {
  const held = await db.rows(sql`
    select from pg_locks
    where locktype = 'advisory' and granted and classid = ${WATCHER_KEYS[0]} and objid = ${WATCHER_KEYS[1]}`);
  return held.length > 0;
}

/**
 * Looks now and then for client sessions (and, from PostgreSQL 14 on, for ones that came and went between).
 * It takes the lease lock alone before it stops the server, so no client can be holding or getting one.
 */
function watchStatement(idleMs: number) {
  const pollSeconds = Math.min(15, Math.max(0.1, idleMs / 10_000));
  return sql.raw(`
do $watch$
declare
  idle_since timestamptz := clock_timestamp();
  sessions_before bigint := -1;
  sessions_now bigint;
begin
  if not pg_try_advisory_lock(${WATCHER_KEYS.join(", ")}) then return; end if;
  loop
    commit;
    perform pg_sleep(${pollSeconds});
    select coalesce(sum((to_jsonb(d) ->> 'sessions')::bigint), 0) into sessions_now from pg_stat_database d;
    if sessions_now <> sessions_before
      or exists (select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid())
    then
      sessions_before := sessions_now;
      idle_since := clock_timestamp();
    elsif clock_timestamp() - idle_since >= interval '${idleMs} milliseconds'
      and pg_try_advisory_lock(${LEASE_KEYS.join(", ")})
    then
      copy (select where false) to program 'read pid rest < postmaster.pid && kill -INT "$pid"';
      perform pg_sleep(60);
      return;
    end if;
  end loop;
end
$watch$`);
}
