import { nameWords } from "../realistic/name-words.ts";
import type { Inside, Place } from "../recognises.ts";
import { DETECTORS } from "./detectors.ts";
import { piecesOf } from "./pieces.ts";

/** Names of columns of free text. */
export const FREE_TEXT =
  /(?:^|_)(?:notes?|comments?|remarks?|descriptions?|messages?|body|bio(?:graphy)?|details|text|content|feedback|review|bemerkung(?:en)?|notiz(?:en)?|beschreibung|nachricht|kommentare?|commentaires?|remarques?|observaciones)$/;

/** On average, of texts whose column's name does not say that they are some. */
const LEAST_LENGTH = 40;
const LEAST_BLANKS = 3;

/** Sorts of values that point to nobody. */
const IMPERSONAL: ReadonlySet<string> = new Set(["uuid"]);

/** Addresses and numbers in free text; null where there are none. */
export async function foundInText({ name, values }: Place): Promise<Inside | null> {
  if (!FREE_TEXT.test(nameWords(name)) && !areSentences(values)) return null;
  const sorts = new Set<number>();
  let matched = 0;
  for (const value of values) {
    const found = piecesOf(value, DETECTORS).flatMap(({ detector }) =>
      detector < 0 || IMPERSONAL.has(DETECTORS[detector]!.name) ? [] : [detector],
    );
    for (const detector of found) sorts.add(detector);
    if (found.length > 0) matched++;
  }
  if (matched === 0) return null;
  const found = DETECTORS.filter((_, number) => sorts.has(number));
  return {
    rules: new Map(found.map(({ name: sort, rule }) => [sort, rule])),
    options: (rules) => {
      const own = [...rules].filter(([sort, rule]) => rule !== usualRule(sort));
      return own.length === 0 ? {} : { rules: Object.fromEntries(own) };
    },
    matched,
    told: `${found.map(({ name: sort }) => sort).join(", ")} in ${matched} of ${values.length} text(s); the rest stays, names too`,
  };
}

const usualRule = (sort: string) => DETECTORS.find(({ name }) => name === sort)?.rule;

function areSentences(values: readonly string[]): boolean {
  const mean = (measure: (value: string) => number) =>
    values.reduce((sum, value) => sum + measure(value), 0) / values.length;
  return (
    mean((value) => value.length) >= LEAST_LENGTH &&
    mean((value) => value.split(/\s+/).length - 1) >= LEAST_BLANKS
  );
}
