import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Host } from "./host.ts";
import { hasCode, processIdentity } from "./processes.ts";

/** Nothing that runs under a lock takes as long; an older lock belongs to a process that hangs. */
const MAX_HELD_MS = 180_000;
const POLL_MS = 15;

/**
 * Run `work` while no other process runs its own under the same lock file. A lock whose process is gone is
 * broken. It saves work rather than guards data: PostgreSQL's own lock on a data directory does that.
 */
export async function withFileLock<T>(host: Host, path: string, work: () => Promise<T>): Promise<T> {
  const mine = `${path}.${randomBytes(6).toString("hex")}`;
  writeFileSync(mine, processIdentity(host, host.pid) ?? String(host.pid));
  try {
    while (!take(mine, path)) {
      breakIfStale(host, path);
      await sleep(POLL_MS);
    }
    try {
      return await work();
    } finally {
      release(mine, path);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** A link appears with its content in place, so a lock without an owner never exists. */
function take(mine: string, path: string): boolean {
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

function release(mine: string, path: string): void {
  if (inode(path) === inode(mine)) unlinkSync(path);
}

function breakIfStale(host: Host, path: string): void {
  const before = inode(path);
  if (before === undefined || !isStale(host, path)) return;
  const aside = `${path}.stale-${randomBytes(6).toString("hex")}`;
  try {
    renameSync(path, aside);
    if (inode(aside) !== before) linkSync(aside, path); // another process broke it first and took the lock
  } catch (error) {
    if (!hasCode(error, "ENOENT", "EEXIST")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function isStale(host: Host, path: string): boolean {
  try {
    const owner = readFileSync(path, "utf8");
    const age = host.now() - statSync(path).ctimeMs;
    return age > MAX_HELD_MS || processIdentity(host, Number.parseInt(owner, 10)) !== owner;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
}

function inode(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
