import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import { Connection } from "../pg/connection.ts";
import { applyScripts, parseSources } from "./apply.ts";
import { composeBody, composeHeader, type Separator } from "./compose.ts";
import {
  readSources,
  requireTerminated,
  type SchemaInput,
  type SchemaSource,
  schemaHash,
} from "./sources.ts";
import { moveForeignKeysLast } from "./two-pass.ts";

export const buildOutput = defineOutput(
  "build",
  1,
  z.object({
    success: z.boolean(),
    files_processed: z.int(),
    schema_size_bytes: z.int(),
    output_path: z.string(),
    hash: z.string().nullable().describe("v1:<SHA-256> of the input, where it was asked for"),
    execution_time_ms: z.int(),
    applied: z
      .object({ statements: z.int(), deferred: z.int() })
      .nullable()
      .describe("What ran on the database; null when none was asked for"),
    warnings: z.array(z.string()),
    error: z.null(),
  }),
);

export type BuildResult = z.infer<typeof buildOutput.schema>;

export interface BuildOptions extends SchemaInput {
  readonly environment: string;
  /** File for the built script, relative to the project. */
  readonly output: string;
  readonly separator?: Separator | undefined;
  readonly showHash?: boolean | undefined;
  /** Put every foreign key after all tables. */
  readonly twoPass?: boolean | undefined;
  /** What a file means that ends inside a comment or string; default fail. */
  readonly checkUnterminated?: "fail" | "warn" | "off" | undefined;
  /** Database that the schema is applied to. */
  readonly applyTo?:
    | { readonly url: string; readonly environment: Readonly<Record<string, string | undefined>> }
    | undefined;
}

/**
 * Write all DDL files as one script and, where asked, apply them to a database.
 * Throws SCHEMA_200 to SCHEMA_207, SCHEMA_001, CONFIG_004 or CONFIG_006; the script is written whole or not at all.
 */
export async function build(options: BuildOptions): Promise<BuildResult> {
  const started = performance.now();
  const sources = readSources(options);
  const warnings = checkTerminated(sources, options.checkUnterminated ?? "fail");
  const hash = schemaHash(sources);
  const ordered = options.twoPass ? await moveForeignKeysLast(sources) : sources;
  const header = composeHeader(options.environment, hash, sources.length);
  const text = header + composeBody(ordered, options.separator ?? { style: "block_comment" });
  await writeWhole(resolve(options.projectDir, options.output), text);
  return {
    success: true,
    files_processed: sources.length,
    schema_size_bytes: Buffer.byteLength(text),
    output_path: relative(options.projectDir, resolve(options.projectDir, options.output)),
    hash: options.showHash ? hash : null,
    applied: options.applyTo ? await applyTo(options.applyTo, sources) : null,
    warnings,
    error: null,
    execution_time_ms: Math.round(performance.now() - started),
  };
}

function checkTerminated(sources: readonly SchemaSource[], check: "fail" | "warn" | "off"): string[] {
  if (check === "off") return [];
  return sources.flatMap((source) => {
    try {
      requireTerminated(source);
      return [];
    } catch (error) {
      if (check === "fail" || !(error instanceof ConfitureError)) throw error;
      return [`${error.message} (line ${error.context.line ?? "?"})`];
    }
  });
}

async function applyTo(
  { url, environment }: NonNullable<BuildOptions["applyTo"]>,
  sources: readonly SchemaSource[],
) {
  const scripts = await parseSources(sources);
  await using db = await Connection.open(url, { environment });
  return await applyScripts(db, scripts);
}

async function writeWhole(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.tmp`, text);
    await rename(`${path}.tmp`, path);
  } catch (cause) {
    throw new ConfitureError("CONFIG_004", `${path} cannot be written: ${(cause as Error).message}`, {
      file: path,
      cause,
    });
  }
}
