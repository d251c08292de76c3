import type { Hazard } from "./hazards.ts";

interface TextStep {
  readonly sql: string;
  readonly transaction: number | null;
  readonly hazards: readonly Hazard[];
}

/** A plan for people: its transactions, and behind each step what it may do to running work. */
export function planText(steps: readonly TextStep[]): string {
  const lines: string[] = [];
  let last: number | null | undefined;
  for (const { sql, transaction, hazards } of steps) {
    if (transaction === null) lines.push("-- in no transaction");
    else if (transaction !== last) lines.push(`-- transaction ${transaction}`);
    last = transaction === null ? undefined : transaction;
    lines.push(`${sql};`, ...hazards.map(hazardLine));
  }
  return lines.join("\n");
}

const hazardLine = ({ hazard, object, lock, effect }: Hazard): string =>
  `--   ${hazard}: ${[lock, object].filter((part) => part !== null).join(" on ")}: ${effect}`;
