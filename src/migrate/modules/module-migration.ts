import { readFile, realpath } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import { ConfitureError } from "../../base/errors.ts";
import { sha256 } from "../../base/hash.ts";
import type { MigrationClient } from "./migration-client.ts";
import { type Attributes, attributesOf } from "./module-attributes.ts";
import { importModule, whereItFails } from "./module-import.ts";
import type { Precondition } from "../preconditions/precondition-types.ts";
import { preconditionsOf, type PreconditionProblem } from "../preconditions/precondition-values.ts";

/** A migration that is a module, loaded and judged before anything runs. */
export interface ModuleMigration {
  readonly file: string;
  /** SHA-256 of the file's bytes, hex. */
  readonly checksum: string;
  readonly transactional: boolean;
  readonly requiresSuperuser: boolean;
  readonly irreversible: boolean;
  readonly runAs: string | undefined;
  readonly lockTimeoutMs: number | undefined;
  readonly upPreconditions: readonly Precondition[];
  readonly downPreconditions: readonly Precondition[];
  readonly up: (db: MigrationClient) => unknown;
  /** Undefined when there is no way back. */
  readonly down: ((db: MigrationClient) => unknown) | undefined;
}

interface Loaded {
  readonly checksum: string;
  readonly exports: Promise<Readonly<Record<string, unknown>>>;
}

/** By real path; a module is loaded once in a process, as Node does it. */
const LOADED = new Map<string, Loaded>();

/**
 * Load a `.ts`, `.mts`, `.js` or `.mjs` migration, which runs its top-level code.
 * Throws CONFIG_004 when it cannot be read, MIGR_113 when it cannot be loaded or is no migration,
 * MIGR_102 when it says another version or name than its file.
 */
export async function loadModuleMigration(file: string): Promise<ModuleMigration> {
  const { path, bytes } = await readModule(file);
  const checksum = sha256(bytes);
  const exports = await load(file, path, checksum);
  const problems: string[] = [];
  const attributes = attributesOf(exports, problems);
  if (attributes === undefined || problems.length > 0) throw notAMigration(file, problems);
  requireFileName(file, attributes);
  const { transactional, requiresSuperuser, irreversible, runAs, lockTimeoutMs, up, down } = attributes;
  return {
    file,
    checksum,
    transactional,
    requiresSuperuser,
    irreversible,
    runAs,
    lockTimeoutMs,
    up,
    down,
    ...(await modulePreconditions(file, attributes)),
  };
}

async function readModule(file: string): Promise<{ path: string; bytes: Buffer }> {
  try {
    return { path: await realpath(resolve(file)), bytes: await readFile(file) };
  } catch (cause) {
    const { message } = cause as Error;
    throw new ConfitureError("CONFIG_004", `${file} cannot be read: ${message}`, { file, cause });
  }
}

async function load(
  file: string,
  path: string,
  checksum: string,
): Promise<Readonly<Record<string, unknown>>> {
  const loaded = LOADED.get(path) ?? { checksum, exports: importModule(path) };
  LOADED.set(path, loaded);
  if (loaded.checksum !== checksum) {
    throw new ConfitureError("MIGR_113", `${file} was edited after this process had loaded it`, {
      file,
      actionable: "Start the program again.",
    });
  }
  try {
    return await loaded.exports;
  } catch (error) {
    const { message, line, actionable } = await whereItFails(error, path);
    throw new ConfitureError("MIGR_113", `${file} cannot be loaded: ${message}`, {
      file,
      line,
      actionable,
      cause: error,
    });
  }
}

function notAMigration(file: string, problems: readonly string[]): ConfitureError {
  return new ConfitureError("MIGR_113", `${file} is no migration: ${problems.join("; ")}`, {
    file,
    details: { problems },
  });
}

function requireFileName(file: string, attributes: Attributes): void {
  const stem = basename(file, extname(file));
  const at = stem.indexOf("_");
  const [version, name] = at === -1 ? [stem, ""] : [stem.slice(0, at), stem.slice(at + 1)];
  for (const [what, said, named] of [
    ["version", attributes.version, version],
    ["name", attributes.name, name],
  ] as const) {
    if (said === undefined || said === named) continue;
    throw new ConfitureError(
      "MIGR_102",
      `${file} says that its ${what} is ${said}, and its name says ${named}`,
      {
        file,
        actionable: `Rename the file, or leave the ${what} out of the module.`,
      },
    );
  }
}

async function modulePreconditions(
  file: string,
  { upPreconditions, downPreconditions }: Attributes,
): Promise<Pick<ModuleMigration, "upPreconditions" | "downPreconditions">> {
  const problems: PreconditionProblem[] = [];
  const read = {
    upPreconditions: await preconditionsOf(upPreconditions, ["upPreconditions"], problems),
    downPreconditions: await preconditionsOf(downPreconditions, ["downPreconditions"], problems),
  };
  if (problems.length === 0) return read;
  throw notAMigration(
    file,
    problems.map(({ message }) => message),
  );
}
