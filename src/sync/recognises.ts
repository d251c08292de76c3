import type { MaskedColumn } from "./anonymizer.ts";
import type { RuleText } from "./rule-schema.ts";

/** What may hold something personal: a column, or a place inside of one. */
export interface Place {
  readonly name: string;
  /** Name of what it belongs to: a table, or an object of a document; empty for nothing. */
  readonly owner: string;
  readonly column: MaskedColumn;
  /** Some that differ, none of them blank. */
  readonly values: readonly string[];
}

/** What was found inside of the values of a place. */
export interface Inside {
  /** Rules by what tells apart the values that they are for. */
  readonly rules: ReadonlyMap<string, RuleText>;
  /** Options of an anonymizer that follows such rules. */
  readonly options: (rules: ReadonlyMap<string, RuleText>) => object;
  /** How many of the place's values hold some. */
  readonly matched: number;
  /** What is found and what stays, for a person; repeats no value. */
  readonly told: string;
}

/** A rule for a place inside of a column, and whether its name speaks for it; null where nothing seems personal. */
export type RecogniseInside = (
  place: Place,
) => Promise<{ readonly rule: RuleText; readonly isByName: boolean } | null>;

/** What speaks for an anonymizer when rules are proposed. */
export interface Recognises {
  /** A name, as words in small letters with `_` between, or the last ones of them. */
  readonly name?: RegExp;
  /** Such names of table and column with a dot between, where a column's alone says too little. */
  readonly qualified?: RegExp;
  /** Types that hold nothing else. */
  readonly types?: readonly string[];
  /** The types that it is proposed for, where it can stand in for more. */
  readonly onlyFor?: readonly string[];
  /** The same value stands for the same person or thing wherever it is, so that columns of it may be joined. */
  readonly isIdentity?: true;
  /** A value as a whole. */
  readonly value?: Pick<RegExp, "test">;
  /** What a value can look like at all: a name says nothing of a column in which most do not. */
  readonly possible?: RegExp;
  /** Looks for values inside of others; without what it finds, a name says nothing of a column with values. */
  readonly within?: (place: Place, recognise: RecogniseInside) => Promise<Inside | null>;
}
