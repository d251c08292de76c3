import { mkdir, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import { toolNamed } from "./adopt/adopt.ts";
import { findMigrations, type MigrationFiles } from "./files.ts";
import { keepingSum, type SumOptions } from "./linear/write-sum.ts";
import { carry, type Carried } from "./adopt/carry.ts";
import { readSourceDir, type Refusal } from "./adopt/source-dir.ts";
import { asNumber } from "./adopt/tool-files.ts";

export const importOutput = defineOutput(
  "import",
  1,
  z.object({
    status: z.enum(["success", "dry_run"]),
    tool: z.string(),
    source_dir: z.string(),
    migrations_dir: z.string(),
    imported: z.array(
      z.object({
        version: z.string(),
        name: z.string(),
        source: z.string().describe("File of the tool, below source_dir"),
        files: z.array(z.string()).describe("Files written, or that would be"),
      }),
    ),
    refused: z
      .array(z.object({ file: z.string(), line: z.int().nullable(), reason: z.string() }))
      .describe("With --partial: what was left out"),
    ignored: z.array(z.string()).describe("Files that are no migrations"),
    warnings: z.array(z.string()),
  }),
);

export type ImportResult = z.infer<typeof importOutput.schema>;

export interface ImportOptions extends SumOptions {
  readonly tool: string;
  /** The tool's migrations directory. */
  readonly dir: string;
  readonly migrationsDir: string;
  /** Carry what can be carried, and tell the rest as `refused`. */
  readonly partial?: boolean | undefined;
}

/**
 * Write another tool's SQL migrations as `.up.sql`/`.down.sql` pairs; all of them or none, and never over a file.
 * Throws ADOPT_003 for what cannot be carried, ADOPT_004 for what is there already, MIGR_115, CONFIG_004, CONFIG_008.
 */
export async function importMigrations(options: ImportOptions): Promise<ImportResult> {
  const { dir, migrationsDir } = options;
  const tool = toolNamed(options.tool);
  const source = await readSourceDir(dir);
  const read = tool.readFiles(source);
  const { carried, refused, warnings } = await carry(read.migrations);
  const allRefused = [...source.unreadable, ...read.refused, ...refused].toSorted((a, b) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : (a.line ?? 0) - (b.line ?? 0),
  );
  if (allRefused.length > 0 && !options.partial) throw refusal(tool.name, dir, allRefused);
  if (carried.length + allRefused.length === 0) {
    throw new ConfitureError("CONFIG_004", `${dir} holds no migration of ${tool.name}`, { file: dir });
  }
  await keepingSum(migrationsDir, options, async () => {
    refuseClashes(await findMigrations(migrationsDir), carried);
    if (!options.dryRun) await writeAll(migrationsDir, carried);
  });
  return {
    status: options.dryRun ? "dry_run" : "success",
    tool: tool.name,
    source_dir: dir,
    migrations_dir: migrationsDir,
    imported: carried.map(({ version, name, source: file, files }) => ({
      version,
      name,
      source: file,
      files: files.map((one) => join(migrationsDir, one.name)),
    })),
    refused: allRefused.map(asDetail),
    ignored: [...read.ignored],
    warnings: [...warnings],
  };
}

const asDetail = ({ file, line, reason }: Refusal) => ({ file, line: line ?? null, reason });

const SHOWN = 10;

function refusal(tool: string, dir: string, refused: readonly Refusal[]): ConfitureError {
  const told = refused
    .slice(0, SHOWN)
    .map(({ file, line, reason }) => `${file}${line === undefined ? "" : `:${line}`} ${reason}`);
  const more = refused.length > SHOWN ? [`and ${refused.length - SHOWN} more`] : [];
  return new ConfitureError(
    "ADOPT_003",
    `what ${tool} has in ${dir} cannot be carried whole: ${[...told, ...more].join("; ")}`,
    {
      file: join(dir, refused[0]!.file),
      line: refused[0]!.line,
      details: { refused: refused.map(asDetail) },
    },
  );
}

/** A version that is there already, even as another number of digits, must not come twice. */
function refuseClashes(existing: MigrationFiles, carried: readonly Carried[]): void {
  const taken = new Map(existing.migrations.map((m) => [asNumber(m.version), basename(m.upFile)]));
  const orphans = new Set(existing.orphans);
  const clashes = carried.flatMap(({ version, files }) => {
    const holder = taken.get(asNumber(version)) ?? files.find(({ name }) => orphans.has(name))?.name;
    return holder === undefined ? [] : [{ file: files[0]!.name, exists: holder }];
  });
  if (clashes.length === 0) return;
  throw new ConfitureError(
    "ADOPT_004",
    `${existing.dir} holds already what would be written: ${clashes.map((one) => one.exists).join(", ")}`,
    { file: join(existing.dir, clashes[0]!.exists), details: { clashes } },
  );
}

/** Write every file or, when one cannot be written, none. */
async function writeAll(dir: string, carried: readonly Carried[]): Promise<void> {
  if (carried.length === 0) return;
  const written: string[] = [];
  let made: string | undefined;
  try {
    made = await mkdir(dir, { recursive: true });
    for (const { name, text } of carried.flatMap((one) => one.files)) {
      await writeFile(join(dir, name), text, { flag: "wx" });
      written.push(join(dir, name));
    }
  } catch (cause) {
    for (const file of written) await rm(file, { force: true });
    if (made !== undefined) await rmdir(dir).catch(() => {});
    throw couldNotWrite(cause as NodeJS.ErrnoException, dir);
  }
}

const couldNotWrite = (cause: NodeJS.ErrnoException, dir: string): ConfitureError =>
  cause.code === "EEXIST"
    ? new ConfitureError("ADOPT_004", `${cause.path ?? dir} exists already`, { file: cause.path, cause })
    : new ConfitureError("CONFIG_004", `${cause.path ?? dir} cannot be written: ${cause.message}`, {
        file: cause.path,
        cause,
      });
