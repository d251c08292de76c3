import { existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConfitureError } from "../../base/errors.ts";
import type { SchemaSource } from "../../build/sources.ts";

/** The `.sql` files below a folder, with forward slashes; none where it does not exist. Throws CONFIG_004 for a file. */
export function sqlFilesIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  try {
    return readdirSync(directory, { recursive: true, encoding: "utf8" })
      .map((file) => file.replaceAll("\\", "/"))
      .filter((file) => file.toLowerCase().endsWith(".sql"))
      .sort();
  } catch (cause) {
    throw unwritable(directory, cause);
  }
}

/**
 * Write files below a folder: all of them beside it first, so that none is there half-written. A new folder appears
 * as a whole; in one that is there files are replaced one by one. Throws CONFIG_004.
 */
export async function writeTree(directory: string, files: readonly SchemaSource[]): Promise<void> {
  try {
    await mkdir(dirname(directory), { recursive: true });
    const beside = await mkdtemp(`${directory}-`);
    try {
      const tree = join(beside, "tree");
      await mkdir(tree);
      for (const { file, text } of files) await writeBelow(tree, file, text);
      if (existsSync(directory)) await moveInto(tree, directory, files);
      else await rename(tree, directory);
    } finally {
      await rm(beside, { recursive: true, force: true });
    }
  } catch (cause) {
    throw unwritable(directory, cause);
  }
}

async function writeBelow(tree: string, file: string, text: string): Promise<void> {
  await mkdir(dirname(join(tree, file)), { recursive: true });
  await writeFile(join(tree, file), text, { flag: "wx" });
}

async function moveInto(tree: string, directory: string, files: readonly SchemaSource[]): Promise<void> {
  for (const { file } of files) {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await rename(join(tree, file), join(directory, file));
  }
}

const unwritable = (directory: string, cause: unknown): ConfitureError =>
  new ConfitureError("CONFIG_004", `${directory} cannot be written: ${(cause as Error).message}`, {
    file: directory,
    cause,
  });
