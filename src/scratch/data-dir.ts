import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { ConfitureError } from "../base/errors.ts";
import { dataDir, type LocalServer, SUPERUSER } from "./local-server.ts";
import { makePrivateDir } from "./private-dir.ts";
import { serverEnv, spawnIds } from "./server-user.ts";

const run = promisify(execFile);
const UNFINISHED = "data.new-";

/** Major version of the data directory below `dir`; undefined when there is none. */
export function dataMajor(dir: string): number | undefined {
  const file = join(dataDir(dir), "PG_VERSION");
  return existsSync(file) ? Number.parseInt(readFileSync(file, "utf8"), 10) : undefined;
}

/**
 * Make the data directory unless it is there. It appears under its name only when it is complete, so one
 * that was interrupted is never taken for a good one. Throws SCRATCH_002.
 */
export async function makeDataDir(server: LocalServer): Promise<void> {
  if (dataMajor(server.dir) !== undefined) return;
  for (const name of readdirSync(server.dir)) {
    if (name.startsWith(UNFINISHED)) rmSync(join(server.dir, name), { recursive: true, force: true });
  }
  const unfinished = join(server.dir, `${UNFINISHED}${randomBytes(6).toString("hex")}`);
  makePrivateDir(unfinished, server.user);
  try {
    await initdb(server, unfinished);
    renameSync(unfinished, dataDir(server.dir));
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Put data that does not start aside, in place of what was put aside before. */
export function discardDataDir(dir: string): void {
  rmSync(join(dir, "data.broken"), { recursive: true, force: true });
  renameSync(dataDir(dir), join(dir, "data.broken"));
}

async function initdb(server: LocalServer, folder: string): Promise<void> {
  const args = [
    "-D",
    folder,
    "-U",
    SUPERUSER,
    "-A",
    "trust",
    "-E",
    "UTF8",
    ...(server.durable ? [] : ["--no-sync"]),
  ];
  const tries = localeArgs(server.binaries.major);
  for (const [index, locale] of tries.entries()) {
    try {
      await run(join(server.binaries.binDir, "initdb"), [...args, ...locale], {
        ...spawnIds(server.user),
        cwd: "/",
        env: serverEnv(server.host),
      });
      return;
    } catch (cause) {
      if (index < tries.length - 1) continue;
      throw initdbError(server, folder, cause);
    }
  }
}

/**
 * Sorting by code point and knowing Unicode letters, the same on every machine: PostgreSQL 17 brings such a
 * locale with it, before that it is the system's C.UTF-8, and C where a system lacks that.
 */
const localeArgs = (major: number): string[][] =>
  major >= 17
    ? [["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]]
    : [["--locale=C.UTF-8"], ["--locale=C"]];

function initdbError(server: LocalServer, folder: string, cause: unknown): ConfitureError {
  const { binDir } = server.binaries;
  const output = cause instanceof Error && "stderr" in cause ? String(cause.stderr).trim() : "";
  const isDenied =
    cause instanceof Error && "code" in cause && (cause.code === "EPERM" || cause.code === "EINVAL");
  if (server.user.isOther && isDenied) {
    const message = `PostgreSQL does not run as root, and starting it as user id ${server.user.uid} is not allowed here`;
    return new ConfitureError("SCRATCH_003", message, { cause });
  }
  const reason = output.split("\n").findLast((line) => line.includes("error:")) ?? String(cause);
  return new ConfitureError(
    "SCRATCH_002",
    `initdb of PostgreSQL ${server.binaries.version} failed: ${reason}`,
    {
      details: {
        log: output.split("\n").slice(-20),
        program: join(binDir, "initdb"),
        data_directory: folder,
      },
      cause,
    },
  );
}
