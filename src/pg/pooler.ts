import type pg from "pg";
import { ConfitureError } from "../base/errors.ts";
import { connectError } from "./connect-error.ts";
import { login } from "./connect.ts";
import type { Connection } from "./connection.ts";
import { describeDsn, type Dsn, type Environment, type Host, parseDsn } from "./dsn.ts";

/** How long the second session may wait for its first answer: a pool may be busy. */
const PATIENCE_MS = 5000;

/** How long a session that has its backend for itself may take for an answer. */
const ANSWER_MS = 3000;

/** Pools hand out backends in turn, the last one first, or at random. */
const ROUNDS = 3;

/**
 * Throws CONFIG_012 when the session does not have its backend for itself: what is set, locked or prepared in it
 * would be another's a moment later. A direct connection costs nothing: the pid that the server told at login is the
 * backend's own, while a pooler tells one it made up. CONFIG_006 when the pooler gives no second session.
 */
export async function refuseTransactionPooler(
  db: Connection,
  url: string,
  environment: Environment = {},
): Promise<void> {
  if (Reflect.get(db.client, "processID") === db.server.pid) return;
  const dsn = parseDsn(url, environment);
  const host = hostOf(db, dsn);
  const evidence = await probe(db, dsn, host).catch((error: unknown) => {
    throw connectError(error, dsn, host);
  });
  if (evidence === undefined) return;
  throw new ConfitureError("CONFIG_012", `${describeDsn(dsn, host)}: ${evidence}`, {
    details: { host: host.host, port: host.port, evidence },
  });
}

/** The host that the session is on; the second one must not end up elsewhere. */
const hostOf = ({ client }: Connection, { hosts }: Dsn): Host =>
  hosts.find(({ host, address, port }) => (address ?? host) === client.host && port === client.port) ??
  hosts[0];

const WAITS = "a session has to wait for a backend until others end their transactions";

/** What shows that sessions share backends; undefined when nothing does. */
async function probe(db: Connection, dsn: Dsn, host: Host): Promise<string | undefined> {
  if ((await within(ANSWER_MS, ask(db.client))) === undefined) return WAITS;
  const other = await login(dsn, host, "confiture lock");
  other.on("error", () => {});
  try {
    if ((await within(PATIENCE_MS, ask(other))) === undefined) throw exhausted(describeDsn(dsn, host));
    return await watch(db, other);
  } finally {
    other.connection.stream.destroy();
  }
}

/** Let two sessions ask in turn for their backends, the second also inside transactions, until something tells. */
async function watch(db: Connection, other: pg.Client): Promise<string | undefined> {
  const mine = new Set([db.server.pid]);
  const its = new Set<number>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const command of ["begin", "commit"]) {
      const pid = await within(ANSWER_MS, ask(db.client));
      if (pid === undefined) return WAITS;
      mine.add(pid);
      its.add(await ask(other));
      if (mine.size > 1 || its.size > 1) return "the statements of one session run in several backends";
      if (its.has(pid)) return "two sessions share a backend";
      // Not earlier: in statement mode it is refused.
      await other.query(command);
    }
  }
  return undefined;
}

const ask = async (client: pg.Client): Promise<number> =>
  (await client.query<{ pid: number }>("select pg_catalog.pg_backend_pid() as pid")).rows[0]!.pid;

const exhausted = (shown: string): ConfitureError =>
  new ConfitureError("CONFIG_006", `the pooler at ${shown} gives no second session`, {
    details: { cause: "pool_exhausted", waited_ms: PATIENCE_MS },
    actionable: "Let the pool hold two sessions for this user and database, or use a direct connection.",
  });

/** Undefined when it takes longer; what comes later is of no interest. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    void work.catch(() => undefined);
  }
}
