import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { defineOutput } from "../base/output.ts";
import { findMigrations, type MigrationFile, migrationNamed, requireRunnable } from "../migrate/files.ts";
import { keepingSum, requireKept } from "../migrate/linear/write-sum.ts";
import { composeSquash, type SquashText } from "../migrate/squash/squash-file.ts";
import type { Target } from "../migrate/target.ts";
import { versionAndName } from "../migrate/version-and-name.ts";
import { filesOf, squashFiles, writeSquash } from "../migrate/squash/write-squash.ts";
import { openScratch, type ScratchOptions } from "../scratch/scratch.ts";
import { flawOfDown, proveSquash } from "./prove-squash.ts";

export const squashOutput = defineOutput(
  "migrate.squash",
  1,
  z.object({
    success: z.boolean(),
    version: z.string(),
    name: z.string(),
    squashed: z.array(versionAndName),
    up_file: z.string(),
    down_file: z.string().nullable(),
    archived_to: z.string().describe("Directory that holds the squashed files now"),
    proven: z.boolean().describe("On scratch databases the chain leads to the same catalog as before"),
    dry_run: z.boolean(),
    warnings: z.array(z.string()),
  }),
);

export type SquashResult = z.infer<typeof squashOutput.schema>;

export interface SquashOptions {
  /** The last migration to squash, inclusive: a version or `version_name`. */
  readonly through: string;
  /** Of the new migration; default `squashed`. */
  readonly name?: string | undefined;
  readonly scratch: ScratchOptions;
  /** Prove it, and write nothing. */
  readonly dryRun?: boolean | undefined;
}

/**
 * Replace the beginning of the chain by one migration of the same version, once it is proven to do the same.
 * Throws MIGR_114 when it does not or cannot be, MIGR_100, MIGR_106, MIGR_109, MIGR_115, CONFIG_004, CONFIG_008.
 */
export async function squash(target: Omit<Target, "url">, options: SquashOptions): Promise<SquashResult> {
  const name = options.name ?? "squashed";
  if (!/^[a-z0-9][a-z0-9_]*$/.test(name))
    throw new ConfitureError(
      "CONFIG_008",
      `"${name}" is no migration name: use lower-case letters, digits and _`,
    );
  const dir = target.migrationsDir;
  await requireKept(dir, target.linear);
  const { parts, rest } = await choose(dir, options.through);
  const { version } = parts.at(-1)!;
  const text = await composeSquash(parts);
  const old = await filesOf(dir, parts);
  const { down, warnings } = await prove(target, options, { parts, rest, name, text });
  const files = squashFiles(dir, version, name);
  await keepingSum(dir, { linear: target.linear, dryRun: options.dryRun }, async () => {
    if (!options.dryRun) await writeSquash(dir, old, files, { up: text.up, down });
  });
  return {
    success: true,
    version,
    name,
    squashed: parts.map((part) => ({ version: part.version, name: part.name })),
    up_file: files.up,
    down_file: down === undefined ? null : files.down,
    archived_to: files.archive,
    proven: true,
    dry_run: options.dryRun ?? false,
    warnings: [...warnings, ...sidecarWarnings(old)],
  };
}

async function choose(dir: string, through: string) {
  const files = await findMigrations(dir);
  requireRunnable(files);
  const last = migrationNamed(files, through);
  const count = files.migrations.indexOf(last) + 1;
  if (count < 2) {
    throw new ConfitureError(
      "MIGR_114",
      `nothing comes before ${last.version}, so there is nothing to squash`,
      {
        migration: last.version,
        actionable: "Squash through a later version.",
      },
    );
  }
  const parts = files.migrations.slice(0, count);
  refuseModules(parts);
  return { parts, rest: files.migrations.slice(count) };
}

/** What a module does is known only by running it, so it has no text to carry over. */
function refuseModules(parts: readonly MigrationFile[]): void {
  const found = parts.find(({ kind }) => kind === "module");
  if (found === undefined) return;
  throw new ConfitureError("MIGR_114", `${found.upFile} is a module, which has no text to carry over`, {
    migration: found.version,
    file: found.upFile,
  });
}

interface Proof {
  readonly parts: readonly MigrationFile[];
  readonly rest: readonly MigrationFile[];
  readonly name: string;
  readonly text: SquashText;
}

/** Gives the way back that may be written, and why there is none. */
async function prove(
  target: Omit<Target, "url">,
  options: SquashOptions,
  { parts, rest, name, text }: Proof,
): Promise<{ down: string | undefined; warnings: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), "confiture-squash-"));
  try {
    const { up, down } = squashFiles(folder, parts.at(-1)!.version, name);
    await writeFile(up, text.up);
    if ("text" in text.down) await writeFile(down, text.down.text);
    const [squashed] = (await findMigrations(folder)).migrations;
    target.log.info(`proving the squash of ${parts.length} migrations on scratch databases`);
    await using scratch = await openScratch(options.scratch);
    await proveSquash(scratch, target, { parts, rest, squashed: squashed! });
    const enumWarnings = scratch.major < USES_ENUM_VALUES ? [] : text.enumValues.map(enumWarning);
    const flaw = "flaw" in text.down ? text.down.flaw : await flawOfDown(scratch, target, squashed!);
    if (flaw === undefined && "text" in text.down) return { down: text.down.text, warnings: enumWarnings };
    return { down: undefined, warnings: [...enumWarnings, `no way back is written: ${flaw}`] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The version since which a transaction may use a value that it adds to an enum it creates. */
const USES_ENUM_VALUES = 17;

const enumWarning = (version: string): string =>
  `${version} adds a value to an enum, which before PostgreSQL ${USES_ENUM_VALUES} what follows cannot use in one transaction: for such servers prove the squash on one of them, with --scratch-url`;

const sidecarWarnings = (old: readonly string[]): string[] =>
  old
    .filter((file) => !file.endsWith(".up.sql") && !file.endsWith(".down.sql"))
    .map((file) => `${file} goes to the archive as well: what it checks is not carried over`);
