import { isTelling } from "../leaks/read-needles.ts";
import { nameWords } from "../realistic/name-words.ts";
import type { Treatment } from "../treatment.ts";
import type { Decision } from "./decide.ts";
import { canShare, freshDomain, isMasked, type Kind, membersOf } from "./shared-domain.ts";
import { keyOf } from "./subjects.ts";

/** Of the values of one column, that another must hold. */
const LEAST_SHARE = 0.8;
/** Fewer values may be the same by chance. */
const LEAST_VALUES = 2;

/**
 * Give a column whose values are those of another that is masked the same rule and domain. Samples are compared, so that
 * such columns of large tables may not be found.
 */
export async function shareData(
  decisions: readonly Decision[],
  existing: readonly Treatment[],
): Promise<Decision[]> {
  const shared = [...decisions];
  const holders = holdersOf(decisions);
  for (const [i, { values, domain }] of decisions.entries()) {
    const telling = domain === null ? values.filter(isTelling) : [];
    if (telling.length < LEAST_VALUES) continue;
    const counts = new Map<number, number>();
    for (const j of telling.flatMap((value) => holders.get(value) ?? [])) {
      counts.set(j, (counts.get(j) ?? 0) + 1);
    }
    for (const [j, found] of counts) {
      if (i === j || found < LEAST_SHARE * values.length || !mayFollow(shared[i]!, shared[j]!)) continue;
      const joint = await jointOf(shared[i]!, shared[j]!, { decisions: shared, existing });
      if (joint === null) continue;
      const share = `${Math.floor((100 * found) / values.length)} % of ${values.length} value(s)`;
      shared[i] = follow(shared[i]!, joint, `${share} are those of ${keyOf(shared[j]!.subject.home)}`);
      if (shared[j]!.domain === null) {
        shared[j] = follow(shared[j]!, joint, `one domain with ${keyOf(shared[i]!.subject.home)}`);
      }
      break;
    }
  }
  return shared;
}

/** The decisions by which columns are masked that hold a value, by their number. */
function holdersOf(decisions: readonly Decision[]): Map<string, number[]> {
  const holders = new Map<string, number[]>();
  for (const [i, decision] of decisions.entries()) {
    if (!isMasked(decision) || decision.inside !== null) continue;
    for (const value of decision.values) {
      const own = holders.get(value);
      if (own === undefined) holders.set(value, [i]);
      else own.push(i);
    }
  }
  return holders;
}

/** What has a domain of its own kind stays in it; another anonymizer stays too. */
const mayFollow = (own: Decision, other: Decision): boolean =>
  own.domain === null &&
  own.inside === null &&
  other.inside === null &&
  isMasked(other) &&
  (!isMasked(own) || own.anonymizer === other.anonymizer);

/** A rule that both can have, and their domain. */
interface Joint extends Kind {
  readonly domain: string;
}

interface All {
  readonly decisions: readonly Decision[];
  readonly existing: readonly Treatment[];
}

async function jointOf(own: Decision, other: Decision, all: All): Promise<Joint | null> {
  const isFirst = isMasked(own) && all.decisions.indexOf(own) < all.decisions.indexOf(other);
  const { from, column } = (isFirst ? own : other).subject.home;
  const fresh = () => freshDomain(nameWords(`${from.name}_${column.name}`), all.existing, all.decisions);
  const domain = other.domain ?? fresh();
  const others =
    other.domain === null ? other.subject.members : membersOf(domain, all.existing, all.decisions);
  const joint = ({ anonymizer, options }: Kind): Joint => ({ anonymizer, options, domain });
  if (await canShare(other, own.subject.members, others)) return joint(other);
  if (other.domain !== null || !isMasked(own)) return null;
  return (await canShare(own, [...own.subject.members, ...others])) ? joint(own) : null;
}

/** With the same rule; a column that nothing spoke for has no other reason than this. */
function follow(decision: Decision, { anonymizer, options, domain }: Joint, reason: string): Decision {
  const reasons = [...(isMasked(decision) ? decision.reasons : []), reason];
  return { ...decision, anonymizer, options, domain, reasons };
}
