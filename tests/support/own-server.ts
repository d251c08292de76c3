import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { listBinaries } from "../../src/scratch/binaries.ts";
import { currentHost } from "../../src/scratch/host.ts";
import { dataDir, type LocalServer, localUrl, socketDir } from "../../src/scratch/local-server.ts";
import { findPostmaster, startPostmaster } from "../../src/scratch/postmaster.ts";
import { openServer, stopServer } from "../../src/scratch/server.ts";
import { serverUser } from "../../src/scratch/server-user.ts";
import { makeUsable } from "../../src/scratch/usable-binaries.ts";

/** A server that one test may stop, crash and start as it likes; disposing removes it. */
export interface OwnServer extends AsyncDisposable {
  readonly url: string;
  readonly user: { readonly uid: number; readonly gid: number };
  /** As when the power fails: no goodbye, and recovery at the next start. */
  crash(): Promise<void>;
  /** As an operator does: every session is ended. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Of the same version as the run's server, and one that really writes to disk. */
export async function ownServer(settings: Readonly<Record<string, string>> = {}): Promise<OwnServer> {
  const host = currentHost();
  const user = serverUser(host);
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "cft-own-")));
  chmodSync(dir, 0o711);
  const binaries = listBinaries(host, "tests/majors").find(
    (found) => found.origin === "npm" && found.major === inject("serverMajor"),
  )!;
  const server: LocalServer = {
    host,
    user,
    binaries: makeUsable(host, user, binaries),
    dir,
    durable: true,
    idleMs: 120_000,
    settings,
  };
  const { db } = await openServer(server, "confiture tests");
  await db.close();
  const crash = async () => {
    const running = findPostmaster(host, dir);
    if (running === undefined) return;
    process.kill(running.pid, "SIGQUIT");
    while (findPostmaster(host, dir)?.pid === running.pid) await new Promise((wait) => setTimeout(wait, 5));
  };
  return {
    url: localUrl(host, dir),
    user,
    crash,
    stop: async () => void (await stopServer(server)),
    start: () => startPostmaster(server),
    async [Symbol.asyncDispose]() {
      await crash();
      rmSync(socketDir(host, dir), { recursive: true, force: true });
      rmSync(dataDir(dir), { recursive: true, force: true });
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
