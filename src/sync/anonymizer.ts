import type * as z from "zod";
import type { Draw } from "./keyed/draw.ts";
import type { Masker } from "./keyed/masker.ts";
import type { Digits } from "./keyed/permutation.ts";
import type { Recognises } from "./recognises.ts";
import type { RuleText } from "./rule-schema.ts";

/** What an anonymizer may know of the column that it stands in for. */
export interface MaskedColumn {
  /** As in pg_type.typname, domains resolved, elements of arrays by themselves; e.g. `int4`, `varchar`. */
  readonly type: string;
  /** As SQL writes the type; e.g. `character varying(80)`. */
  readonly sqlType: string;
  /** Characters of text, or null for any number of them. */
  readonly maxLength: number | null;
  /** Digits before and behind the point of a numeric, or null. */
  readonly precision: number | null;
  readonly scale: number | null;
  /** What an enum has, else empty. */
  readonly labels: readonly string[];
  readonly isNullable: boolean;
  /** Values that differ must stay different: of it, or of a column in the same identity domain. */
  readonly isUnique: boolean;
}

/**
 * How far values that differ stay different: always (`bijection`), but for a collision that is expected once in 10^15
 * values (`collision-free`), or not (`lossy`).
 */
export type Distinctness = "bijection" | "collision-free" | "lossy";

/** Gives what stands in for a value, both as PostgreSQL writes the type as text; NULL never gets here. */
export type Mask = (value: string, draw: Draw) => string | null;

/** Values as digits of which every combination is a value, so that they can be permuted by a key. */
export interface Format {
  /** Null for a value that is not of this format. */
  split(value: string): Digits | null;
  /** The value with other digits. */
  join(digits: readonly number[], value: string): string;
  /**
   * Whether it may stand in for the original, which itself always may: the column can hold it, and it is of the same
   * sort. Another one is permuted again. Always, where this is left out.
   */
  readonly holds?: (value: string, original: string) => boolean;
  /** For values that are not of the format; the mask, where this is left out. */
  readonly otherwise?: Mask;
}

/** What an anonymizer does with one column. */
export interface Masking {
  readonly mask: Mask;
  /** Permutes the values of a column that must stay unique. */
  readonly format?: Format;
}

/** What one does that leaves values inside the column's to maskers of other anonymizers, which take many at once. */
export interface NestedMasking {
  readonly masker: Masker;
}

/** What an anonymizer may ask of those that use it. */
export interface Tools {
  /** Does with values inside the column's what a rule says, as it stands in a rules file; throws as `prepare`. */
  masker(rule: RuleText, column: MaskedColumn): Promise<Masker>;
}

/** Whether a value could be the result of an anonymization, so that it tells nothing when it is found in the target. */
export type MayGive = (value: string) => boolean;

/** Replaces the values of a column. Same value, key and identity domain, same result: in every table and every run. */
export interface Anonymizer<O extends object = object> {
  readonly name: string;
  /** Names by which rules files of Confiture for Python know it. */
  readonly aliases?: readonly string[];
  /** One line for the documentation. */
  readonly summary: string;
  readonly options: z.ZodType<O>;
  /** It gives the value itself, so that the column is copied as it is. */
  readonly isPlain?: true;
  /** Whether the column is searched for values of masked ones; those are that are plain or partial, unless it says no. */
  readonly isSearched?: (options: O) => boolean;
  /** It leaves parts of a value as they are, which may hold values of other columns. */
  readonly isPartial?: true;
  /** It gives NULL whatever the value, so that a column that refers to another may have it alone. */
  readonly isAlwaysNull?: true;
  /** Types that it can stand in for, as pg_type.typname; `any` type. */
  readonly accepts: readonly string[] | "any";
  /** Whether another key gives other results; a run without any such anonymizer needs no key. */
  readonly isKeyed: boolean;
  /** With these options on this column, if it must stay unique. */
  distinctness(options: O, column: MaskedColumn): Distinctness;
  /**
   * An SQL expression that PostgreSQL evaluates at the source instead of a mask, for values that are not NULL; `value`
   * is the column as SQL. Throws as `prepare`.
   */
  readonly expression?: (options: O, column: MaskedColumn, value: string) => string | Promise<string>;
  /**
   * Once for each column; loads what it needs. Throws ANON_1400 when the options do not fit the column. Where there is an
   * expression, it is for values inside a column's.
   */
  prepare(
    options: O,
    column: MaskedColumn,
    tools: Tools,
  ): Masking | NestedMasking | Promise<Masking | NestedMasking>;
  /** What speaks for it when rules are proposed. */
  readonly recognises?: Recognises;
  /** Options with which it keeps values apart, where others do not. */
  readonly whenUnique?: Partial<O>;
  /** It is proposed where those that a column speaks for cannot stand in for it. */
  readonly isFallback?: true;
  /** For one whose results can be values that really occur; `inner` is that of a rule inside the column. */
  readonly mayGive?: (
    options: O,
    column: MaskedColumn,
    inner: (rule: RuleText, column: MaskedColumn) => Promise<MayGive>,
  ) => Promise<MayGive>;
  /** For the documentation and the tests: options as in a rules file, a type, and values of it. */
  readonly example: {
    readonly options: z.input<z.ZodType<O>>;
    readonly type: string;
    readonly values: readonly string[];
  };
}

export const defineAnonymizer = <O extends object>(anonymizer: Anonymizer<O>): Anonymizer<O> => anonymizer;

/** A column of a type that has no limits, for values that are in no column by themselves. */
export const columnOfType = (type: string, given: Partial<MaskedColumn> = {}): MaskedColumn => ({
  type,
  sqlType: type,
  maxLength: null,
  precision: null,
  scale: null,
  labels: [],
  isNullable: true,
  isUnique: false,
  ...given,
});

/** Types of text. */
export const TEXT_TYPES = ["bpchar", "citext", "name", "text", "varchar"] as const;
