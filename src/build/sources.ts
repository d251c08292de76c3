import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { ConfitureError } from "../base/errors.ts";
import { findUnterminated } from "../sql/lexer.ts";
import { decodeUtf8 } from "../sql/decode-utf8.ts";
import { pointerAt, positionAt } from "../sql/position.ts";
import { discover, type IncludeDir, type SchemaFile } from "./discover.ts";
import { inOrder, type SortMode } from "./order.ts";

/** Where the DDL files of a schema lie and how they are put in order. */
export interface SchemaInput {
  readonly projectDir: string;
  readonly includeDirs: readonly IncludeDir[];
  readonly excludeDirs?: readonly string[] | undefined;
  readonly sortMode?: SortMode | undefined;
  /** Leave out files below a folder named seed or seeds. */
  readonly schemaOnly?: boolean | undefined;
}

/** One file of the schema with its text. */
export interface SchemaSource {
  readonly file: string;
  readonly text: string;
}

/**
 * Read the schema's files in build order. Synchronous, because thousands of small reads are
 * several times faster so. Throws SCHEMA_201, SCHEMA_205, SCHEMA_206 or CONFIG_005.
 */
export function readSources(input: SchemaInput): SchemaSource[] {
  const mode = input.sortMode ?? "alphabetical";
  const files = discover(input.projectDir, input.includeDirs, input.excludeDirs ?? []);
  return files
    .flatMap((group) => inOrder(group, mode))
    .filter((file) => !(input.schemaOnly && isSeed(file)))
    .map((file) => ({ file: file.name, text: readText(file) }));
}

const isSeed = ({ name }: SchemaFile) =>
  name
    .split("/")
    .slice(0, -1)
    .some((folder) => /^seeds?$/i.test(folder));

function readText({ path, name }: SchemaFile): string {
  const bytes = readFileSync(path);
  return isUtf8(bytes) ? bytes.toString("utf8").replace(/^\uFEFF/, "") : decodeUtf8(bytes, name);
}

/** Refuse a file that ends inside a comment, string or quoted name: it would swallow the next one. */
export function requireTerminated({ file, text }: SchemaSource): void {
  const open = findUnterminated(text);
  if (!open) return;
  throw new ConfitureError("SCHEMA_206", `${file} ends inside a ${open.what}`, {
    file,
    line: positionAt(text, open.start).line,
    pointer: pointerAt(text, open.start),
  });
}

/** `v1:` and the SHA-256 over every file's name, NUL, text, NUL, in build order. */
export function schemaHash(sources: readonly SchemaSource[]): string {
  const hash = createHash("sha256");
  for (const { file, text } of sources) hash.update(`${file}\0`).update(text).update("\0");
  return `v1:${hash.digest("hex")}`;
}
