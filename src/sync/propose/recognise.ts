import type { Anonymizer } from "../anonymizer.ts";
import { ANONYMIZERS } from "../anonymizers/index.ts";
import type { Inside, Place, RecogniseInside, Recognises } from "../recognises.ts";
import { matchName, type NameMatch, nameWords } from "../realistic/name-words.ts";

/** What speaks for an anonymizer, the strongest first. */
const EVIDENCE = ["content", "type", "name", "inside", "end of its name"] as const;
type Evidence = (typeof EVIDENCE)[number];

/** An anonymizer that something speaks for. */
export interface Finding {
  readonly anonymizer: Anonymizer;
  readonly evidence: Evidence;
  /** Whether the name as a whole speaks for it, by itself or besides. */
  readonly isNamed: boolean;
  /** What was found inside of the values, where that is what speaks for it. */
  readonly inside: Inside | null;
  /** How many values look like it; null where none were looked at. */
  readonly matched: number | null;
  /** How much of the name speaks for it. */
  readonly length: number;
  /** For a person. */
  readonly reason: string;
}

export interface Findings {
  readonly findings: readonly Finding[];
  /** Why a name says nothing after all. */
  readonly doubts: readonly string[];
}

/** Of the values, if they alone are to speak for an anonymizer. */
const LEAST_SHARE = 0.8;
/** Of the values, if they are not to speak against a name. */
const LEAST_POSSIBLE = 0.5;

const NOTHING = "names are not looked for, and nothing else was found in";

const takes = ({ accepts, recognises }: Anonymizer, type: string): boolean =>
  (accepts === "any" || accepts.includes(type)) && (recognises?.onlyFor?.includes(type) ?? true);

/** Whether values of a type can say anything. */
export const tells = (type: string): boolean =>
  ANONYMIZERS.some(
    (anonymizer) =>
      takes(anonymizer, type) &&
      [anonymizer.recognises?.value, anonymizer.recognises?.within].some((one) => one !== undefined),
  );

/** What is in the values before what is in a name, and more of a name before less of it. */
export const strongestFirst = (findings: readonly Finding[]): Finding[] =>
  findings.toSorted((a, b) => rankOf(a) - rankOf(b) || b.length - a.length);

const rankOf = ({ evidence }: Finding): number => EVIDENCE.indexOf(evidence);

/** The anonymizers that a place speaks for; `recognise` is for places inside of it. */
export async function findingsOf(place: Place, recognise: RecogniseInside): Promise<Findings> {
  const doubts: string[] = [];
  const findings: Finding[] = [];
  for (const anonymizer of ANONYMIZERS) {
    if (anonymizer.recognises === undefined || !takes(anonymizer, place.column.type)) continue;
    const one = await findingOf(anonymizer, anonymizer.recognises, { place, recognise, doubts });
    if (one !== null) findings.push(one);
  }
  return { findings, doubts };
}

interface Search {
  readonly place: Place;
  readonly recognise: RecogniseInside;
  readonly doubts: string[];
}

async function findingOf(
  anonymizer: Anonymizer,
  recognises: Recognises,
  { place, recognise, doubts }: Search,
): Promise<Finding | null> {
  const { values, column } = place;
  const named = nameOf(recognises, place);
  const length = named?.length ?? 0;
  const finding = (evidence: Evidence, reason: string, more: Partial<Finding> = {}): Finding => ({
    anonymizer,
    evidence,
    reason,
    length,
    isNamed: named?.isWhole === true,
    inside: null,
    matched: null,
    ...more,
  });
  const matched = values.filter((value) => recognises.value?.test(value)).length;
  if (matched > 0 && matched >= LEAST_SHARE * values.length) {
    const also = named === null ? "" : ", and so does the name";
    const reason = `${shareOf(matched, values)} look like ${anonymizer.name}${also}`;
    return finding("content", reason, { matched });
  }
  if (recognises.types?.includes(column.type)) return finding("type", "by its type");
  if (recognises.within !== undefined && values.length > 0) {
    const inside = await recognises.within(place, recognise);
    if (inside !== null) return finding("inside", inside.told, { inside, matched: inside.matched });
    if (named !== null)
      doubts.push(`its name looks like ${anonymizer.name}, but ${NOTHING} ${values.length} value(s)`);
    return null;
  }
  if (named === null) return null;
  const { possible } = recognises;
  const plausible = possible && values.filter((value) => possible.test(value)).length;
  if (plausible !== undefined && plausible < LEAST_POSSIBLE * values.length) {
    const share = shareOf(values.length - plausible, values);
    doubts.push(`its name looks like ${anonymizer.name}, but ${share} do not`);
    return null;
  }
  const evidence = named.isEnd ? "end of its name" : "name";
  const looked = recognises.value === undefined || values.length === 0 ? null : matched;
  return finding(evidence, `by ${named.isEnd ? "the end of its name" : "its name"}`, { matched: looked });
}

function nameOf({ name, qualified }: Recognises, place: Place): NameMatch | null {
  const whole = `${nameWords(place.owner)}.${nameWords(place.name)}`;
  const found = qualified?.exec(whole);
  if (found) return { length: found[0].length, isWhole: false, isEnd: false };
  return name === undefined ? null : matchName(name, place.name);
}

const shareOf = (count: number, { length }: readonly string[]): string =>
  `${Math.floor((100 * count) / length)} % of ${length} value(s)`;
