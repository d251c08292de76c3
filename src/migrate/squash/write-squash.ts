import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { ConfitureError } from "../../base/errors.ts";
import type { MigrationFile } from "../files.ts";

/** Where the files of a squash go. */
export interface SquashFiles {
  readonly up: string;
  readonly down: string;
  /** Takes the files of the squashed migrations; below the migrations directory, where nothing is read. */
  readonly archive: string;
}

export const squashFiles = (dir: string, version: string, name: string): SquashFiles => ({
  up: join(dir, `${version}_${name}.up.sql`),
  down: join(dir, `${version}_${name}.down.sql`),
  archive: join(dir, "archive", version),
});

const ENDINGS = [".up.sql", ".down.sql", ".verify.sql", ".yaml", ".yml"];

/** Names of the files of these migrations, those beside their SQL included. */
export async function filesOf(dir: string, migrations: readonly MigrationFile[]): Promise<string[]> {
  const wanted = new Set(
    migrations.flatMap(({ version, name }) =>
      ENDINGS.map((ending) => `${[version, name].filter(Boolean).join("_")}${ending}`),
    ),
  );
  return (await readdir(dir)).filter((file) => wanted.has(file)).toSorted();
}

/**
 * Put the new files into the place of the old ones, which go to the archive: all of it, or nothing of it.
 * Throws MIGR_114 when a file would be overwritten, CONFIG_004 when the folder cannot be written.
 */
export async function writeSquash(
  dir: string,
  old: readonly string[],
  files: SquashFiles,
  texts: { readonly up: string; readonly down: string | undefined },
): Promise<void> {
  await refuseOverwriting(dir, old, files);
  const undo: (() => Promise<void>)[] = [];
  const move = async (from: string, to: string) => {
    await rename(from, to);
    undo.unshift(() => rename(to, from));
  };
  const write = async (file: string, text: string) => {
    await writeFile(`${file}.tmp`, text, { flag: "wx" });
    undo.unshift(() => rm(`${file}.tmp`, { force: true }));
  };
  try {
    await mkdir(files.archive, { recursive: true });
    await write(files.up, texts.up);
    if (texts.down !== undefined) await write(files.down, texts.down);
    for (const name of old) await move(join(dir, name), join(files.archive, name));
    await move(`${files.up}.tmp`, files.up);
    if (texts.down !== undefined) await move(`${files.down}.tmp`, files.down);
  } catch (cause) {
    for (const step of undo) await step().catch(() => undefined);
    throw new ConfitureError("CONFIG_004", `the squash cannot be written: ${(cause as Error).message}`, {
      file: dir,
      cause,
    });
  }
}

async function refuseOverwriting(dir: string, old: readonly string[], files: SquashFiles): Promise<void> {
  const archived = new Set(await readdir(files.archive).catch(() => []));
  const beside = new Set(await readdir(dir));
  const taken = [
    ...old.filter((name) => archived.has(name)).map((name) => join(files.archive, name)),
    ...[files.up, files.down].filter((f) => beside.has(basename(f)) && !old.includes(basename(f))),
  ];
  if (taken.length === 0) return;
  throw new ConfitureError("MIGR_114", `${taken.join(", ")} would be overwritten`, {
    file: taken[0],
    details: { files: taken },
    actionable: "Move what is there away first.",
  });
}
