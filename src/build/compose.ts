import type { SchemaSource } from "./sources.ts";

/** What stands between two files in the built script. */
export interface Separator {
  readonly style: "block_comment" | "line_comment" | "custom";
  /** For `custom`; holds `{file_path}`. */
  readonly template?: string | undefined;
}

const RULE = "=".repeat(42);

const SEPARATORS: Readonly<Record<Separator["style"], (file: string, template: string) => string>> = {
  block_comment: (file) => `\n/*${RULE}\n * File: ${file}\n ${RULE}*/\n`,
  line_comment: (file) => `\n-- ${RULE}\n-- File: ${file}\n-- ${RULE}\n`,
  custom: (file, template) => `\n${template.replaceAll("{file_path}", file)}\n`,
};

/** All files as one script; the same files give the same bytes. */
export function composeBody(sources: readonly SchemaSource[], separator: Separator): string {
  const separate = SEPARATORS[separator.style];
  return sources
    .map(({ file, text }) => {
      const safe = file.replaceAll("*/", "* /").replaceAll("\n", " ");
      return `${separate(safe, separator.template ?? "")}${text}${text.endsWith("\n") || text === "" ? "" : "\n"}`;
    })
    .join("");
}

/** The comment above a built script: no time in it, so that equal input gives an equal file. */
export const composeHeader = (environment: string, hash: string, files: number): string =>
  [
    `-- PostgreSQL schema for environment: ${environment}`,
    `-- Schema hash: ${hash}`,
    `-- Files: ${files}`,
    "--",
    "-- Built by confiture from the project's DDL files. Do not edit: change those and build again.",
    "",
  ].join("\n");
