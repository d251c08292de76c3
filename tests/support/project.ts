import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Io, main } from "../../src/cli/main.ts";
import { requirePublished } from "./published.ts";

/** A throwaway project folder; disposing removes it. */
export interface Project extends Disposable {
  readonly dir: string;
  write(file: string, text: string | Uint8Array): void;
  path(file: string): string;
}

/** A project with these files, by path below it. */
export function testProject(files: Readonly<Record<string, string>> = {}): Project {
  const dir = mkdtempSync(join(tmpdir(), "confiture-test-"));
  const path = (file: string) => join(dir, file);
  const write = (file: string, text: string | Uint8Array) => {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), text);
  };
  for (const [file, text] of Object.entries(files)) write(file, text);
  return { dir, path, write, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Migration files from `{ "001_a": ["up sql", "down sql"] }`; without a down text there is no down file. */
export const migrationFiles = (
  migrations: Readonly<Record<string, string | readonly [up: string, down: string]>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(migrations).flatMap(([stem, texts]) => {
      const [up, down] = typeof texts === "string" ? [texts, undefined] : texts;
      const files = [[`db/migrations/${stem}.up.sql`, up]];
      return down === undefined ? files : [...files, [`db/migrations/${stem}.down.sql`, down]];
    }),
  );

export interface CliAnswer {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  /** stdout as JSON; throws when it is anything else. */
  readonly json: Record<string, unknown> & { readonly error?: Record<string, unknown> };
}

/**
 * Run the CLI in this process, in a project's folder, with nothing of the real environment, and no terminal but the given one.
 * Throws when an answer in JSON is not one document of the shape that `schemas/` publishes for it.
 */
export async function cli(
  cwd: string,
  words: string | readonly string[],
  environment: Readonly<Record<string, string>> = {},
  terminal: Pick<Io, "ask" | "style"> = {},
): Promise<CliAnswer> {
  let [out, err] = ["", ""];
  const argv = typeof words === "string" ? words.split(" ").filter(Boolean) : [...words];
  const exit = await main(argv, {
    cwd,
    environment,
    ...terminal,
    out: (text) => void (out += text),
    err: (text) => void (err += text),
  });
  await requirePublished(argv, { cwd, out });
  return {
    exit,
    out,
    err,
    get json() {
      return JSON.parse(out) as CliAnswer["json"];
    },
  };
}
