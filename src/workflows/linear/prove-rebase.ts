import { copyFile, cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { ConfitureError } from "../../base/errors.ts";
import {
  findMigrations,
  type MigrationFile,
  type MigrationFiles,
  requireRunnable,
} from "../../migrate/files.ts";
import type { Move } from "../../migrate/linear/move-files.ts";
import { stemOf } from "../../migrate/linear/sum.ts";
import type { Target } from "../../migrate/target.ts";
import { openScratch, type ScratchOptions } from "../../scratch/scratch.ts";
import { openChain } from "../scratch-chain.ts";

/** The chain that a rebase leads to. */
export interface RebasedChain {
  readonly dir: string;
  readonly base: MigrationFiles;
  readonly here: MigrationFiles;
  /** Of every file of the branch's own migrations. */
  readonly moves: readonly Move[];
}

/**
 * Run the migrations of the base and then those of the branch, under their new names, on a scratch database; gives
 * their number. The files are copies. Throws MIGR_117 for one that fails, MIGR_106, MIGR_109, SCRATCH_001.
 */
export async function proveRebase(
  target: Omit<Target, "url">,
  options: ScratchOptions,
  chain: RebasedChain,
): Promise<number> {
  // Beside the directory, so that what a module imports is found from there as well.
  const beside = dirname(resolve(chain.dir));
  const folder = await mkdtemp(join(beside, ".confiture-rebase-")).catch((cause: Error) => {
    throw new ConfitureError(
      "CONFIG_004",
      `no folder for the proof can be made in ${beside}: ${cause.message}`,
      { cause },
    );
  });
  try {
    await layOut(folder, chain);
    const files = await findMigrations(folder);
    requireRunnable(files);
    await using scratch = await openScratch(options);
    await using database = await openChain(scratch, target);
    target.log.info(`proving ${files.migrations.length} migrations on a scratch PostgreSQL ${scratch.major}`);
    for (const migration of files.migrations)
      await database.run(migration).catch((error: unknown) => {
        throw failureOf(error, migration, chain);
      });
    return files.migrations.length;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function layOut(folder: string, { dir, base, here, moves }: RebasedChain): Promise<void> {
  const stems = here.migrations.map((migration) => `${stemOf(migration)}.`);
  const isMigration = (name: string) => stems.some((stem) => name.startsWith(stem));
  const helpers = (await readdir(dir)).filter((name) => name !== "archive" && !isMigration(name));
  for (const name of helpers) await cp(join(dir, name), join(folder, name), { recursive: true });
  if (base.exists) await cp(base.dir, folder, { recursive: true });
  for (const { from, to, text } of moves) {
    if (text === undefined) await copyFile(join(dir, from), join(folder, to));
    else await writeFile(join(folder, to), text);
  }
}

function failureOf(error: unknown, { version, name, upFile }: MigrationFile, chain: RebasedChain): unknown {
  if (!(error instanceof ConfitureError) || !error.code.startsWith("MIGR_")) return error;
  const stem = stemOf({ version, name });
  const own = chain.moves.find(({ to }) => to === basename(upFile));
  const was = own === undefined || own.from === own.to ? "" : ` (now ${own.from})`;
  const whose = own === undefined ? ", which the base has," : was;
  return new ConfitureError("MIGR_117", `${stem}${whose} fails on a scratch database: ${error.message}`, {
    ...error.context,
    file: own && join(chain.dir, basename(own.from)),
    migration: version,
    actionable: undefined,
    cause: error,
  });
}
