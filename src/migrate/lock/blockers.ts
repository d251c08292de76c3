import { Connection } from "../../pg/connection.ts";
import { sql } from "../../sql/tag.ts";
import type { Target } from "../target.ts";

/** A session that another one waits for. */
export interface Blocker {
  readonly pid: number;
  /** This and what follows are null where the role may not see another's session. */
  readonly user: string | null;
  readonly application: string | null;
  readonly state: string | null;
  /** The statement it runs, or ran last, cut to 200 characters; its literals are shown as they are. */
  readonly query: string | null;
  readonly query_age_ms: number | null;
  readonly transaction_age_ms: number | null;
  /** What it waits for in turn, e.g. `Client: ClientRead`. */
  readonly wait: string | null;
}

export interface WatchOptions {
  /** Nothing happens before; a statement that is through by then costs nothing. */
  readonly afterMs: number;
  readonly everyMs: number;
}

export interface BlockerWatch extends AsyncDisposable {
  /** Who stood in the way when somebody last did; empty when nobody was seen. */
  last(): readonly Blocker[];
}

/**
 * Watch, on a connection of its own, who keeps the session `pid` waiting for a lock. Never throws, and keeps no
 * transaction open: what it cannot learn it does not tell.
 */
export function watchBlockers(
  { url, environment }: Pick<Target, "url" | "environment">,
  pid: number,
  { afterMs, everyMs }: WatchOptions,
): BlockerWatch {
  let seen: readonly Blocker[] = [];
  let db: Connection | undefined;
  let isOver = false;
  const poll = async () => {
    if (db?.isOpen !== true) {
      db = await Connection.open(url, { environment, applicationName: "confiture blockers" });
    }
    if (isOver) return await db.close();
    const blockers = await readBlockers(db, pid);
    if (blockers.length > 0) seen = blockers;
  };
  const again = () => {
    if (!isOver) timer = setTimeout(round, everyMs);
  };
  const round = () => void poll().then(again, again);
  let timer = setTimeout(round, afterMs);
  return {
    last: () => seen,
    async [Symbol.asyncDispose]() {
      isOver = true;
      clearTimeout(timer);
      await db?.close();
    },
  };
}

/** Who keeps the session `pid` waiting just now. */
async function readBlockers(db: Connection, pid: number): Promise<Blocker[]> {
  return await db.rows<Blocker>(sql`
    select a.pid, a.usename::text as "user", a.application_name as application, a.state,
           left(a.query, 200) as query,
           (extract(epoch from clock_timestamp() - a.query_start) * 1000)::int8::float8 as query_age_ms,
           (extract(epoch from clock_timestamp() - a.xact_start) * 1000)::int8::float8 as transaction_age_ms,
           a.wait_event_type || ': ' || a.wait_event as wait
    from (select distinct unnest(pg_catalog.pg_blocking_pids(${pid})) as pid) as blocking
    join pg_catalog.pg_stat_activity a on a.pid = blocking.pid
    order by a.xact_start nulls last, a.pid`);
}
