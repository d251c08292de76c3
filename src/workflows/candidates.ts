import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { changeText } from "../diff/change.ts";
import { compare } from "../diff/compare.ts";
import { isOutline, isStructure, restrictTo, type Snapshot } from "../schema/snapshot.ts";
import type { Version } from "./versions.ts";

export const candidateSchema = z.object({
  version: z.string(),
  name: z.string(),
  changes: z.int().describe("How much differs; 0 is an exact match"),
  differences: z
    .array(z.string())
    .describe("The first ten: + only in the database, - only in this version, ~ differs"),
});

type Candidate = z.infer<typeof candidateSchema>;

/** Versions that can be gone through more than once. */
export interface Versions {
  visit(): AsyncGenerator<Version>;
  /** Going through them costs little beside reading whole snapshots. */
  readonly outlineFirst: boolean;
}

interface Comparison {
  /** Every exact version and the nearest others; fewest changes first, then newest first. */
  readonly candidates: Candidate[];
  readonly failed: { version: string; error: string }[];
  readonly compared: number;
}

const NEAREST = 5;
const SHOWN = 10;

/** One version while it is compared; `atLeast` is what its outline differs by. */
interface Compared {
  readonly version: string;
  readonly name: string;
  atLeast: number;
  found?: Pick<Candidate, "changes" | "differences">;
}

/**
 * Compare every version with a live database. Where that saves time, all outlines come first: a version that
 * differs more in those than five others do in everything need not be read whole.
 */
export async function compareAll(live: Snapshot, versions: Versions): Promise<Comparison> {
  const outline = restrictTo(live, isOutline);
  const compared: Compared[] = [];
  const failed: { version: string; error: string }[] = [];
  for await (const { version, name, error, snapshot } of versions.visit()) {
    if (error !== undefined) failed.push({ version, error });
    else if (versions.outlineFirst) {
      compared.push({ version, name, atLeast: differences(await snapshot(isOutline), outline).changes });
    } else
      compared.push({ version, name, atLeast: 0, found: differences(await snapshot(isStructure), live) });
  }
  for (let wanted = worthReading(compared); wanted.size > 0; wanted = worthReading(compared)) {
    await readWhole(live, versions, wanted);
  }
  const candidates = compared.flatMap(({ version, name, found }) =>
    found ? [{ version, name, ...found }] : [],
  );
  return { candidates: nearest(candidates), failed, compared: compared.length };
}

/** Those not read yet that may be exact, or nearer than the nearest five. */
function worthReading(compared: readonly Compared[]): ReadonlyMap<string, Compared> {
  const least = (one: Compared) => one.found?.changes ?? one.atLeast;
  const exact = compared.filter(({ found }) => found?.changes === 0).length;
  const limit = compared.map(least).toSorted((a, b) => a - b)[exact + NEAREST - 1] ?? Infinity;
  const wanted = compared.filter((one) => one.found === undefined && one.atLeast <= limit);
  return new Map(wanted.map((one) => [one.version, one]));
}

async function readWhole(
  live: Snapshot,
  versions: Versions,
  wanted: ReadonlyMap<string, Compared>,
): Promise<void> {
  for await (const { version, error, snapshot } of versions.visit()) {
    const one = wanted.get(version);
    if (!one) continue;
    if (error !== undefined)
      throw new ConfitureError("MIGR_001", `${version} failed the second time: ${error}`);
    one.found = differences(await snapshot(isStructure), live);
  }
}

/** What comes along with an added or removed object is no difference of its own. */
function differences(version: Snapshot, live: Snapshot): Pick<Candidate, "changes" | "differences"> {
  const changes = compare(version, live);
  const own = changes.filter(({ within }) => within === null);
  return {
    changes: own.length,
    differences: changeText(changes).split("\n").filter(Boolean).slice(0, SHOWN),
  };
}

function nearest(candidates: readonly Candidate[]): Candidate[] {
  const exact = candidates.filter(({ changes }) => changes === 0).length;
  return candidates
    .toReversed()
    .toSorted((a, b) => a.changes - b.changes)
    .slice(0, exact + NEAREST);
}
