import { ConfitureError } from "../base/errors.ts";
import type { Step } from "../diff/plan.ts";
import { runSteps } from "../diff/prove.ts";
import { fileText, planFiles } from "../diff/script.ts";
import { generate, type GenerateOptions, type GenerateResult } from "../migrate/generate.ts";
import { requireKept } from "../migrate/linear/write-sum.ts";
import { Connection } from "../pg/connection.ts";
import { type LinkedSnapshot, readLinkedSnapshot } from "../schema/snapshot.ts";
import {
  copyOf,
  planBack,
  proveBothWays,
  type ProveOptions,
  type ProvenSteps,
  readHere,
} from "./proven-plan.ts";
import { openSides, type Sides, type SidesOptions } from "./sides/open-sides.ts";
import type { Side } from "./sides/side.ts";

export interface FromSchemaOptions extends SidesOptions, ProveOptions {
  /** What the migrations lead to. */
  readonly chain: Side;
  /** What the DDL files say. */
  readonly schema: Side;
  readonly allowDataLoss?: boolean | undefined;
}

/** One migration of a plan: the steps of its file, and those that take them back. */
interface Part {
  readonly up: readonly Step[];
  readonly upText: string;
  readonly down: readonly Step[];
}

/**
 * Write the migrations that bring the chain to what the DDL files say, as proven pairs; what cannot stand in one
 * transaction gets a migration of its own. Nothing is written unless everything is proven. Throws DIFFER_404 to
 * DIFFER_406, DIFFER_407 for rows that would be lost, DIFFER_408 when nothing differs,
 * DIFFER_410, and as `generate`.
 */
export async function generateFromSchema(
  options: Omit<GenerateOptions, "type" | "generator" | "text">,
  { chain, schema, allowDataLoss, ...how }: FromSchemaOptions,
): Promise<GenerateResult> {
  await requireKept(options.migrationsDir, options.linear);
  await using sides = await openSides(chain, schema, { ...how, read: readLinkedSnapshot });
  const proven = await proveBothWays(sides, how);
  const { up } = proven;
  if (up.length === 0)
    throw new ConfitureError("DIFFER_408", `The migrations lead to what ${schema.label} says`);
  const loses = [...new Set(up.flatMap((step) => step.loses))];
  if (loses.length > 0 && !allowDataLoss)
    throw new ConfitureError("DIFFER_407", `The plan loses the rows or values of ${loses.join(", ")}`, {
      details: { data_loss: loses },
    });
  const parts = await proveParts(sides, proven, how);
  const written: GenerateResult[] = [];
  for (const [i, part] of parts.entries()) {
    const name = i === 0 ? options.name : `${options.name}_${i + 1}`;
    written.push(await generate({ ...options, name, text: textOf(part, sides.to.snapshot.major) }));
    if (options.dryRun) break;
  }
  return {
    ...written[0]!,
    next_available_version: written.at(-1)!.next_available_version,
    warnings: written.flatMap(({ warnings }) => warnings),
    parts: written.map(({ version, filepath, down_filepath }) => ({ version, filepath, down_filepath })),
    statements: up.length,
    data_loss: loses,
  };
}

/** Runs the files one by one on a copy, then back one by one, each to the state before it. Names change in the first. */
async function proveParts(
  sides: Sides<LinkedSnapshot>,
  { up, renames }: ProvenSteps,
  { keywords }: ProveOptions,
): Promise<Part[]> {
  await using database = await copyOf(sides.from, await sides.scratch());
  await using db = await Connection.open(database.url);
  const files = planFiles(up);
  const before: LinkedSnapshot[] = [];
  for (const { steps } of files) {
    before.push(await readHere(db));
    await runSteps(db, steps);
  }
  const parts: Part[] = [];
  for (const [i, { steps, text }] of [...files.entries()].toReversed()) {
    const state = { before: before[i]!, renames: i === 0 ? renames : [] };
    const down = await planBack(db, state, { online: false, keywords });
    parts.unshift({ up: steps, upText: text, down });
  }
  return parts;
}

function textOf({ up, upText, down }: Part, major: number): { up: string; down: string } {
  const header = (what: string, steps: readonly Step[]) => {
    const lost = [...new Set(steps.flatMap(({ loses }) => loses))].map(
      (object) => `-- Loses the rows or values of ${object}.\n`,
    );
    return `-- ${what}, proven on a scratch database of PostgreSQL ${major}.\n${lost.join("")}`;
  };
  return {
    up: withHeader(upText, header("Generated from the DDL files", up)),
    down: withHeader(fileText(down), header("The way back to the catalog before", down)),
  };
}

/** A directive stays in the leading comment. */
const withHeader = (text: string, header: string): string =>
  text.startsWith("--") ? `${header}${text}` : `${header}\n${text}`;
