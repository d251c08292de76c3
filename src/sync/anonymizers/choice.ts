import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { defineAnonymizer, type MaskedColumn } from "../anonymizer.ts";
import { fixedValue, requireFits } from "../values/fixed-value.ts";
import type { Draw } from "../keyed/draw.ts";

const options = z
  .strictObject({
    values: z
      .array(fixedValue)
      .min(1)
      .optional()
      .describe("What to choose from; for an enum its labels, for a boolean both, where this is left out"),
    weights: z
      .array(z.number().positive())
      .optional()
      .describe("How often each of the values, as numbers that are compared with each other"),
  })
  .refine(({ values, weights }) => weights === undefined || weights.length === values?.length, {
    error: "as many weights as values",
    path: ["weights"],
  });
type Options = z.infer<typeof options>;

function valuesOf({ values }: Options, column: MaskedColumn): readonly string[] {
  if (values !== undefined) return values;
  return column.type === "bool" ? ["t", "f"] : column.labels;
}

/** One of a list, each as often as its weight says. */
function weighted(values: readonly string[], weights: readonly number[]): (draw: Draw) => string {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  const bounds = weights.map((weight) => (sum += weight) / total);
  return (draw) => {
    const point = draw.below(2 ** 53) / 2 ** 53;
    const at = bounds.findIndex((bound) => point < bound);
    return values.at(at)!;
  };
}

export const choice = defineAnonymizer({
  name: "choice",
  summary: "One of a list of values",
  options,
  accepts: "any",
  isKeyed: true,
  distinctness: () => "lossy",
  prepare(given, column) {
    const values = valuesOf(given, column);
    if (values.length === 0) {
      throw new ConfitureError("ANON_1400", `${column.sqlType} has no labels to choose from: give values`);
    }
    for (const value of values) requireFits(value, column);
    if (given.weights === undefined) return { mask: (_value, draw) => draw.of(values) };
    const choose = weighted(values, given.weights);
    return { mask: (_value, draw) => choose(draw) };
  },
  mayGive: async (given, column) => {
    const values = new Set(valuesOf(given, column));
    return (found) => values.has(found);
  },
  example: {
    options: { values: ["red", "green", "blue"], weights: [5, 3, 2] },
    type: "text",
    values: ["mauve", "teal", "ochre", "lime", "rose"],
  },
});
