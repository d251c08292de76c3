import type { Anonymizer, MaskedColumn } from "../anonymizer.ts";
import { namedDomain } from "../column-masker.ts";
import { parseRule } from "../rule.ts";
import { maskedColumn, type Treatment } from "../treatment.ts";
import type { Decision } from "./decide.ts";
import { refusalOf, ruleText } from "./fit.ts";
import type { Member } from "./subjects.ts";

/** An anonymizer with its options. */
export interface Kind {
  readonly anonymizer: Anonymizer;
  readonly options: object;
}

export const isSameKind = (a: Kind, b: Kind): boolean =>
  a.anonymizer === b.anonymizer && allOptions(a) === allOptions(b);

const allOptions = ({ anonymizer, options }: Kind): string =>
  JSON.stringify(anonymizer.options.parse(options));

export const isMasked = ({ anonymizer }: Kind): boolean => anonymizer.isPlain !== true;

type Held = Pick<Member, "table" | "column">;

/** Columns that have an identity domain by their rules. */
export const membersOf = (
  domain: string,
  existing: readonly Treatment[],
  decisions: readonly Decision[],
): Held[] => [
  ...existing.filter((treatment) => treatment.domain === namedDomain(domain)),
  ...decisions.filter((decision) => decision.domain === domain).flatMap(({ subject }) => subject.members),
];

/** Whether columns can have a rule in a domain with others, which have it already, and these can keep it then. */
export async function canShare(
  { anonymizer, options }: Kind,
  columns: readonly Held[],
  others: readonly Held[] = [],
): Promise<boolean> {
  const rule = parseRule(ruleText(anonymizer.name, options));
  if ((await refusalOf(rule, columns, others)) !== null) return false;
  const before = sharedBy(others);
  const after = sharedBy([...columns, ...others]);
  const isSame = before.isUnique === after.isUnique && before.maxLength === after.maxLength;
  return isSame || (await refusalOf(rule, others, columns)) === null;
}

/** What columns of one domain have in common. */
function sharedBy(columns: readonly Held[]): Partial<Pick<MaskedColumn, "isUnique" | "maxLength">> {
  const all = columns.map(({ column }) => column);
  return all[0] === undefined ? {} : maskedColumn(all[0], all);
}

/** A name, with a number behind it where it is taken. */
export function freshDomain(
  name: string,
  existing: readonly Treatment[],
  decisions: readonly Decision[],
): string {
  const taken = new Set([
    ...existing.map(({ rule }) => rule.domain),
    ...decisions.map(({ domain }) => domain ?? undefined),
  ]);
  if (!taken.has(name)) return name;
  for (let number = 2; ; number++) if (!taken.has(`${name}-${number}`)) return `${name}-${number}`;
}
