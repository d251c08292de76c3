import { join, resolve } from "node:path";
import { ConfitureError } from "../base/errors.ts";
import { build } from "../build/build.ts";
import type { SchemaInput } from "../build/sources.ts";
import { generate, type GenerateOptions, type GenerateResult } from "../migrate/generate.ts";

/** Where the snapshot of a migration goes, and what it is made of. */
export interface SnapshotRequest {
  readonly dir: string;
  readonly environment: string;
  /** Undefined for a project that has no DDL files. */
  readonly schema: SchemaInput | undefined;
}

/**
 * Write a new migration and, beside it, what the DDL files say at that time: `<version>_<name>.sql`.
 * A snapshot that cannot be built is a warning; throws what `generate` throws.
 */
export async function generateWithSnapshot(
  options: GenerateOptions,
  snapshot: SnapshotRequest | undefined,
): Promise<GenerateResult> {
  const result = await generate(options);
  if (!snapshot) return result;
  const file = join(snapshot.dir, `${result.version}_${result.name}.sql`);
  const written = { ...result, snapshot: file, snapshot_mode: "static" as const };
  if (!snapshot.schema) return without(result, "there are no DDL files");
  if (options.dryRun) return written;
  try {
    const { schema, environment } = snapshot;
    await build({ ...schema, schemaOnly: true, environment, output: resolve(file) });
    return written;
  } catch (error) {
    if (!(error instanceof ConfitureError)) throw error;
    return without(result, error.message);
  }
}

const without = (result: GenerateResult, reason: string): GenerateResult => ({
  ...result,
  warnings: [...result.warnings, `no snapshot is written: ${reason}`],
});
