import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfitureError } from "../../base/errors.ts";
import type { MigrationFile } from "../files.ts";
import { stemOf } from "./sum.ts";
import type { Numbered } from "./renumber.ts";

/** A file of a migration that gets a new version. */
export interface Move {
  readonly migration: MigrationFile;
  readonly from: string;
  readonly to: string;
  /** What stands in it then; undefined where that stays. */
  readonly text: string | undefined;
}

const ENDINGS = [".up.sql", ".down.sql", ".verify.sql", ".yaml", ".yml", ".ts", ".mts", ".js", ".mjs"];

/** Every file that belongs to these migrations, also those that keep their names. Throws CONFIG_004. */
export async function movesOf(dir: string, numbered: readonly Numbered[]): Promise<Move[]> {
  const names = new Set(await readdir(dir));
  const moves: Move[] = [];
  for (const { migration, version } of numbered) {
    const stem = stemOf({ version, name: migration.name });
    for (const ending of ENDINGS) {
      const from = `${stemOf(migration)}${ending}`;
      if (!names.has(from)) continue;
      const isModule = !ending.endsWith("sql") && !ending.startsWith(".y");
      const text =
        isModule && version !== migration.version
          ? withVersion(await readFile(join(dir, from), "utf8"), migration.version, version)
          : undefined;
      moves.push({ migration, from, to: `${stem}${ending}`, text });
    }
  }
  return moves;
}

const VERSION = /(\bversion\b(?:\s*:\s*string)?\s*[:=]\s*)(["'`])([^"'`]*)\2/g;

/** A module may say its version, which must be that of its name. */
function withVersion(text: string, old: string, version: string): string | undefined {
  const changed = text.replaceAll(VERSION, (whole, before: string, quote: string, said: string) =>
    said === old ? `${before}${quote}${version}${quote}` : whole,
  );
  return changed === text ? undefined : changed;
}

/** Give files their new names: all of them or none, and none over another. Throws CONFIG_004. */
export async function moveFiles(dir: string, moves: readonly Move[]): Promise<void> {
  const changing = moves.filter(({ from, to }) => from !== to);
  const undo: (() => Promise<unknown>)[] = [];
  const move = async (from: string, to: string) => {
    await rename(join(dir, from), join(dir, to));
    undo.unshift(() => rename(join(dir, to), join(dir, from)));
  };
  const aside = (name: string) => `.${name}.moving`;
  try {
    await refuseOverwriting(dir, changing);
    for (const { from } of changing) await move(from, aside(from));
    for (const { from, to, text } of changing) {
      if (text === undefined) await move(aside(from), to);
      else {
        await writeFile(join(dir, to), text, { flag: "wx" });
        undo.unshift(() => rm(join(dir, to), { force: true }));
      }
    }
  } catch (cause) {
    for (const step of undo) await step();
    if (cause instanceof ConfitureError) throw cause;
    throw new ConfitureError("CONFIG_004", `the migrations cannot be renamed: ${(cause as Error).message}`, {
      file: dir,
      cause,
    });
  }
  for (const { from, text } of changing)
    if (text !== undefined) await rm(join(dir, aside(from)), { force: true });
}

async function refuseOverwriting(dir: string, moves: readonly Move[]): Promise<void> {
  const leaving = new Set(moves.map(({ from }) => from));
  const names = new Set(await readdir(dir));
  const taken = moves.find(({ to }) => names.has(to) && !leaving.has(to));
  if (taken === undefined) return;
  throw new ConfitureError("CONFIG_004", `${join(dir, taken.to)} is there already`, {
    file: join(dir, taken.to),
  });
}
