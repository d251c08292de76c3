import type { Look, Style } from "../base/style.ts";
import type { Hazard } from "./hazards.ts";

interface TextStep {
  readonly sql: string;
  readonly object: string;
  readonly part_of: string | null;
  readonly transaction: number | null;
  readonly hazards: readonly Hazard[];
  readonly measured: boolean;
}

/**
 * A plan for people: its transactions, what each run of steps is done to, and behind each step what it may do to
 * running work.
 */
export function planText(steps: readonly TextStep[], style: Style): string {
  const blocks: string[][] = [];
  let [last, lastWhole]: [number | null | undefined, string | undefined] = [undefined, undefined];
  for (const step of steps) {
    const { sql, object, part_of, transaction, hazards, measured } = step;
    const isSame = transaction !== null && transaction === last;
    const whole = part_of ?? object;
    if (!isSame)
      blocks.push([
        style("heading", `-- ${transaction === null ? "in no transaction" : `transaction ${transaction}`}`),
      ]);
    else if (whole !== lastWhole) blocks.push([]);
    if (!isSame || whole !== lastWhole) blocks.at(-1)!.push(style("heading", `-- ${whole}`));
    blocks.at(-1)!.push(`${sql};`, ...hazards.map((hazard) => hazardLine(hazard, style)));
    if (measured && hazards.every(({ hazard }) => hazard !== "rewrite" && hazard !== "scan"))
      blocks.at(-1)!.push(style("aside", "--   measured: goes through no rows"));
    [last, lastWhole] = [transaction, whole];
  }
  return blocks.map((block) => block.join("\n")).join("\n\n");
}

const hazardLine = ({ hazard, object, lock, effect }: Hazard, style: Style): string => {
  const about = [lock, object].filter((part) => part !== null).join(" on ");
  return style(lookOf({ hazard, lock }), `--   ${hazard}: ${about}: ${effect}`);
};

const lookOf = ({ hazard, lock }: Pick<Hazard, "hazard" | "lock">): Look => {
  if (hazard === "data-loss") return "danger";
  return hazard === "rewrite" || hazard === "unknown" || lock === "ACCESS EXCLUSIVE" ? "caution" : "aside";
};
