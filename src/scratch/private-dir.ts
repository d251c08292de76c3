import { accessSync, chmodSync, constants, chownSync, existsSync, lstatSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfitureError } from "../base/errors.ts";
import type { Host } from "./host.ts";
import { canReach, type ServerUser } from "./server-user.ts";

/**
 * The folder for data that can be made again: `$XDG_CACHE_HOME` or `~/.cache`, else the folder for temporary
 * files, when the first cannot be written, or not be entered by the server's user. Throws SCRATCH_002.
 */
export function cacheDir(host: Host, user: ServerUser): string {
  const xdg = host.env["XDG_CACHE_HOME"];
  const home = xdg?.startsWith("/")
    ? xdg
    : host.home && existsSync(host.home)
      ? join(host.home, ".cache")
      : undefined;
  const fallback = `confiture-${host.uid}`;
  const candidates = [
    ...(home === undefined ? [] : [join(home, "confiture")]),
    join(host.tmpdir, fallback),
    join("/var/tmp", fallback),
  ];
  return firstUsable(host, user, candidates);
}

/**
 * The folder for data that must last, used as root when the project's own folder is closed to the server's
 * user; it is not made here. Throws SCRATCH_002.
 */
export function stateDir(host: Host, user: ServerUser): string {
  const candidates = ["/var/lib/confiture", `/var/tmp/confiture-${host.uid}`];
  const found = candidates.find((folder) => canEnter(user, existing(folder)) && isWritable(existing(folder)));
  if (found !== undefined) return found;
  throw new ConfitureError("SCRATCH_002", `None of ${candidates.join(", ")} can be written`);
}

function firstUsable(host: Host, user: ServerUser, candidates: readonly string[]): string {
  const reasons: string[] = [];
  for (const folder of candidates) {
    const base = existing(folder);
    if (!canEnter(user, base)) reasons.push(`${base} is closed to user id ${user.uid}`);
    else if (!isWritable(base)) reasons.push(`${base} cannot be written`);
    else {
      try {
        makeOwnDir(host, folder, user.isOther ? 0o711 : 0o700);
        if (canEnter(user, folder)) return folder;
        reasons.push(`${folder} was made, and is closed to user id ${user.uid}`);
      } catch (error) {
        reasons.push(`${folder}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  throw new ConfitureError("SCRATCH_002", "No folder can hold the files of a local PostgreSQL", {
    details: { tried: reasons },
    actionable: "Set XDG_CACHE_HOME to a folder that can be written.",
  });
}

/** The folder itself or the lowest one above it that is there. */
const existing = (folder: string): string => (existsSync(folder) ? folder : existing(dirname(folder)));

const canEnter = (user: ServerUser, folder: string): boolean => canReach(user, folder, 1);

export function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Makes the folder, or checks that the one that is there is ours: in `/tmp` it could be anyone's. */
function makeOwnDir(host: Host, folder: string, mode: number): void {
  mkdirSync(dirname(folder), { recursive: true });
  makePrivateDir(folder, { uid: host.uid, gid: host.gid, isOther: false }, mode);
}

/**
 * A folder that belongs to `user` and that no one else can write to. Throws SCRATCH_002 when what is there is
 * a link or belongs to someone else.
 */
export function makePrivateDir(folder: string, user: ServerUser, mode = 0o700): void {
  const made = mkdirSync(folder, { recursive: true, mode }) !== undefined;
  if (made && user.isOther) chownSync(folder, user.uid, user.gid);
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== user.uid) {
    throw new ConfitureError("SCRATCH_002", `${folder} is not a folder of user id ${user.uid}`, {
      actionable: `Remove ${folder}: another user has made it.`,
    });
  }
  if ((found.mode & 0o777) !== mode) chmodSync(folder, mode);
}
