import { ConfitureError } from "../../base/errors.ts";
import type { Connection } from "../../pg/connection.ts";
import { type Treatment, unsearchedColumns } from "../treatment.ts";
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
/** Rows of each part that are looked into. */
const ROWS = { sample: 10_000, full: null } as const;

/** Look for the source's values of masked columns in text columns of the copy. */
export async function checkLeaks(
  source: Connection,
  target: Connection,
  treatments: readonly Treatment[],
  { scanned, extent }: { readonly scanned: readonly Scanned[]; readonly extent: Extent },
): Promise<LeakScan> {
  const { needles, untold } = await readNeedles(source, treatments, VALUES[extent]);
  const leaks = needles.length === 0 ? [] : await scanForLeaks(target, needles, scanned, ROWS[extent]);
  return { extent, values: needles.length, untold, unsearched: unsearchedColumns(treatments), leaks };
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
