import { isTelling } from "../leaks/read-needles.ts";
import { nameWords } from "../name-words.ts";
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
  const values = decisions.map((decision) => new Set(decision.values));
  for (const [i, { values: own }] of decisions.entries()) {
    const telling = own.filter(isTelling);
    if (telling.length < LEAST_VALUES) continue;
    for (const [j] of decisions.entries()) {
      const found = telling.filter((value) => values[j]!.has(value)).length;
      if (i === j || found < LEAST_SHARE * own.length || !mayFollow(shared[i]!, shared[j]!)) continue;
      const joint = await jointOf(shared[i]!, shared[j]!, { decisions: shared, existing });
      if (joint === null) continue;
      const share = `${Math.floor((100 * found) / own.length)} % of ${own.length} value(s)`;
      shared[i] = follow(shared[i]!, joint, `${share} are those of ${keyOf(shared[j]!.subject.home)}`);
      shared[j] = follow(shared[j]!, joint, `one domain with ${keyOf(shared[i]!.subject.home)}`);
      break;
    }
  }
  return shared;
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
  const { from, column } = other.subject.home;
  const fresh = () => freshDomain(nameWords(`${from.name}_${column.name}`), all.existing, all.decisions);
  const domain = other.domain ?? fresh();
  const together = [
    ...membersOf(domain, all.existing, all.decisions),
    ...(other.domain === null ? other.subject.members : []),
    ...own.subject.members,
  ];
  for (const kind of other.domain === null && isMasked(own) ? [other, own] : [other]) {
    const { anonymizer, options } = kind;
    if (await canShare(kind, together)) return { anonymizer, options, domain };
  }
  return null;
}

/** With the same rule; a column that nothing spoke for has no other reason than this. */
function follow(decision: Decision, { anonymizer, options, domain }: Joint, reason: string): Decision {
  const reasons = [...(isMasked(decision) ? decision.reasons : []), reason];
  return { ...decision, anonymizer, options, domain, reasons };
}
