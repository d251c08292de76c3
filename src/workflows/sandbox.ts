import type { SchemaInput } from "../build/sources.ts";
import type { Sandbox } from "../coordinate/sandbox/sandbox.ts";
import { keepSandbox, type SandboxRequest } from "../coordinate/sandbox/sandboxes.ts";
import type { Target } from "../migrate/target.ts";
import { describeTarget } from "../pg/dsn.ts";
import { openScratch, type ScratchDatabase, type ScratchOptions } from "../scratch/scratch.ts";
import { buildAll, exportedFiles } from "./export/export-schema.ts";
import { schemaSources } from "./scratch-schema.ts";

/** What a sandbox starts as: a project's DDL files, or the structure of a live database without its rows. */
export type SandboxSource =
  | { readonly schema: SchemaInput; readonly log: Target["log"] }
  | { readonly database: Target };

/**
 * A database of its own that outlives the command; built once for the same files, and copied then. Throws the SCHEMA_*
 * errors of a build, those of an export, SCRATCH_001 to SCRATCH_003 or CONFIG_006.
 */
export async function createSandbox(
  source: SandboxSource,
  { scratch: options, ...request }: SandboxRequest & { readonly scratch: ScratchOptions },
): Promise<Sandbox> {
  const { files, from, major, target } = await startOf(source, options);
  await using scratch = await openScratch({ ...options, major });
  const database: ScratchDatabase = await buildAll(scratch, files, target);
  return await keepSandbox(scratch, database, { ...request, from, host: options.host });
}

async function startOf(source: SandboxSource, scratch: ScratchOptions) {
  if ("schema" in source)
    return { files: schemaSources(source.schema), from: "schema", major: scratch.major, target: source };
  const { database: target } = source;
  const { files, live } = await exportedFiles(target, { scratch });
  return { files, from: describeTarget(target.url, target.environment), major: live.major, target };
}
