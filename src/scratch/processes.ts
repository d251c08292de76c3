import { readFileSync } from "node:fs";
import type { Host } from "./host.ts";

/** Whether a process with this id exists, whoever owns it. */
export function isAlive(host: Host, pid: number): boolean {
  try {
    host.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

/**
 * What tells this process from a later one with the same id: on Linux its start time, elsewhere nothing
 * but the id. Undefined when there is no such process.
 */
export function processIdentity(host: Host, pid: number): string | undefined {
  if (!isAlive(host, pid)) return undefined;
  if (host.platform !== "linux") return String(pid);
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // from field 3; field 22 is the start
    return fields[0] === "Z" ? undefined : `${pid} ${fields[19]}`;
  } catch (error) {
    return hasCode(error, "ENOENT") || hasCode(error, "ESRCH") ? undefined : String(pid);
  }
}

/** Whether `error` is a system error with one of these codes, such as ENOENT. */
export const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && "code" in error && codes.includes(String(error.code));
