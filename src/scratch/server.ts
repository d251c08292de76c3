import { chmodSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfitureError } from "../base/errors.ts";
import { Connection } from "../pg/connection.ts";
import { discardDataDir, makeDataDir } from "./data-dir.ts";
import { withFileLock } from "./file-lock.ts";
import { ensureIdleWatcher, takeLease } from "./idle-watcher.ts";
import {
  dataDir,
  type LocalServer,
  localUrl,
  lockFile,
  logFile,
  socketDir,
  socketFile,
} from "./local-server.ts";
import { findPostmaster, logTail, startPostmaster, stopPostmaster } from "./postmaster.ts";

const POLL_MS = 20;
const CONNECT_TIMEOUT_MS = 60_000;
const START_TRIES = 4;

/** A session that keeps a local server running, and whether the server had to be started for it. */
export interface ServerSession {
  readonly db: Connection;
  readonly started: boolean;
}

/**
 * A session in the maintenance database of a local server that is made and started where needed; any number
 * of processes may do so at once. Throws SCRATCH_002 or SCRATCH_003.
 */
export async function openServer(server: LocalServer, applicationName: string): Promise<ServerSession> {
  const { host, dir } = server;
  mkdirSync(dir, { recursive: true });
  if (server.user.isOther) chmodSync(dir, 0o711); // whatever the umask is
  const deadline = host.now() + CONNECT_TIMEOUT_MS;
  let started = false;
  for (;;) {
    const db = await tryConnect(server, applicationName);
    if (db instanceof Connection) return { db, started };
    if (host.now() > deadline) throw db;
    started = (await withFileLock(host, lockFile(dir), () => startUnlessRunning(server))) || started;
    if (!started) await sleep(POLL_MS);
  }
}

/** Stop the server of `dir`; false when none was running. */
export async function stopServer(server: Pick<LocalServer, "host" | "dir">): Promise<boolean> {
  if (!existsSync(server.dir)) return false;
  return await withFileLock(server.host, lockFile(server.dir), async () => {
    if (findPostmaster(server.host, server.dir) === undefined) return false;
    await stopPostmaster(server.host, server.dir);
    rmSync(socketDir(server.host, server.dir), { recursive: true, force: true });
    return true;
  });
}

/** Gives why not, when the server is absent, starting, stopping or full. */
async function tryConnect(
  server: LocalServer,
  applicationName: string,
): Promise<Connection | ConfitureError> {
  const { host, dir } = server;
  if (!existsSync(socketFile(host, dir))) return unreachable(server, "its socket does not exist");
  const running = findPostmaster(host, dir);
  if (running !== undefined && !existsSync(running.program)) {
    return unreachable(server, "its programs were removed");
  }
  let db: Connection | undefined;
  try {
    db = await Connection.open(localUrl(host, dir), { applicationName });
    if (!(await takeLease(db))) throw unreachable(server, "it is about to stop");
    await ensureIdleWatcher(db, localUrl(host, dir), server.idleMs);
    return db;
  } catch (error) {
    await db?.close();
    if (!(error instanceof ConfitureError)) throw error;
    return error.code === "SCRATCH_002" ? error : unreachable(server, error.message, error);
  }
}

/**
 * True when it was started here. One whose programs or socket were removed meanwhile (a reinstalled package,
 * a cleaned /tmp) is of no more use and is started anew.
 */
async function startUnlessRunning(server: LocalServer): Promise<boolean> {
  const { host, dir } = server;
  const running = findPostmaster(host, dir);
  if (running !== undefined) {
    const isUsable = existsSync(running.program) && (!running.isReady || existsSync(socketFile(host, dir)));
    if (isUsable) return false;
    await stopPostmaster(host, dir);
  }
  await makeDataDir(server);
  try {
    await startWithPatience(server);
  } catch (error) {
    if (server.durable || !(error instanceof ConfitureError)) throw error;
    discardDataDir(dir);
    await makeDataDir(server);
    await startWithPatience(server);
  }
  return true;
}

/** After a crash the memory of the old server may be in use for a moment longer, and the start is refused. */
async function startWithPatience(server: LocalServer): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await startPostmaster(server);
      return;
    } catch (error) {
      if (attempt === START_TRIES) throw error;
      await sleep(100 * attempt);
    }
  }
}

function unreachable({ dir }: LocalServer, reason: string, cause?: unknown): ConfitureError {
  return new ConfitureError("SCRATCH_002", `PostgreSQL in ${dataDir(dir)} takes no connections: ${reason}`, {
    details: { log: logTail(dir), log_file: logFile(dir), data_directory: dataDir(dir) },
    cause,
  });
}
