import type { RuleText } from "../rule-schema.ts";
import type { Treatment } from "../treatment.ts";
import type { Decision } from "./decide.ts";
import { ruleText } from "./fit.ts";
import { canShare, freshDomain, isMasked, isSameKind, type Kind, membersOf } from "./shared-domain.ts";
import { keyOf } from "./subjects.ts";

/**
 * Give columns of one kind one identity domain, where the same value is the same thing everywhere, such as an address:
 * joins over them survive then. It is that of such columns in rules that are there, or a new one.
 */
export async function shareKinds(
  decisions: readonly Decision[],
  existing: readonly Treatment[],
): Promise<Decision[]> {
  const kinds: Decision[] = [];
  for (const decision of decisions) {
    const isNew = !kinds.some((kind) => isAlike(kind, decision));
    if (isNew && isWhole(decision) && decision.recognised?.recognises?.isIdentity) kinds.push(decision);
  }
  let shared = decisions;
  for (const kind of kinds) shared = await shareKind(kind, shared, existing);
  return [...shared];
}

/** What stands in for something else only looks the same. */
const isAlike = (a: Decision, b: Decision): boolean => a.recognised === b.recognised && isSameKind(a, b);

const isWhole = (decision: Decision): boolean => isMasked(decision) && decision.inside === null;

async function shareKind(
  kind: Decision,
  decisions: readonly Decision[],
  existing: readonly Treatment[],
): Promise<readonly Decision[]> {
  const isUsual = kind.recognised === kind.anonymizer;
  const alike = existing.filter(({ rule }) => isUsual && isSameKind(rule, kind));
  const known = alike.find(({ rule }) => rule.domain !== undefined)?.rule.domain;
  const domain = known ?? freshDomain((kind.recognised ?? kind.anonymizer).name, existing, decisions);
  const wholes = await wholesOf(domain, kind, { decisions, existing });
  const holders = isUsual ? decisions.filter((decision) => insideOf(decision, kind).length > 0) : [];
  const names = [
    ...[...wholes, ...holders].map(({ subject }) => keyOf(subject.home)),
    ...membersOf(domain, existing, []).map(keyOf),
  ];
  const apart = alike.filter(({ rule }) => rule.domain === undefined).map(keyOf);
  const warnings = apart.length === 0 ? [] : [`apart from ${listed(apart)}, whose rule has no domain`];
  return decisions.map((decision) => {
    const isWholeOne = wholes.includes(decision);
    if (!isWholeOne && !holders.includes(decision)) return decision;
    if (names.length < 2) return { ...decision, reasons: [...decision.reasons, ...warnings] };
    const others = names.filter((name) => name !== keyOf(decision.subject.home));
    const reasons = [...decision.reasons, `one domain with ${listed(others)}`, ...warnings];
    return isWholeOne
      ? { ...decision, domain, reasons }
      : { ...withDomainInside(decision, kind, domain), reasons };
  });
}

const isUnique = ({ subject }: Decision): boolean => subject.members.some(({ column }) => column.isUnique);

/** Columns of a kind that can share a domain, those that must stay unique before others. */
async function wholesOf(
  domain: string,
  kind: Decision,
  { decisions, existing }: { decisions: readonly Decision[]; existing: readonly Treatment[] },
): Promise<Decision[]> {
  const own = decisions.filter((decision) => isWhole(decision) && isAlike(decision, kind));
  const before = membersOf(domain, existing, []);
  const columnsOf = (some: readonly Decision[]) => some.flatMap(({ subject }) => subject.members);
  if (await canShare(kind, columnsOf(own), before)) return own;
  const wholes: Decision[] = [];
  for (const decision of [...own.filter(isUnique), ...own.filter((one) => !isUnique(one))]) {
    const others = [...before, ...columnsOf(wholes)];
    if (await canShare(kind, decision.subject.members, others)) wholes.push(decision);
  }
  return wholes;
}

/** Rules inside of a column that are of a kind. */
const insideOf = ({ inside }: Decision, { anonymizer, options }: Kind): string[] =>
  Object.keys(options).length > 0
    ? []
    : [...(inside?.rules ?? [])].flatMap(([place, rule]) => (rule === anonymizer.name ? [place] : []));

function withDomainInside(decision: Decision, kind: Kind, domain: string): Decision {
  const rules = new Map<string, RuleText>(decision.inside!.rules);
  for (const place of insideOf(decision, kind)) rules.set(place, ruleText(kind.anonymizer.name, {}, domain));
  const inside = { ...decision.inside!, rules };
  return { ...decision, inside, options: inside.options(rules) };
}

/** The first few of some columns. */
const listed = ([first = "", second, ...more]: readonly string[]): string =>
  second === undefined ? first : `${first}, ${second}${more.length === 0 ? "" : ` and ${more.length} more`}`;
