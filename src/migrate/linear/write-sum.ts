import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfitureError } from "../../base/errors.ts";
import { withFileLock } from "../../scratch/file-lock.ts";
import { currentHost } from "../../scratch/host.ts";
import { findMigrations } from "../files.ts";
import { isLinear, type Linear, sumMismatch } from "./check-sum.ts";
import { sumFileOf, sumLines, sumText } from "./sum.ts";

/** Write `migrations.sum` for the files as they are; gives its path. Throws CONFIG_004. */
export async function writeSum(dir: string): Promise<string> {
  const file = sumFileOf(dir);
  const text = sumText(sumLines(await findMigrations(dir)));
  const beside = `${file}.tmp`;
  try {
    await writeFile(beside, text);
    await rename(beside, file);
    return file;
  } catch (cause) {
    await rm(beside, { force: true });
    throw new ConfitureError("CONFIG_004", `${file} cannot be written: ${(cause as Error).message}`, {
      file,
      cause,
    });
  }
}

export interface SumOptions {
  readonly linear?: Linear;
  /** The work writes nothing, and so nothing is written here. */
  readonly dryRun?: boolean | undefined;
}

/**
 * Run what writes or renames migration files, and `migrations.sum` with it; where there is to be none, only the work.
 * Throws MIGR_115 before the work when the file does not match: what was edited must not be accepted along the way.
 */
export async function keepingSum<T>(
  dir: string,
  { linear, dryRun }: SumOptions,
  work: () => Promise<T>,
): Promise<T> {
  await requireKept(dir, linear);
  if (dryRun || !isLinear(dir, linear)) return await work();
  await mkdir(dir, { recursive: true }).catch((cause: Error) => {
    throw new ConfitureError("CONFIG_004", `${dir} cannot be made: ${cause.message}`, { cause });
  });
  return await withFileLock(currentHost(), join(dir, ".migrations.sum.lock"), async () => {
    await requireKept(dir, linear);
    const result = await work();
    await writeSum(dir);
    return result;
  });
}

/** Refuse to write beside files that are not those of `migrations.sum`: MIGR_115. The first migration brings it along. */
export async function requireKept(dir: string, linear: Linear): Promise<void> {
  if (!isLinear(dir, linear)) return;
  const files = await findMigrations(dir);
  const found = isLinear(dir, undefined) || files.migrations.length > 0 ? sumMismatch(files) : undefined;
  if (found !== undefined) throw found;
}
