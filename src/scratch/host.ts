import { hostname, homedir, tmpdir } from "node:os";

/** What the floor knows of the machine and the user; every other file gets it as an argument. */
export interface Host {
  readonly platform: string;
  readonly arch: string;
  readonly name: string;
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
  readonly home: string | undefined;
  readonly tmpdir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Throws ESRCH when there is no such process; signal 0 only asks. */
  readonly kill: (pid: number, signal: NodeJS.Signals | 0) => void;
}

/** The real machine; the one place of the floor that reads `process` and `os`. */
export function currentHost(overrides: Partial<Host> = {}): Host {
  return {
    platform: process.platform,
    arch: process.arch,
    name: hostname(),
    pid: process.pid,
    uid: process.getuid?.() ?? -1,
    gid: process.getgid?.() ?? -1,
    home: process.env["HOME"] === undefined ? passwdHome() : process.env["HOME"] || undefined,
    tmpdir: tmpdir(),
    env: process.env,
    now: () => Date.now(),
    kill: (pid, signal) => void process.kill(pid, signal),
    ...overrides,
  };
}

/** Undefined for a user id without a passwd entry, as containers run them. */
function passwdHome(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}
