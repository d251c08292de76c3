import { readFileSync, statSync } from "node:fs";
import { platform } from "node:os";
import { ConfitureError } from "../base/errors.ts";

/** What a line of a password file is matched against. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

const DEFAULT_SOCKET_FOLDERS: ReadonlySet<string> = new Set(["/tmp", "/var/run/postgresql"]);

/**
 * The password of the first matching line of a `host:port:database:user:password` file; undefined without one.
 * Throws CONFIG_003 when group or others may read the file: libpq does not use such a file either.
 */
export function findPassword(file: string, login: Login): string | undefined {
  const mode = statSync(file, { throwIfNoEntry: false });
  if (mode === undefined || !mode.isFile()) return undefined;
  if (platform() !== "win32" && (mode.mode & 0o077) !== 0) {
    throw new ConfitureError(
      "CONFIG_003",
      `the password file ${file} can be read by others, so it is not used`,
      {
        details: { password_file: file },
        actionable: `Run: chmod 600 ${file}`,
      },
    );
  }
  const wanted = [
    DEFAULT_SOCKET_FOLDERS.has(login.host) ? "localhost" : login.host,
    String(login.port),
    login.database,
    login.user,
  ];
  for (const line of readFileSync(file, "utf8").split(/\r?\n/)) {
    const fields = line.startsWith("#") ? [] : splitFields(line);
    const password = fields[wanted.length];
    if (password !== undefined && wanted.every((value, i) => fields[i] === "*" || fields[i] === value)) {
      return password;
    }
  }
  return undefined;
}

/** Fields end at a colon; a backslash takes a colon or backslash as it is. */
const splitFields = (line: string): string[] =>
  [...line.matchAll(/((?:[^:\\]|\\.|\\$)*)(?::|$)/gs)].map((match) =>
    (match[1] ?? "").replace(/\\(.)/gs, "$1"),
  );
