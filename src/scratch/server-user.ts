import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { ConfitureError } from "../base/errors.ts";
import type { Host } from "./host.ts";

/** The user a local server runs as. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
  /** True when it is not the user we run as, so that files must be given to it. */
  readonly isOther: boolean;
}

/** PostgreSQL refuses to run as root: then it is `postgres`, else `nobody`. Throws SCRATCH_003. */
export function serverUser(host: Host, passwdFile = "/etc/passwd"): ServerUser {
  if (host.uid !== 0) return { uid: host.uid, gid: host.gid, isOther: false };
  const users = readPasswd(passwdFile);
  const found = users.get("postgres") ?? users.get("nobody");
  if (found !== undefined) return { ...found, isOther: true };
  throw new ConfitureError(
    "SCRATCH_003",
    `PostgreSQL does not run as root, and ${passwdFile} has neither a user postgres nor a user nobody`,
  );
}

function readPasswd(file: string): Map<string, { uid: number; gid: number }> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new ConfitureError(
      "SCRATCH_003",
      `PostgreSQL does not run as root, and ${file} cannot be read to find another user`,
      {
        cause,
      },
    );
  }
  const users = new Map<string, { uid: number; gid: number }>();
  for (const line of text.split("\n")) {
    const [name = "", , uid, gid] = line.split(":");
    const ids = { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
    if (uid && gid && ids.uid !== 0) users.set(name, ids);
  }
  return users;
}

/** `uid` and `gid` for spawn; as root, libuv also drops the supplementary groups with them. */
export const spawnIds = (user: ServerUser): { uid?: number; gid?: number } =>
  user.isOther ? { uid: user.uid, gid: user.gid } : {};

/**
 * Whether the server's user may enter every folder above `path` and has the permission `bits` on `path`
 * itself (by default: read, and enter if it is a folder). Access control lists are not looked at.
 */
export function canReach(user: ServerUser, path: string, bits?: number): boolean {
  if (!user.isOther) return true;
  let current: string;
  try {
    current = realpathSync(path);
  } catch {
    return false;
  }
  if (!allows(user, current, bits ?? (statSync(current).isDirectory() ? 5 : 4))) return false;
  while (dirname(current) !== current) {
    current = dirname(current);
    if (!allows(user, current, 1)) return false;
  }
  return true;
}

function allows(user: ServerUser, path: string, bits: number): boolean {
  const { mode, uid, gid } = statSync(path);
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  return ((mode >> shift) & bits) === bits;
}

/** Nothing of ours but the search paths: PG* variables would steer the server, and secrets stay here. */
export function serverEnv(host: Host): Record<string, string> {
  const kept = ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT"].map((name) => [
    name,
    host.env[name],
  ]);
  return { ...Object.fromEntries(kept.filter(([, value]) => value !== undefined)), LC_ALL: "C" };
}
