import { link, rm } from "node:fs/promises";
import { join } from "node:path";
import { ConfitureError } from "../base/errors.ts";
import type { MigrationFiles } from "./files.ts";
import { properName } from "./proper-name.ts";

/** What was renamed, or would be, and what was not. */
export interface Renaming {
  readonly fixed: readonly [old: string, name: string][];
  readonly errors: readonly [file: string, reason: string][];
}

/**
 * Rename `<version>_<name>.sql` to `.up.sql`. Never over a file, and never to a version that is taken, by another
 * file or in the ledger: a renamed file is always one that was never run. Throws CONFIG_004 when the disk refuses.
 */
export async function fixNaming(
  files: MigrationFiles,
  applied: ReadonlySet<string>,
  { dryRun = false }: { readonly dryRun?: boolean | undefined } = {},
): Promise<Renaming> {
  const fixed: [string, string][] = [];
  const errors: [string, string][] = [];
  const candidates = misnamedFiles(files);
  for (const [file, name] of candidates) {
    const reason = objection({ files, applied, candidates }, name);
    if (reason !== undefined) errors.push([file, reason]);
    else if (dryRun || (await rename(files.dir, file, name))) fixed.push([file, name]);
    else errors.push([file, `${name} exists`]);
  }
  return { fixed, errors };
}

/** Files that a renaming would make migrations, with the name they would get. */
export const misnamedFiles = (files: MigrationFiles): (readonly [file: string, name: string])[] =>
  files.orphans.flatMap((file) => {
    const name = properName(file);
    return name === undefined ? [] : [[file, name] as const];
  });

interface Claims {
  readonly files: MigrationFiles;
  readonly applied: ReadonlySet<string>;
  readonly candidates: readonly (readonly [file: string, name: string])[];
}

const versionOf = (name: string): string => name.split("_")[0]!;

/** Why a file must not get this name. */
function objection({ files, applied, candidates }: Claims, name: string): string | undefined {
  const version = versionOf(name);
  if (applied.has(version)) return `version ${version} is in the ledger already`;
  const isTaken =
    files.migrations.some((m) => m.version === version) ||
    files.python.some((other) => versionOf(other) === version) ||
    candidates.filter(([, other]) => versionOf(other) === version).length > 1;
  return isTaken ? `version ${version} would be claimed by two files` : undefined;
}

/** False when the name is taken by now; a plain rename would replace what is there, a copy could be cut short. */
async function rename(dir: string, file: string, name: string): Promise<boolean> {
  try {
    await link(join(dir, file), join(dir, name));
    await rm(join(dir, file));
    return true;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    throw new ConfitureError("CONFIG_004", `${file} cannot be renamed: ${message}`, {
      file: join(dir, file),
      cause,
    });
  }
}
