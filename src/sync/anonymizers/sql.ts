import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { nodesOf } from "../../sql/node.ts";
import { loadParser, parseTrees, type Tree } from "../../sql/parse.ts";
import { defineAnonymizer } from "../anonymizer.ts";

const options = z.strictObject({
  expression: z
    .string()
    .min(1)
    .describe(
      "SQL that the source evaluates for each value that is not NULL; `{column}` stands for the column",
    ),
  keeps_distinct: z
    .boolean()
    .default(false)
    .describe(
      "Say that it gives different values for different ones, so that it may be used in a unique column",
    ),
});

/** What a select of nothing but one expression has. */
const FIELDS = new Set(["targetList", "limitOption", "op"]);

/** The expression in parentheses; throws ANON_1400 for text that is more than one, or none. */
async function oneExpression(expression: string, column: string): Promise<string> {
  const text = `(${expression.replaceAll("{column}", () => column)}\n)`;
  await loadParser();
  const trees = parsed(`select ${text}`);
  const fields = Object.entries(trees[0]?.node ?? {});
  const isOne = fields.every(([field]) => FIELDS.has(field)) && nodesOf(fields[0]?.[1]).length === 1;
  if (trees.length !== 1 || !isOne) {
    throw new ConfitureError("ANON_1400", `this is not one expression: ${expression}`);
  }
  return text;
}

/** Without the places in the text, which is a part of a rules file. */
function parsed(text: string): readonly Tree[] {
  try {
    return parseTrees({ text, file: "the expression" }, "ANON_1400");
  } catch (error) {
    if (!(error instanceof ConfitureError)) throw error;
    throw new ConfitureError(error.code, error.message, { cause: error });
  }
}

export const sql = defineAnonymizer({
  name: "sql",
  summary: "What an SQL expression of your own gives, evaluated at the source",
  options,
  accepts: "any",
  isKeyed: false,
  distinctness: ({ keeps_distinct: keepsDistinct }) => (keepsDistinct ? "bijection" : "lossy"),
  expression: ({ expression }, _column, value) => oneExpression(expression, value),
  prepare() {
    throw new ConfitureError("ANON_1400", "sql is evaluated at the source: it takes whole columns only");
  },
  example: {
    options: { expression: "left({column}, 1) || '.'" },
    type: "text",
    values: ["Lovelace", "Byron"],
  },
});
