import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { ConfitureError } from "../../../src/base/errors.ts";

/** A folder with these files, removed when the running test is over. */
export async function project(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "confiture-config-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  return dir;
}

/** The ConfitureError that `work` fails with. */
export async function failure(work: Promise<unknown>): Promise<ConfitureError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ConfitureError) return error;
  throw new Error("expected a ConfitureError", { cause: error });
}
