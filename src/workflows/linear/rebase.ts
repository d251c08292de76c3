import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { defineOutput } from "../../base/output.ts";
import { findMigrations, type MigrationFile, requireDirectory } from "../../migrate/files.ts";
import { type LedgerSource, readApplied } from "../../migrate/ledger/read-applied.ts";
import { branchOf } from "../../migrate/linear/branch.ts";
import { isLinear } from "../../migrate/linear/check-sum.ts";
import { moveFiles, movesOf } from "../../migrate/linear/move-files.ts";
import { type Numbered, refuseApplied, renumber } from "../../migrate/linear/renumber.ts";
import { stemOf } from "../../migrate/linear/sum.ts";
import { writeSum } from "../../migrate/linear/write-sum.ts";
import type { Target } from "../../migrate/target.ts";
import { versionAndName } from "../../migrate/version-and-name.ts";
import { compareVersions } from "../../migrate/version.ts";
import type { ScratchOptions } from "../../scratch/scratch.ts";
import { touched } from "./order-issues.ts";
import { proveRebase } from "./prove-rebase.ts";
import { type Base, withBase } from "./with-base.ts";

export const rebaseOutput = defineOutput(
  "migrate.rebase",
  1,
  z.object({
    success: z.boolean(),
    onto: z.string().describe("The ref of git"),
    newest: versionAndName.nullable().describe("The newest migration of the base"),
    renamed: z.array(
      z.object({
        old_version: z.string(),
        version: z.string(),
        name: z.string(),
        files: z.array(z.tuple([z.string(), z.string()])).describe("Old and new names"),
      }),
    ),
    kept: z.array(versionAndName).describe("Migrations of this branch that came late enough"),
    missing: z.array(versionAndName).describe("Migrations of the base that this branch does not have yet"),
    migrations_run: z.int().describe("On the scratch database: those of the base, then those of this branch"),
    sum_file: z.string().nullable().describe("migrations.sum, where there is one"),
    dry_run: z.boolean(),
    hints: z.array(z.string()),
  }),
);

export type RebaseResult = z.infer<typeof rebaseOutput.schema>;

export interface RebaseOptions {
  /** A ref of git. */
  readonly onto: string;
  readonly projectDir: string;
  readonly scratch: ScratchOptions;
  /** Where `generate` keeps what the DDL files said; a migration's file there goes along. */
  readonly snapshotsDir?: string | undefined;
  /** Asked when something is to be renamed: what it has applied keeps its version. */
  readonly ledger?: (() => Promise<LedgerSource | undefined>) | undefined;
  /** Prove it, and write nothing. */
  readonly dryRun?: boolean | undefined;
}

/**
 * Put the migrations that this branch adds behind all of a base, prove the chain that results, rename the files and
 * write `migrations.sum` anew. Throws MIGR_116, MIGR_117, MIGR_119, DIFFER_403, MIGR_106, MIGR_109, CONFIG_004.
 */
export async function rebase(target: Omit<Target, "url">, options: RebaseOptions): Promise<RebaseResult> {
  const { migrationsDir: dir } = target;
  const here = await findMigrations(dir);
  requireDirectory(here);
  const request = { ...options, ...target, ref: options.onto, migrationsDir: resolve(dir) };
  return withBase({ ...request, projectDir: resolve(options.projectDir) }, async (base) => {
    const branch = branchOf({ here, base: base.files, fork: base.fork });
    const [problem] = touched(branch, options.onto);
    if (problem) throw new ConfitureError("MIGR_119", problem.message, { migration: problem.migration! });
    const numbered = renumber(inOrder(branch.added, base), branch.newest?.version);
    const renamed = numbered.filter(({ migration, version }) => migration.version !== version);
    const { rows, hints } = renamed.length === 0 ? NO_ROWS : await readApplied(options.ledger);
    refuseApplied(renamed, rows, new Set(base.files.migrations.map(({ version }) => version)));
    const moves = await movesOf(dir, numbered);
    const chain = { dir, base: base.files, here, moves };
    const count = await proveRebase(target, options.scratch, chain);
    const writesSum = isLinear(dir, target.linear);
    if (!options.dryRun) {
      await moveFiles(dir, moves);
      await moveSnapshots(options.snapshotsDir, renamed);
    }
    const sumFile = writesSum && !options.dryRun ? await writeSum(dir) : null;
    return {
      success: true,
      onto: options.onto,
      newest: branch.newest ? shown(branch.newest) : null,
      renamed: renamed.map(({ migration, version }) => ({
        old_version: migration.version,
        version,
        name: migration.name,
        files: moves
          .filter((move) => move.migration === migration)
          .map(({ from, to }) => [from, to] as [string, string]),
      })),
      kept: numbered.filter((one) => !renamed.includes(one)).map(({ migration }) => shown(migration)),
      missing: branch.missing.map(shown),
      migrations_run: count,
      sum_file: sumFile,
      dry_run: options.dryRun ?? false,
      hints: [...hints, ...hintsOf(options.onto, branch.missing, base)],
    };
  });
}

const NO_ROWS = { rows: [], hints: [] };

const shown = ({ version, name }: MigrationFile) => ({ version, name });

/** In version order; while git replays commits, those of the commits before come first, under their new versions. */
const inOrder = (added: readonly MigrationFile[], { replayed }: Base): MigrationFile[] => {
  const rank = ({ upFile }: MigrationFile) => (replayed.has(basename(upFile)) ? 0 : 1);
  return added.toSorted((a, b) => rank(a) - rank(b) || compareVersions(a.version, b.version));
};

/** Never over a file. */
async function moveSnapshots(dir: string | undefined, renamed: readonly Numbered[]): Promise<void> {
  if (dir === undefined) return;
  for (const { migration, version } of renamed.toReversed()) {
    const from = join(dir, `${stemOf(migration)}.sql`);
    const to = join(dir, `${stemOf({ version, name: migration.name })}.sql`);
    if (existsSync(from) && !existsSync(to)) await rename(from, to);
  }
}

function hintsOf(onto: string, missing: readonly MigrationFile[], { fork }: Base): string[] {
  const shallow =
    "HEAD and its base have no commit in common here, as in a shallow clone, so what one of them removed is a guess.";
  const behind = `This branch has not yet what ${onto} added; when git stops at migrations.sum on the way, run the command again.`;
  return [...(fork === undefined ? [shallow] : []), ...(missing.length > 0 ? [behind] : [])];
}
