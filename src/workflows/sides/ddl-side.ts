import { readFileSync, statSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { ConfitureError } from "../../base/errors.ts";
import type { SchemaInput, SchemaSource } from "../../build/sources.ts";
import { decodeUtf8 } from "../../sql/decode-utf8.ts";
import { buildSources, schemaSources } from "../scratch-schema.ts";
import { snapshotOfMade } from "./built-side.ts";
import type { Side, SideContext } from "./side.ts";

/** DDL files, built on a scratch database; opening it throws the SCHEMA_* errors of a build. */
export const ddlSide = (
  label: string,
  find: () => SchemaSource[] | Promise<SchemaSource[]>,
  { target }: SideContext,
): Side => ({
  label,
  major: async () => null,
  async open({ scratch, read }) {
    const sources = await find();
    const make = async () => buildSources(await scratch(), sources, target.log);
    const snapshot = await snapshotOfMade(make, target, read);
    return { snapshot, sources, copy: make, [Symbol.asyncDispose]: async () => {} };
  },
});

/** The configured DDL files; throws SCHEMA_201 for a project that has none. */
export function configuredSide(context: SideContext): Side {
  const schema = requireSchema(context);
  const label = schema.includeDirs.map(({ path }) => path).join(", ");
  return ddlSide(label, () => schemaSources(schema), context);
}

export function requireSchema({ schema }: SideContext): SchemaInput {
  if (schema !== undefined) return schema;
  throw new ConfitureError("SCHEMA_201", "there are no DDL files: no include_dirs, and no db/schema");
}

/** A folder of DDL files or one `.sql` file. Throws SCHEMA_201 for what does not exist, DIFFER_402 for any other file. */
export function pathSide(word: string, context: SideContext): Side {
  const path = resolve(context.cwd, word);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new ConfitureError("SCHEMA_201", `${word} does not exist`, { file: word });
  if (found.isDirectory()) return ddlSide(word, () => schemaSources(inputOf(path, context)), context);
  if (!path.endsWith(".sql"))
    throw new ConfitureError("DIFFER_402", `${word} is neither a folder nor an .sql file`, { file: word });
  return ddlSide(word, () => [fileSource(path, word)], context);
}

/** One file as the whole schema. */
export const fileSource = (path: string, file: string): SchemaSource => ({
  file,
  text: decodeUtf8(readFileSync(path), file),
});

/** As configured where the folder is, or holds, what `include_dirs` names; else every `.sql` file in it. */
export function inputOf(path: string, { projectDir, schema }: SideContext): SchemaInput {
  const includeDirs = schema?.includeDirs.filter((dir) => isWithin(resolve(projectDir, dir.path), path));
  if (schema !== undefined && includeDirs?.length) return { ...schema, includeDirs };
  return {
    projectDir,
    includeDirs: [{ path: relative(projectDir, path) || "." }],
    sortMode: schema?.sortMode,
  };
}

/** Whether a path is a folder or lies in it; both are absolute. */
export function isWithin(path: string, folder: string): boolean {
  const below = relative(folder, path);
  return below !== ".." && !below.startsWith(`..${sep}`) && !isAbsolute(below);
}
