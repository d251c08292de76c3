import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ConfitureError } from "../../base/errors.ts";
import { type ProposalOptions, proposeRules, type SyncInitResult } from "../propose.ts";
import type { Selection } from "../selection.ts";
import type { SyncSide } from "../sync.ts";

export interface InitOptions extends Omit<ProposalOptions, "existing"> {
  /** Where the rules file is. */
  readonly path: string;
  /** Write it anew, whatever it says. */
  readonly force: boolean;
}

/**
 * Write a rules file for a database, or add to the one that is there what it lacks. Throws CONFIG_004 when it cannot be
 * read or written, else as `proposeRules`.
 */
export async function initRules(
  side: SyncSide,
  selection: Selection,
  { path, force, ...options }: InitOptions,
): Promise<SyncInitResult> {
  const found = await readIfThere(path, options.file);
  const existing = force ? null : found;
  const { result, text } = await proposeRules(side, selection, { ...options, existing });
  if (text !== existing) await write(path, text, options.file);
  return result.outcome === "created" && found !== null ? { ...result, outcome: "rewritten" } : result;
}

async function readIfThere(path: string, file: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    throw new ConfitureError("CONFIG_004", `${file} cannot be read: ${message}`, { file, cause });
  }
}

/** Whatever happens, the file holds the text from before or this one. */
async function write(path: string, text: string, file: string): Promise<void> {
  const beside = `${path}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(beside, text);
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => {});
    const message = `${file} cannot be written: ${(cause as Error).message}`;
    throw new ConfitureError("CONFIG_004", message, { file, cause, actionable: "Check the path." });
  }
}
