import { readdir } from "node:fs/promises";
import { join, sep } from "node:path";
import { ConfitureError } from "../base/errors.ts";
import { versionKey } from "./version.ts";

/** A migration as its files tell it; paths are as the user knows them. */
export interface MigrationFile {
  readonly version: string;
  readonly name: string;
  /** SQL files, or a module with an `up` and perhaps a `down`. */
  readonly kind: "sql" | "module";
  readonly upFile: string;
  /** A module's is the module itself: whether it has a way back is known once it is loaded. */
  readonly downFile: string | undefined;
  /** `.verify.sql`: an assertion about the database after `up`. */
  readonly verifyFile: string | undefined;
  /** `.yaml` or `.yml`: preconditions. */
  readonly sidecarFile: string | undefined;
}

/** What a migrations directory holds. */
export interface MigrationFiles {
  readonly dir: string;
  /** False when there is no such directory. */
  readonly exists: boolean;
  /** In version order. */
  readonly migrations: readonly MigrationFile[];
  /** `.sql` files that are no part of any migration, sidecars excepted. */
  readonly orphans: readonly string[];
  /** Sidecars whose migration is not there, and modules that are not named like a migration. */
  readonly strays: readonly string[];
  /** Python migrations, which cannot be run. */
  readonly python: readonly string[];
  /** Versions that more than one file claims. */
  readonly duplicates: Readonly<Record<string, readonly string[]>>;
}

/**
 * Read a migrations directory; flat, names as `<version>_<name>.up.sql` and `.down.sql`, or a module
 * `<version>_<name>.ts`. Nothing is opened, so this is cheap for thousands of files.
 */
export async function findMigrations(dir: string): Promise<MigrationFiles> {
  const names = await readdir(dir).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw new ConfitureError("CONFIG_004", `${dir} cannot be read: ${cause.message}`, { file: dir, cause });
  });
  const list = names ?? [];
  const all = new Set(list);
  const scripts = list.filter((n) => n.endsWith(UP));
  const downs = list.filter((n) => n.endsWith(DOWN));
  // Whatever is not one of the usual pair, mostly nothing.
  const others = list.filter((n) => !n.endsWith(UP) && !n.endsWith(DOWN));
  const modules = others.filter(isModule);
  const named = modules.filter(hasVersion);
  const python = others.filter((n) => n.endsWith(".py") && !n.startsWith("_"));
  const strays = [
    ...others.filter((n) => isSidecar(n) && !isUsed(n, all)),
    ...modules.filter((n) => !hasVersion(n)),
  ];
  const orphans = [...downs.filter((n) => !all.has(stemOf(n) + UP)), ...others.filter(isOrphan)];
  const place = { prefix: join(dir, sep), all, others: new Set(others) };
  return {
    dir,
    exists: names !== undefined,
    migrations: inVersionOrder([...scripts, ...named]).map((file) => fromFile(file, place)),
    orphans: orphans.toSorted(),
    strays: strays.toSorted(),
    python: python.toSorted(),
    duplicates: duplicatesOf([...scripts, ...named, ...python]),
  };
}

const UP = ".up.sql";
const DOWN = ".down.sql";
const VERIFY = ".verify.sql";

/** Names that begin with `_` are helpers, `.d.ts` files are no code. */
const isModule = (n: string): boolean =>
  !n.endsWith(".sql") && /\.m?[jt]s$/.test(n) && !n.startsWith("_") && !/\.d\.m?ts$/.test(n);

const hasVersion = (n: string): boolean => n.indexOf("_") > 0;

function stemOf(n: string): string {
  const suffix = [UP, DOWN, VERIFY].find((known) => n.endsWith(known));
  return n.slice(0, suffix === undefined ? n.lastIndexOf(".") : -suffix.length);
}

/** In whatever case: `.UP.SQL` is no migration either. */
const isOrphan = (n: string): boolean => !n.endsWith(VERIFY) && /\.sql$/i.test(n);

/** YAML files without a number in front are something else. */
const isSidecar = (n: string): boolean =>
  n.endsWith(VERIFY) || (!n.endsWith(".sql") && /^\d[^_]*_.*\.ya?ml$/.test(n));

const OWNERS = [UP, ".ts", ".mts", ".js", ".mjs", ".py"];

/** It has a migration, and no other file goes before it. */
const isUsed = (n: string, all: ReadonlySet<string>): boolean =>
  OWNERS.some((suffix) => all.has(stemOf(n) + suffix)) &&
  !(n.endsWith(".yml") && all.has(`${stemOf(n)}.yaml`));

/** By version, then by name. */
const inVersionOrder = (files: readonly string[]): string[] =>
  files
    .map((file) => [`${versionKey(splitStem(stemOf(file)).version)}\0${file}`, file] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, file]) => file);

/** Where files lie, and which there are. */
interface Listing {
  readonly prefix: string;
  readonly all: ReadonlySet<string>;
  /** Those that are neither `.up.sql` nor `.down.sql`. */
  readonly others: ReadonlySet<string>;
}

function fromFile(file: string, { prefix, all, others }: Listing): MigrationFile {
  const stem = stemOf(file);
  const kind = file.endsWith(UP) ? "sql" : "module";
  const upFile = prefix + file;
  const beside = (suffix: string, files: ReadonlySet<string>) =>
    files.size > 0 && files.has(stem + suffix) ? prefix + stem + suffix : undefined;
  return {
    ...splitStem(stem),
    kind,
    upFile,
    downFile: kind === "module" ? upFile : beside(DOWN, all),
    verifyFile: beside(VERIFY, others),
    sidecarFile: beside(".yaml", others) ?? beside(".yml", others),
  };
}

function splitStem(stem: string): { version: string; name: string } {
  const at = stem.indexOf("_");
  return at === -1 ? { version: stem, name: "" } : { version: stem.slice(0, at), name: stem.slice(at + 1) };
}

function duplicatesOf(names: readonly string[]): Record<string, string[]> {
  const byVersion = new Map<string, string[]>();
  for (const name of names) {
    const { version } = splitStem(name);
    const others = byVersion.get(version);
    if (others) others.push(name);
    else byVersion.set(version, [name]);
  }
  const shared = [...byVersion].filter(([, files]) => files.length > 1);
  return Object.fromEntries(shared.map(([version, files]) => [version, files.toSorted()]));
}

/** Refuse what is no directory: CONFIG_004. */
export function requireDirectory(files: MigrationFiles): void {
  if (!files.exists) {
    throw new ConfitureError("CONFIG_004", `the migrations directory ${files.dir} does not exist`, {
      file: files.dir,
    });
  }
}

/** Refuse a version that more than one file claims: MIGR_106. */
export function requireUnique(files: MigrationFiles): void {
  const [duplicate] = Object.entries(files.duplicates);
  if (!duplicate) return;
  const [version, names] = duplicate;
  throw new ConfitureError("MIGR_106", `version ${version} is claimed by ${names.join(" and ")}`, {
    migration: version,
    file: join(files.dir, names[0]!),
    details: {
      conflicting_files: Object.values(files.duplicates).flat(),
      duplicate_versions: files.duplicates,
    },
  });
}

/** Refuse a directory that cannot be applied as it stands: CONFIG_004, MIGR_106 or MIGR_109. */
export function requireRunnable(files: MigrationFiles): void {
  requireDirectory(files);
  requireUnique(files);
  const [python] = files.python;
  if (python !== undefined) {
    throw new ConfitureError("MIGR_109", `${python} is a Python migration`, {
      file: join(files.dir, python),
      details: { files: files.python },
    });
  }
}

/** The migration that `word` names: a version, or `<version>_<name>`. Throws MIGR_100. */
export function migrationNamed(files: MigrationFiles, word: string): MigrationFile {
  const found = files.migrations.find((m) => m.version === word || `${m.version}_${m.name}` === word);
  if (found) return found;
  const versions = files.migrations.map((m) => m.version);
  throw new ConfitureError("MIGR_100", `there is no migration ${word} in ${files.dir}`, {
    migration: word,
    details: { versions: versions.slice(-10) },
  });
}

/** Finds the migration a ledger row tells of: by version and name, else by version, for renaming changes nothing. */
export function migrationOfRow(
  files: MigrationFiles,
): (row: Pick<MigrationFile, "version" | "name">) => MigrationFile | undefined {
  const byVersion = new Map(files.migrations.map((m) => [m.version, m]));
  const byStem = new Map(files.migrations.map((m) => [`${m.version}_${m.name}`, m]));
  return ({ version, name }) => byStem.get(`${version}_${name}`) ?? byVersion.get(version);
}

/** A directory without migrations is no error, and seldom what was meant. */
export const emptyHint = ({ dir, exists, migrations }: MigrationFiles): string[] =>
  exists && migrations.length === 0 ? [`There are no migrations in ${dir}: is --migrations-dir right?`] : [];
