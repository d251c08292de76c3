import { readdirSync, statSync } from "node:fs";
import { join, posix, relative, resolve, sep } from "node:path";
import picomatch from "picomatch";
import { ConfitureError } from "../base/errors.ts";

/** One entry of `include_dirs`. */
export interface IncludeDir {
  /** Relative to the project, or absolute. */
  readonly path: string;
  readonly recursive?: boolean;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** A missing directory is skipped instead of being an error. */
  readonly autoDiscover?: boolean;
  /** Entries with a lower number come first; ties keep the order of the list. */
  readonly order?: number;
}

/** A file of the schema: where it is, and how the user knows it. */
export interface SchemaFile {
  readonly path: string;
  /** Relative to the project, with forward slashes. */
  readonly name: string;
  /** Path components below its include entry. */
  readonly below: readonly string[];
}

/**
 * The files each include entry holds, in entry order, unsorted within one; a file that two entries
 * hold counts for the first. Throws SCHEMA_201 for a missing directory or when nothing is found, CONFIG_005 for a bad glob.
 */
export function discover(
  projectDir: string,
  dirs: readonly IncludeDir[],
  excludeDirs: readonly string[],
): SchemaFile[][] {
  const excluded = excludeDirs.map((dir) => resolve(projectDir, dir));
  const seen = new Set<string>();
  const byOrder = dirs.toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0));
  const groups = byOrder.map((dir) =>
    listDir(projectDir, dir).filter((file) => {
      const out =
        excluded.some((e) => file.path === e || file.path.startsWith(e + sep)) || seen.has(file.path);
      seen.add(file.path);
      return !out;
    }),
  );
  if (groups.every((group) => group.length === 0)) {
    throw new ConfitureError(
      "SCHEMA_201",
      `no .sql files in ${dirs.map((d) => d.path).join(", ") || "include_dirs"}`,
      {
        details: { include_dirs: dirs.map((d) => d.path), project_dir: projectDir },
      },
    );
  }
  return groups;
}

function listDir(projectDir: string, dir: IncludeDir): SchemaFile[] {
  const root = resolve(projectDir, dir.path);
  const wanted = matcher(dir);
  if (!isDirectory(root)) {
    if (dir.autoDiscover) return [];
    throw new ConfitureError("SCHEMA_201", `include_dirs names ${dir.path}, which is no directory`, {
      file: dir.path,
    });
  }
  return readdirSync(root, { recursive: dir.recursive ?? true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() || (entry.isSymbolicLink() && !isDirectory(join(entry.parentPath, entry.name))),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => wanted(slashes(relative(root, path))))
    .map((path) => ({
      path,
      name: slashes(relative(projectDir, path)),
      below: relative(root, path).split(sep),
    }));
}

const slashes = (path: string) => (sep === posix.sep ? path : path.replaceAll(sep, posix.sep));

const isDirectory = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Patterns are anchored on the right, as a file list's usually are: `*.sql` holds at any depth. */
function matcher({ include = ["**/*.sql"], exclude = [] }: IncludeDir): (path: string) => boolean {
  const any = (patterns: readonly string[]) => {
    try {
      return picomatch(
        patterns.flatMap((p) => [p, `**/${p}`]),
        { dot: true, strictBrackets: true },
      );
    } catch (cause) {
      throw new ConfitureError("CONFIG_005", `${patterns.join(", ")}: ${(cause as Error).message}`, {
        cause,
      });
    }
  };
  const [isIn, isOut] = [any(include), exclude.length === 0 ? () => false : any(exclude)];
  return (path) => isIn(path) && !isOut(path);
}
