import { ConfitureError } from "../../base/errors.ts";
import type { Anonymizer } from "../anonymizer.ts";
import { ANONYMIZERS, KEEP } from "../anonymizers/index.ts";
import { columnMasker, namedDomain } from "../column-masker.ts";
import { prepareColumn } from "../copy/table-copy.ts";
import { masterKey } from "../keyed/master-key.ts";
import type { Place, RecogniseInside } from "../recognises.ts";
import { parseRule, type Rule } from "../rule.ts";
import type { RuleText } from "../rule-schema.ts";
import { maskedColumn, type Treatment } from "../treatment.ts";
import { type Finding, findingsOf, strongestFirst } from "./recognise.ts";
import { keyOf, type Member } from "./subjects.ts";

/** A column that is to have a rule. */
type Held = Pick<Member, "table" | "column">;

/** Why a rule cannot be that of some columns. */
export interface Refusal {
  readonly reason: string;
  /** No length of a column would help: what the anonymizer gives is never kept apart. */
  readonly isByNature: boolean;
}

/** Whether rules fit does not depend on the key. */
const ANY = { key: masterKey("nothing depends on this") };

/** A rule as its text. */
export const ruleText = (name: string, options: object, domain: string | null = null): RuleText =>
  Object.keys(options).length === 0 && domain === null
    ? name
    : { anonymizer: name, ...options, ...(domain === null ? {} : { domain }) };

/** Why columns cannot have a rule, in an identity domain with others as well; null where they can. */
export async function refusalOf(
  rule: Rule,
  columns: readonly Held[],
  others: readonly Held[] = [],
): Promise<Refusal | null> {
  const { anonymizer, options } = rule;
  const members = [...columns, ...others].map(({ column }) => column);
  for (const { table, column } of columns) {
    const masked = maskedColumn(column, members);
    if (column.isUnique && anonymizer.distinctness(options, masked) === "lossy") {
      const isByNature = anonymizer.distinctness(options, { ...masked, maxLength: null }) === "lossy";
      return { reason: `could give two rows of ${keyOf({ table, column })} the same value`, isByNature };
    }
    const message = await prepared({ rule, column, masked, table });
    if (message !== null) return { reason: `does not fit: ${message}`, isByNature: false };
  }
  return null;
}

/** Null where it can be prepared. */
async function prepared(
  treatment: Pick<Treatment, "rule" | "column" | "masked" | "table">,
): Promise<string | null> {
  const whole: Treatment = {
    ...treatment,
    origin: "rule",
    domain: namedDomain(treatment.table),
    distinctness: "lossy",
    place: { file: null, line: null },
  };
  const message = await refused(() => prepareColumn(whole, ANY));
  return message?.replace(`${keyOf(treatment)}: `, "") ?? null;
}

async function refused(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof ConfitureError) return error.message;
    throw error;
  }
}

/** The rule of the first of some findings that fits, and why others do not. */
export interface Fitting {
  readonly finding: Finding | null;
  readonly anonymizer: Anonymizer;
  readonly options: object;
  readonly notes: readonly string[];
}

/** Anonymizers of last resort, those that are meant for fewer types first. */
const FALLBACKS = ANONYMIZERS.filter(({ isFallback }) => isFallback).toSorted(
  (a, b) => a.accepts.length - b.accepts.length,
);

/**
 * What is found that fits the columns, or what stands in for it where it has no room or the values themselves speak for
 * it; `keep` else.
 */
export async function fittingOf(findings: readonly Finding[], columns: readonly Held[]): Promise<Fitting> {
  const notes: string[] = [];
  let missed: Finding | null = null;
  for (const finding of strongestFirst(findings)) {
    const { anonymizer, evidence, inside } = finding;
    const found = inside?.options(inside.rules) ?? {};
    let refusal: Refusal | null = null;
    for (const more of [{}, ...(anonymizer.whenUnique === undefined ? [] : [anonymizer.whenUnique])]) {
      const options = { ...found, ...more };
      refusal = await refusalOf(parseRule(ruleText(anonymizer.name, options)), columns);
      if (refusal === null) return { finding, anonymizer, options, notes };
    }
    const note = `looks like ${anonymizer.name}, which ${refusal!.reason}`;
    if (!notes.includes(note)) notes.push(note);
    if (!refusal!.isByNature || evidence === "content" || evidence === "inside") missed ??= finding;
  }
  for (const anonymizer of missed === null ? [] : FALLBACKS) {
    const refusal = await refusalOf(parseRule(anonymizer.name), columns);
    if (refusal === null) return { finding: missed, anonymizer, options: {}, notes };
  }
  return { finding: null, anonymizer: KEEP, options: {}, notes };
}

/** A rule for a place inside of a column. */
export const recogniseInside: RecogniseInside = async (place: Place) => {
  const { findings } = await findingsOf(place, recogniseInside);
  for (const { anonymizer, inside, isNamed } of strongestFirst(findings)) {
    const rule = ruleText(anonymizer.name, inside?.options(inside.rules) ?? {});
    const message = await refused(() =>
      columnMasker(parseRule(rule), place.column, { ...ANY, domain: place.name }),
    );
    if (message === null) return { rule, isByName: isNamed };
  }
  return null;
};
