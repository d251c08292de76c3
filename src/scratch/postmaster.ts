import { execFileSync, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfitureError } from "../base/errors.ts";
import type { Host } from "./host.ts";
import { dataDir, type LocalServer, logFile, socketDir, socketFile } from "./local-server.ts";
import { makePrivateDir } from "./private-dir.ts";
import { hasCode, isAlive } from "./processes.ts";
import { serverEnv, spawnIds } from "./server-user.ts";

const POLL_MS = 10;
const START_TIMEOUT_MS = 60_000;
const FAST_STOP_TIMEOUT_MS = 15_000;

/** What a server's main process says of itself in `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly isReady: boolean;
  /** The `postgres` program it was started from. */
  readonly program: string;
}

/**
 * The running main process of a data directory. A pid file that a crash left behind is not believed, even
 * if its number belongs to a live process by now: that must have been started for, or work in, the directory.
 */
export function findPostmaster(host: Host, dir: string): Postmaster | undefined {
  const lines = readLines(join(dataDir(dir), "postmaster.pid"));
  const pid = Number.parseInt(lines[0] ?? "", 10);
  if (!(pid > 0) || !isAlive(host, pid)) return undefined;
  const [program = "", ...args] = commandLine(host, pid);
  if (!args.includes(dataDir(dir)) && workingDir(pid) !== dataDir(dir)) return undefined;
  return { pid, program, isReady: lines[7]?.trim() === "ready" };
}

/** Start the server and wait until it takes connections. Throws SCRATCH_002 with the end of the log. */
export async function startPostmaster(server: LocalServer): Promise<void> {
  const { host, dir } = server;
  makePrivateDir(socketDir(host, dir), server.user);
  forgetDeadPostmaster(host, dir);
  const exited = spawnPostmaster(server);
  const deadline = host.now() + START_TIMEOUT_MS;
  while (findPostmaster(host, dir)?.isReady !== true) {
    const reason = exited() ?? (host.now() > deadline ? "it was not ready in time" : undefined);
    if (reason !== undefined) {
      throw new ConfitureError("SCRATCH_002", `PostgreSQL in ${dataDir(dir)} did not start: ${reason}`, {
        details: { log: logTail(dir), log_file: logFile(dir), data_directory: dataDir(dir) },
      });
    }
    await sleep(POLL_MS);
  }
}

/** Disconnect every client and shut down cleanly; at once if that takes too long. */
export async function stopPostmaster(host: Host, dir: string): Promise<void> {
  const running = findPostmaster(host, dir);
  if (running === undefined) return;
  host.kill(running.pid, "SIGINT");
  const deadline = host.now() + FAST_STOP_TIMEOUT_MS;
  while (findPostmaster(host, dir)?.pid === running.pid && host.now() < deadline) await sleep(POLL_MS);
  if (findPostmaster(host, dir)?.pid !== running.pid) return;
  host.kill(running.pid, "SIGQUIT");
  while (findPostmaster(host, dir)?.pid === running.pid) await sleep(POLL_MS);
}

/** The last lines of the server's log, for an error's details. */
export const logTail = (dir: string): string[] => readLines(logFile(dir)).slice(-20);

/** Gives a function that says how the process ended, once it has. */
function spawnPostmaster(server: LocalServer): () => string | undefined {
  const { host, dir, binaries } = server;
  const settings = { ...settingsFor(server), unix_socket_directories: socketDir(host, dir) };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const log = openSync(logFile(dir), "w");
  const child = spawn(join(binaries.binDir, "postgres"), ["-D", dataDir(dir), ...options], {
    ...spawnIds(server.user),
    cwd: "/",
    env: serverEnv(host),
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.unref();
  let end: string | undefined;
  child.on("error", (error) => (end = error.message));
  child.on("exit", (code, signal) => (end = signal === null ? `exit code ${code}` : `ended by ${signal}`));
  return () => end;
}

function settingsFor(server: LocalServer): Record<string, string> {
  const fast = {
    fsync: "off",
    full_page_writes: "off",
    synchronous_commit: "off",
    autovacuum: "off",
    min_wal_size: "32MB",
  };
  return {
    listen_addresses: "",
    log_timezone: "UTC",
    timezone: "UTC",
    max_wal_senders: "0",
    wal_level: "minimal",
    jit: "off",
    // A schema of thousands of tables is built in one transaction, which holds a lock on each of their parts.
    max_locks_per_transaction: "1024",
    ...(server.durable ? {} : { ...fast, restart_after_crash: "off" }),
    ...server.settings,
  };
}

/**
 * PostgreSQL refuses to start when a lock file names a live process, though after a crash that number may
 * be anyone's. It trusts its own parent not to be a server, so the files are made to name us: unlike
 * removing them, this leaves its check for shared memory in use in place.
 */
function forgetDeadPostmaster(host: Host, dir: string): void {
  for (const file of [join(dataDir(dir), "postmaster.pid"), `${socketFile(host, dir)}.lock`]) {
    const lines = readLines(file);
    const pid = Number.parseInt(lines[0] ?? "", 10);
    if (pid > 0 && isAlive(host, pid)) writeFileSync(file, [host.pid, ...lines.slice(1)].join("\n"));
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

/** Undefined where the system does not tell, or not us. */
function workingDir(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

/** Program and arguments; empty for a process that has ended. */
function commandLine(host: Host, pid: number): string[] {
  try {
    if (host.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    const line = execFileSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" });
    const [program = "", rest = ""] = line.split(" -D ");
    return [program, rest.split(" -c ")[0] ?? ""];
  } catch {
    return []; // ended meanwhile
  }
}
