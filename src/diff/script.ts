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
    const body = own.map(({ sql }) => `${sql};`).join("\n");
    return transactional ? `begin;\n${body}\ncommit;` : body;
  });
  return `${[`${PREAMBLE};`, ...segments].join("\n\n")}\n`;
}
