import { withKeywords } from "../../src/sql/keywords.ts";
import { meaningOf } from "../../src/sql/parse.ts";

/** Statements that do not mean the same with their keywords in the other case, or do not come back from it. Needs `loadParser`. */
export const misspelled = (statements: readonly string[]): string[] =>
  statements.filter((statement) => {
    const [lower, upper] = [withKeywords(statement, "lower"), withKeywords(statement, "upper")];
    const meaning = meaningOf(statement);
    return (
      meaning === null ||
      upper === lower ||
      [lower, upper].some((spelled) => meaningOf(spelled) !== meaning) ||
      withKeywords(upper, "lower") !== lower
    );
  });
