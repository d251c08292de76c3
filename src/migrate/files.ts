import { readdir } from "node:fs/promises";
import { join, sep } from "node:path";
import { ConfitureError } from "../base/errors.ts";
import { versionKey } from "./version.ts";

/** A migration as its files tell it; paths are as the user knows them. */
export interface MigrationFile {
  readonly version: string;
  readonly name: string;
  readonly upFile: string;
  readonly downFile: string | undefined;
}

/** What a migrations directory holds. */
export interface MigrationFiles {
  readonly dir: string;
  /** False when there is no such directory. */
  readonly exists: boolean;
  /** In version order. */
  readonly migrations: readonly MigrationFile[];
  /** `.sql` files that are no part of any migration. */
  readonly orphans: readonly string[];
  /** Python migrations, which cannot be run. */
  readonly python: readonly string[];
  /** Versions that more than one file claims. */
  readonly duplicates: Readonly<Record<string, readonly string[]>>;
}

/**
 * Read a migrations directory; flat, names as `<version>_<name>.up.sql` and `.down.sql`.
 * Nothing is opened, so this is cheap for thousands of files.
 */
export async function findMigrations(dir: string): Promise<MigrationFiles> {
  const names = await readdir(dir).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw new ConfitureError("CONFIG_004", `${dir} cannot be read: ${cause.message}`, { file: dir, cause });
  });
  const all = new Set(names);
  const stems = [...all].filter((n) => n.endsWith(".up.sql")).map((n) => n.slice(0, -".up.sql".length));
  const python = [...all].filter((n) => n.endsWith(".py") && !n.startsWith("_"));
  const downs = new Set(stems.map((stem) => `${stem}.down.sql`));
  const isOrphan = (n: string) =>
    n.endsWith(".sql") && !n.endsWith(".up.sql") && !n.endsWith(".verify.sql") && !downs.has(n);
  return {
    dir,
    exists: names !== undefined,
    migrations: inVersionOrder(stems).map((stem) => fromStem(join(dir, sep), stem, all)),
    orphans: [...all].filter(isOrphan).toSorted(),
    python: python.toSorted(),
    duplicates: duplicatesOf([...stems.map((s) => `${s}.up.sql`), ...python]),
  };
}

/** By version, then by name. */
const inVersionOrder = (stems: readonly string[]): string[] =>
  stems
    .map((stem) => [`${versionKey(splitStem(stem).version)}\0${stem}`, stem] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, stem]) => stem);

function fromStem(prefix: string, stem: string, all: ReadonlySet<string>): MigrationFile {
  const down = `${stem}.down.sql`;
  const downFile = all.has(down) ? prefix + down : undefined;
  return { ...splitStem(stem), upFile: `${prefix}${stem}.up.sql`, downFile };
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

/** Refuse a directory that cannot be applied as it stands: CONFIG_004, MIGR_106 or MIGR_109. */
export function requireRunnable(files: MigrationFiles): void {
  requireDirectory(files);
  const [duplicate] = Object.entries(files.duplicates);
  if (duplicate) {
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
