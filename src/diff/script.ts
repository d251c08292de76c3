import type { Step } from "./plan.ts";

/** Steps that run in one transaction, or one that runs in none. */
export interface Segment<S extends Step = Step> {
  readonly transactional: boolean;
  readonly steps: readonly S[];
}

/** The transactions of a plan, in order. */
export function segmentsOf<S extends Step>(steps: readonly S[]): Segment<S>[] {
  const segments: { transactional: boolean; steps: S[]; open: boolean }[] = [];
  for (const step of steps) {
    const last = segments.at(-1);
    if (step.transaction === "shared" && last?.open) last.steps.push(step);
    else {
      const open = step.transaction === "shared";
      segments.push({ transactional: step.transaction !== "none", steps: [step], open });
    }
  }
  return segments.map(({ transactional, steps: own }) => ({ transactional, steps: own }));
}

/** Bodies of functions may use what later steps make. */
export const PREAMBLE = "set check_function_bodies = off";

/** A plan as an SQL script, ready for psql; empty for no steps. */
export function planScript(steps: readonly Step[]): string {
  if (steps.length === 0) return "";
  const segments = segmentsOf(steps).map(({ transactional, steps: own }) => {
    const body = linesOf(own);
    return transactional ? `begin;\n${body}\ncommit;` : body;
  });
  return `${[...(holdCode(steps) ? [`${PREAMBLE};`] : []), ...segments].join("\n\n")}\n`;
}

const linesOf = (steps: readonly Step[]): string => steps.map(({ sql }) => `${sql};`).join("\n");

const holdCode = (steps: readonly Step[]): boolean => steps.some((step) => step.holdsCode);

/** What a migration's file says: one transaction, or statements that each are one. */
export interface FileText {
  readonly steps: readonly Step[];
  readonly text: string;
}

/** A plan cut into files: what can stand in one transaction, and what runs statement by statement between. */
export function planFiles(steps: readonly Step[]): FileText[] {
  const runs: { steps: Step[]; together: boolean }[] = [];
  for (const step of steps) {
    const together = step.transaction === "shared";
    const last = runs.at(-1);
    if (last?.together === together) last.steps.push(step);
    else runs.push({ steps: [step], together });
  }
  return runs.map(({ steps: own, together }) => ({ steps: own, text: fileText(own, together) }));
}

/** The statements of one file of a migration, with the directive that it needs. */
export function fileText(
  steps: readonly Step[],
  together = steps.every((step) => step.transaction === "shared"),
): string {
  const setting = holdCode(steps) ? `${together ? "set local" : "set"} check_function_bodies = off;\n` : "";
  return `${together ? "" : "-- confiture: no-transaction\n"}${setting}${linesOf(steps)}\n`;
}
