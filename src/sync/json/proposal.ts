import { columnOf } from "./masker.ts";
import { type JsonPlace, placesIn } from "./places.ts";
import type { Inside, Place, RecogniseInside } from "../recognises.ts";
import type { RuleText } from "../rule-schema.ts";

/** Before the path of an object whose keys have a rule. */
const KEYS = "keys of ";

/** Places of documents that look personal, by key and value; null where there are none. */
export async function foundInDocuments(
  { values }: Place,
  recognise: RecogniseInside,
): Promise<Inside | null> {
  const rules = new Map<string, RuleText>();
  const stays: string[] = [];
  const documents = new Set<number>();
  let isAllNamed = true;
  const parsed = values.flatMap((value) => parse(value));
  for (const place of placesIn(parsed)) {
    const found = await recogniseAt(place, recognise);
    const isNamed = place.isNamed || (place.isBelowNamed && found?.isByName === true);
    if (found === null) {
      if (isNamed && place.path !== "" && !place.isMixed && place.kind !== "key") stays.push(place.path);
      continue;
    }
    for (const document of place.documents) documents.add(document);
    if (place.path === "" || place.isMixed !== (place.kind === "key") || !isNamed) isAllNamed = false;
    else rules.set(place.kind === "key" ? KEYS + place.path : place.path, found.rule);
  }
  if (documents.size === 0) return null;
  const rest = isAllNamed ? "all other values stay" : "what was seen besides stays, all else becomes null";
  return {
    rules,
    options: (given) => optionsOf(given, isAllNamed ? null : stays),
    matched: documents.size,
    told: `${rules.size} place(s) in ${documents.size} of ${parsed.length} document(s); ${rest}`,
  };
}

/** A number is one, or the digits of something else. */
async function recogniseAt({ kind, ...place }: JsonPlace, recognise: RecogniseInside) {
  const at = (sort: JsonPlace["kind"]) =>
    recognise({ ...place, column: columnOf(sort, { isUnique: false }) });
  return (await at(kind)) ?? (kind === "number" ? at("string") : null);
}

/** Where something stands at a place that cannot be named, only what is named stays. */
function optionsOf(rules: ReadonlyMap<string, RuleText>, stays: readonly string[] | null): object {
  const all = [...rules];
  const keys = all.flatMap(([path, rule]) =>
    path.startsWith(KEYS) ? [[path.slice(KEYS.length), rule] as const] : [],
  );
  const paths = [
    ...all.filter(([path]) => !path.startsWith(KEYS)),
    ...(stays ?? []).map((path) => [path, "keep"] as const),
  ];
  return {
    paths: Object.fromEntries(paths),
    ...(keys.length === 0 ? {} : { keys: Object.fromEntries(keys) }),
    ...(stays === null ? { others: "keep" } : {}),
  };
}

function parse(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}
