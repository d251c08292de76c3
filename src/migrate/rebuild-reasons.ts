import { readFileSync } from "node:fs";
import { ConfitureError } from "../base/errors.ts";
import type { MigrationFile } from "./files.ts";

/** Lines of a file in which it may ask for a rebuild. */
const HEAD = 10;

/** Why building the schema anew is better than running these migrations; empty when it is not. Throws CONFIG_004. */
export function rebuildReasons(pending: readonly MigrationFile[], threshold: number): string[] {
  const many =
    pending.length >= threshold
      ? [`${pending.length} migrations are pending, the threshold is ${threshold}`]
      : [];
  const asked = pending
    .filter(asksForRebuild)
    .map(({ upFile }) => `${upFile} asks for it (-- Strategy: rebuild)`);
  return [...many, ...asked];
}

function asksForRebuild({ upFile }: MigrationFile): boolean {
  try {
    const head = readFileSync(upFile, "utf8")
      .replace(/^\uFEFF/, "")
      .split(/\r?\n/, HEAD);
    return head.some((line) => /^\s*--\s*strategy:\s*rebuild\s*$/i.test(line));
  } catch (cause) {
    const message = `${upFile} cannot be read: ${(cause as Error).message}`;
    throw new ConfitureError("CONFIG_004", message, { file: upFile, cause });
  }
}
