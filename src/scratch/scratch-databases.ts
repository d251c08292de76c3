import { randomBytes } from "node:crypto";
import { ConfitureError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Connection } from "../pg/connection.ts";
import { identSql, sql } from "../sql/tag.ts";
import type { Host } from "./host.ts";
import type { Site } from "./site.ts";
import { dropSubscriptions } from "./subscriptions.ts";

const PREFIX = "confiture_scratch_";
/** A pattern for LIKE. */
const OWNERS = `${PREFIX.replaceAll("_", "\\_")}%`;
const ABANDONED_AFTER_MS = 24 * 3_600_000;

/**
 * A name for one owner of scratch databases: `confiture_scratch_<time>_<random>`. Its session bears it as its
 * application name and its databases begin with it, so anyone sees whether the owner of a database lives.
 */
export const newOwner = (host: Host): string =>
  `${PREFIX}${host.now().toString(36)}_${randomBytes(5).toString("hex")}`;

/** Let the session be seen as `owner`, and let the server's limits not end it while it waits. */
export async function nameSession(db: Connection, owner: string): Promise<void> {
  await db.run(sql`
    select set_config('application_name', ${owner}, false)
    union all
    select set_config(name, '0', false) from pg_settings where name in ('idle_session_timeout', 'statement_timeout')`);
}

/**
 * Drop the scratch databases whose owner has no session any more. On a server that is not ours alone only
 * those that are older than a day and that nobody is connected to.
 */
export async function sweepScratch(site: Site, host: Host, log: Log): Promise<void> {
  const { db, ours } = site;
  const rows = await db.rows<{ name: string; connected: boolean }>(sql`
    select datname as name,
           exists (select from pg_stat_activity a where a.datid = d.oid) as connected
    from pg_database d
    where datname like ${OWNERS}
      and pg_has_role(datdba, 'usage')
      and not exists (select from pg_stat_activity a
                      where a.application_name like ${OWNERS} and starts_with(d.datname, a.application_name || '_'))`);
  const isAbandoned = (name: string) => {
    const madeAt = Number.parseInt(name.slice(PREFIX.length).split("_")[0] ?? "", 36);
    return host.now() - madeAt > ABANDONED_AFTER_MS;
  };
  const stale = rows.filter(({ name, connected }) => ours || (!connected && isAbandoned(name)));
  for (const { name } of stale) {
    try {
      await dropDatabase(site, name, ours);
      log.info(`removed scratch database ${name}, which a crash left behind`);
    } catch (error) {
      if (!(error instanceof ConfitureError) || !db.isOpen) throw error;
      log.warn(`scratch database ${name} was left behind and cannot be removed: ${error.message}`);
    }
  }
}

/** Drop a database if it is there; `force` disconnects its clients. */
export async function dropDatabase(site: Site, name: string, force: boolean): Promise<void> {
  await dropSubscriptions(site, name);
  await site.db.run(sql`drop database if exists ${identSql(name)} ${sql.raw(force ? "with (force)" : "")}`);
}
