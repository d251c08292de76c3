import { setTimeout as sleep } from "node:timers/promises";
import { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";

const HOLDER = "confiture hold";
const POLL_MS = 2;

/**
 * Keep a local server from stopping for some time although this process ends: a session that sleeps counts as a
 * client, and the server goes on with its statement when we are gone. Holds that began before it end.
 */
export async function holdServer(db: Connection, url: string, forMs: number): Promise<void> {
  const session = await Connection.open(url, { applicationName: HOLDER });
  await session.run(sql`
    select set_config(name, '0', false) from pg_settings
    where name in ('statement_timeout', 'transaction_timeout', 'client_connection_check_interval')`);
  const ended = session.run(sql`select pg_sleep(${forMs / 1000}::float8)`).then(
    () => true,
    () => true, // our end of it is cut below
  );
  while (!(await isAsleep(db, session.server.pid)) && !(await Promise.race([ended, sleep(POLL_MS)])))
    continue;
  session.client.connection.stream.destroy();
  await ended;
  await db.run(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = ${HOLDER}
      and backend_start < (select backend_start from pg_stat_activity where pid = ${session.server.pid})`);
}

async function isAsleep(db: Connection, pid: number): Promise<boolean> {
  const rows = await db.rows(sql`select from pg_stat_activity where pid = ${pid} and wait_event = 'PgSleep'`);
  return rows.length > 0;
}
