import { posix } from "node:path";
import type { Refusal, SourceDir } from "./source-dir.ts";
import type { ToolFiles, ToolMigration } from "./tool.ts";

const LANGUAGES: Readonly<Record<string, string>> = {
  cjs: "JavaScript",
  class: "compiled Java",
  clj: "Clojure",
  coffee: "CoffeeScript",
  cts: "TypeScript",
  exs: "Elixir",
  go: "Go",
  groovy: "Groovy",
  jar: "compiled Java",
  java: "Java",
  js: "JavaScript",
  kt: "Kotlin",
  mjs: "JavaScript",
  mts: "TypeScript",
  php: "PHP",
  pl: "Perl",
  ps1: "PowerShell",
  py: "Python",
  rb: "Ruby",
  scala: "Scala",
  sh: "a shell script",
  ts: "TypeScript",
};

/** A file without its folders and its last extension. */
export const stemOf = (file: string): string => posix.basename(file, posix.extname(file));

/** Code cannot be carried; undefined when the file is none. `stem` is the name its SQL should have here. */
function refuseCode(file: string, stem: string): Refusal | undefined {
  const language = LANGUAGES[posix.extname(file).slice(1)];
  if (language === undefined || file.endsWith(".d.ts")) return undefined;
  return { file, reason: `is ${language}; write its SQL as ${stem}.up.sql` };
}

/** `<digits>_<name>`, cut in two; undefined for anything else. */
export function numbered(stem: string): { version: string; name: string } | undefined {
  const [, version, name] = /^(\d+)_(.+)$/.exec(stem) ?? [];
  return version !== undefined && name !== undefined ? { version, name } : undefined;
}

/** `1-name` as `1_name`, for tools to which both are one. */
export const underscored = (stem: string): string => stem.replace(/^(\d+)-/, "$1_");

/** `carried`: it goes along with another file. */
type Read = ToolMigration | Refusal | "ignored" | "carried";

/**
 * Read one file after the other: SQL through `read`, everything else told as ignored. A tool that runs code gives
 * `codeStem`, the name under which a file's SQL can be written here; what has one is refused.
 */
export function readEach(
  files: readonly string[],
  read: (file: string) => Read,
  codeStem?: (file: string) => string | undefined,
): ToolFiles {
  const migrations: ToolMigration[] = [];
  const refused: Refusal[] = [];
  const ignored: string[] = [];
  const readCode = (file: string): Read => {
    const stem = codeStem?.(file);
    return (stem === undefined ? undefined : refuseCode(file, stem)) ?? "ignored";
  };
  for (const file of files) {
    const result = file.endsWith(".sql") ? read(file) : readCode(file);
    if (result === "ignored") ignored.push(file);
    else if (result === "carried") continue;
    else if ("reason" in result) refused.push(result);
    else migrations.push(result);
  }
  return { migrations, refused, ignored };
}

/** Files of the directory itself; a tool that looks no deeper ignores the rest. */
export const topLevel = (source: SourceDir): string[] => source.files.filter((file) => !file.includes("/"));

export const misnamed = (file: string, form: string): Refusal => ({
  file,
  reason: `is not named ${form}, so its place in the order is unknown`,
});

/** Files of a direction that stand alone: a way back without the way there. */
export const withoutUp = (file: string): Refusal => ({ file, reason: "has no up file beside it" });

export const inNumericOrder = (files: ToolFiles): ToolFiles => ({
  ...files,
  migrations: files.migrations.toSorted((a, b) => {
    const difference = BigInt(a.version) - BigInt(b.version);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }),
});

/** A version of digits without leading zeros, as a tool keeps it that stores numbers. */
export const asNumber = (version: string): string =>
  /^\d+$/.test(version) ? BigInt(version).toString() : version;

/** A word that can stand in a file's name. */
export const fileWord = (text: string): string =>
  text.replaceAll(/[^\p{L}\p{N}_.@+-]+/gu, "-").replaceAll(/^[-.]+|-+$/g, "") || "migration";

/** The place in a sequence as a version: four digits, more when there are more. */
export const sequenceVersion = (index: number, count: number): string =>
  String(index + 1).padStart(Math.max(4, String(count).length), "0");
