import { ConfitureError } from "../base/errors.ts";
import { changeText } from "../diff/change.ts";
import { compare } from "../diff/compare.ts";
import type { MigrationFile } from "../migrate/files.ts";
import type { Target } from "../migrate/target.ts";
import type { Snapshot } from "../schema/snapshot.ts";
import type { ScratchServer } from "../scratch/scratch.ts";
import { openChain, type ScratchChain } from "./scratch-chain.ts";

/** A chain before and after a squash. */
export interface Squashing {
  readonly parts: readonly MigrationFile[];
  readonly squashed: MigrationFile;
  /** Migrations behind the squash. */
  readonly rest: readonly MigrationFile[];
}

type Scratch = Omit<Target, "url">;

const SHOWN = 10;

/**
 * Run the chain and the squashed chain on two scratch databases and compare their catalogs, after the squash and
 * at the end. Throws MIGR_114 with what differs or fails.
 */
export async function proveSquash(
  scratch: ScratchServer,
  target: Scratch,
  { parts, squashed, rest }: Squashing,
): Promise<void> {
  const before = await runChain(scratch, target, [parts, rest]);
  const after = await runChain(scratch, target, [[squashed], rest]);
  refuseDifferences(before[0]!, after[0]!, `after ${squashed.version}`);
  refuseDifferences(before[1]!, after[1]!, "at the end of the chain");
}

/** Why the way back of a squash does not lead to an empty database; undefined when it does. */
export async function flawOfDown(
  scratch: ScratchServer,
  target: Scratch,
  squashed: MigrationFile,
): Promise<string | undefined> {
  await using chain = await openChain(scratch, target);
  const empty = await chain.snapshot();
  await chain.run(squashed);
  try {
    await chain.run(squashed, "down");
  } catch (error) {
    if (!isFailure(error)) throw error;
    return error.message;
  }
  const left = linesOf(empty, await chain.snapshot());
  return left.length === 0 ? undefined : `it leaves ${left.slice(0, SHOWN).join("; ")}`;
}

/** The catalog after each of the stretches, one run on top of the other. */
async function runChain(
  scratch: ScratchServer,
  target: Scratch,
  stretches: readonly (readonly MigrationFile[])[],
): Promise<Snapshot[]> {
  await using chain = await openChain(scratch, target);
  const snapshots: Snapshot[] = [];
  for (const migrations of stretches) {
    for (const migration of migrations) await runOne(chain, migration);
    snapshots.push(await chain.snapshot());
  }
  return snapshots;
}

async function runOne(chain: ScratchChain, migration: MigrationFile): Promise<void> {
  try {
    await chain.run(migration);
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw new ConfitureError(
      "MIGR_114",
      `${migration.version}_${migration.name} fails on a scratch database, so nothing is proven: ${error.message}`,
      { ...error.context, migration: migration.version, actionable: remedyOf(error), cause: error },
    );
  }
}

/** 55P04: unsafe use of new value of an enum. */
const remedyOf = ({ context }: ConfitureError): string | undefined =>
  context.details?.["sqlstate"] === "55P04"
    ? "Before PostgreSQL 17 a transaction cannot use a value that it adds to an enum: squash through the migration that adds it."
    : undefined;

const isFailure = (error: unknown): error is ConfitureError =>
  error instanceof ConfitureError && error.code.startsWith("MIGR_");

const linesOf = (from: Snapshot, to: Snapshot): string[] =>
  changeText(compare(from, to)).split("\n").filter(Boolean);

function refuseDifferences(before: Snapshot, after: Snapshot, where: string): void {
  const lines = linesOf(before, after);
  if (lines.length === 0) return;
  throw new ConfitureError("MIGR_114", `the squash leads to another catalog ${where}: ${lines[0]}`, {
    details: { differences: lines.slice(0, SHOWN), differences_total: lines.length },
  });
}
