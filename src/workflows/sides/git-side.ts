import { existsSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { ConfitureError } from "../../base/errors.ts";
import type { SchemaInput, SchemaSource } from "../../build/sources.ts";
import { schemaSources } from "../scratch-schema.ts";
import { ddlSide, fileSource, inputOf, requireSchema } from "./ddl-side.ts";
import { withTree } from "./git-tree.ts";
import type { Side, SideContext } from "./side.ts";

/**
 * The DDL files as a ref of git has them: those of the project, or of a path that starts where all others do.
 * Throws DIFFER_402; opening it throws DIFFER_403, SCHEMA_201 where the ref has no such files, else as a build.
 */
export function gitSide(word: string, context: SideContext): Side {
  const [, ref = "", path] = /^git:([^:]*)(?::(.*))?$/s.exec(word) ?? [];
  if (ref === "" || ref.startsWith("-") || path === "")
    throw new ConfitureError("DIFFER_402", `${word} names no ref, or no path, of git`);
  if (path?.endsWith(".sql")) return ddlSide(word, () => fileAt(ref, path, context), context);
  const input = path === undefined ? requireSchema(context) : inputOf(resolve(context.cwd, path), context);
  return ddlSide(word, () => sourcesAt(ref, input, context), context);
}

async function fileAt(ref: string, word: string, context: SideContext): Promise<SchemaSource[]> {
  const path = resolve(context.cwd, word);
  return withTree(request(ref, [path], context), (at) => {
    if (!existsSync(at(path))) throw absent(ref, [word]);
    return [fileSource(at(path), word)];
  });
}

/** Relative paths stay as they are below another project folder, so the files keep their names. */
async function sourcesAt(ref: string, input: SchemaInput, context: SideContext): Promise<SchemaSource[]> {
  const { projectDir, includeDirs, excludeDirs = [] } = input;
  const absolute = (path: string) => resolve(projectDir, path);
  const paths = includeDirs.map(({ path }) => absolute(path));
  return withTree(request(ref, paths, context), (at) => {
    if (!paths.some((path) => existsSync(at(path))))
      throw absent(
        ref,
        includeDirs.map(({ path }) => path),
      );
    const moved = (path: string) => (isAbsolute(path) ? at(path) : path);
    return schemaSources({
      ...input,
      projectDir: at(projectDir),
      includeDirs: includeDirs.map((dir) => ({ ...dir, path: moved(dir.path) })),
      excludeDirs: excludeDirs.map(moved),
    });
  });
}

const request = (ref: string, paths: readonly string[], { projectDir, target }: SideContext) => ({
  ref,
  paths,
  projectDir,
  environment: target.environment,
  signal: target.signal,
});

const absent = (ref: string, paths: readonly string[]): ConfitureError =>
  new ConfitureError("SCHEMA_201", `git:${ref} has no ${paths.join(", ")}`, {
    details: { ref, paths },
    actionable: "Name where the DDL files lie there: git:REF:PATH.",
  });
