import { ConfitureError } from "../../base/errors.ts";
import type { Connection } from "../../pg/connection.ts";
import { type Treatment, unsearchedColumns } from "../treatment.ts";
import type { Needle } from "./needles.ts";
import { readNeedles } from "./read-needles.ts";
import { type Leak, type Scanned, scanForLeaks } from "./scan.ts";

/** How much is looked at: a sample, or as much as is there. */
export type Extent = "sample" | "full";

export interface LeakScan {
  readonly extent: Extent;
  /** Values of masked columns that were looked for. */
  readonly values: number;
  /** Values by column that would tell nothing: too short, or such as the anonymizer gives itself. */
  readonly untold: Readonly<Record<string, number>>;
  /** Columns that were not searched because their rules say so. */
  readonly unsearched: readonly string[];
  readonly leaks: readonly Leak[];
}

/** Values of each column that are looked for. */
const VALUES = { sample: 1000, full: 100_000 } as const;
/** Values of all columns together that a sample has. */
const SAMPLED_VALUES = 50_000;
/** Values that are looked for at once, as they are kept in memory meanwhile. */
const AT_ONCE = 200_000;
/** Rows of each part that are looked into. */
const ROWS = { sample: 10_000, full: null } as const;

/** Look for the source's values of masked columns in text columns of the copy. */
export async function checkLeaks(
  source: Connection,
  target: Connection,
  treatments: readonly Treatment[],
  { scanned, extent }: { readonly scanned: readonly Scanned[]; readonly extent: Extent },
): Promise<LeakScan> {
  const untold: Record<string, number> = {};
  const leaks: Leak[] = [];
  let values = 0;
  let batch: Needle[] = [];
  const search = async () => {
    if (batch.length > 0) leaks.push(...(await scanForLeaks(target, batch, scanned, ROWS[extent])));
    batch = [];
  };
  for await (const found of readNeedles(source, treatments, valuesOfEach(treatments, extent))) {
    if (found.untold > 0) untold[found.column] = found.untold;
    values += found.needles.length;
    if (batch.length + found.needles.length > AT_ONCE) await search();
    batch = [...batch, ...found.needles];
  }
  await search();
  return { extent, values, untold, unsearched: unsearchedColumns(treatments), leaks };
}

function valuesOfEach(treatments: readonly Treatment[], extent: Extent): number {
  const masked = treatments.filter(({ rule }) => !rule.anonymizer.isPlain).length;
  return extent === "full"
    ? VALUES.full
    : Math.min(VALUES.sample, Math.max(1, Math.floor(SAMPLED_VALUES / masked)));
}

/** The error of a copy in which values of the source were found; it repeats none of them. */
export function leakFound(leaks: readonly Leak[], state: string): ConfitureError {
  const shown = leaks.map(({ from, found_in: place, times }) => `${from} in ${place} (${times}x)`);
  return new ConfitureError("SYNC_304", `values of masked columns were found: ${shown.join(", ")}`, {
    actionable:
      "Give the columns in which they were found an anonymizer too, or {anonymizer: keep, searched: false} where their words are names by nature.",
    details: { leaks, target: state },
  });
}
