import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";
import type { Jiti } from "jiti";
import { lineIn } from "./module-stack.ts";

let compiler: Promise<Jiti> | undefined;

/** The TypeScript loader, made once; it keeps nothing on disk. */
function jiti(): Promise<Jiti> {
  compiler ??= import("jiti").then(({ createJiti }) =>
    createJiti(import.meta.url, { fsCache: false, interopDefault: false, alias: ownName() }),
  );
  return compiler;
}

/** `import … from "confiture"` means the library that runs the migration, installed beside it or not. */
function ownName(): Record<string, string> {
  try {
    return { confiture: createRequire(import.meta.url).resolve("confiture") };
  } catch {
    return {};
  }
}

const isTypeScript = (path: string): boolean => [".ts", ".mts"].includes(extname(path));

/** What a module exports; `path` is absolute. JavaScript is loaded by Node itself. */
export async function importModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  if (!isTypeScript(path)) return import(pathToFileURL(path).href);
  return (await jiti()).import<Record<string, unknown>>(path);
}

/** Why and where a module does not load; without a line when the fault lies in what it imports. */
export async function whereItFails(
  error: unknown,
  path: string,
): Promise<{ message: string; line: number | undefined; actionable: string | undefined }> {
  const text = error instanceof Error ? error.message : String(error);
  const message = text.split("\nRequire stack:")[0]!.replaceAll(/\s+/g, " ").trim();
  const line = error instanceof Error ? lineIn(error.stack, path) : undefined;
  const actionable = /^Cannot find (module|package) 'confiture'/.test(text)
    ? "Install confiture in the project, or import nothing but types from it."
    : undefined;
  if (line !== undefined || !(error instanceof SyntaxError)) return { message, line, actionable };
  return { message, line: await syntaxErrorLine(path), actionable };
}

/** Node does not tell where a module does not parse; the compiler does, in what it makes of it. */
async function syntaxErrorLine(path: string): Promise<number | undefined> {
  const source = await readFile(path, "utf8");
  const compiled = (await jiti()).transform({ source, filename: path, async: true });
  const line = /^exports\.__JITI_ERROR__ = \{.*"line":(\d+)/.exec(compiled)?.[1];
  return line === undefined ? undefined : Number(line);
}
