import { realpathSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../base/hash.ts";
import type { Binaries } from "./binaries.ts";
import type { Host } from "./host.ts";
import { isWritable } from "./private-dir.ts";
import type { ServerUser } from "./server-user.ts";

/** Where and how one local PostgreSQL lives. */
export interface LocalServer {
  readonly host: Host;
  readonly user: ServerUser;
  /** Ready for use, see `makeUsable`. */
  readonly binaries: Binaries;
  /** Holds the data directory, the log and the lock file. */
  readonly dir: string;
  /** False for throwaway data: nothing is flushed to disk, and data that does not start is made anew. */
  readonly durable: boolean;
  /** How long the server runs on without clients. */
  readonly idleMs: number;
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

/** The superuser of every local server; only who may enter the socket folder can log in. */
export const SUPERUSER = "postgres";

/** The database that always exists, where databases are created from. */
const MAINTENANCE_DATABASE = "postgres";

const PORT = 5432;

export const dataDir = (dir: string): string => join(dir, "data");
export const logFile = (dir: string): string => join(dir, "log");
export const lockFile = (dir: string): string => join(dir, "lock");

/**
 * A short folder of its own for each server, since a socket's path may have about 100 characters. `/tmp`
 * goes first, so that commands with different TMPDIR find the same server.
 */
export function socketDir(host: Host, dir: string): string {
  return join(isWritable("/tmp") ? "/tmp" : host.tmpdir, `cft-${sha256(realpathSync(dir)).slice(0, 12)}`);
}

export const socketFile = (host: Host, dir: string): string => join(socketDir(host, dir), `.s.PGSQL.${PORT}`);

/** The port is said, because PGPORT would replace a missing one. */
export const localUrl = (host: Host, dir: string, database: string = MAINTENANCE_DATABASE): string =>
  `postgresql://${SUPERUSER}@/${encodeURIComponent(database)}?host=${encodeURIComponent(socketDir(host, dir))}&port=${PORT}`;
