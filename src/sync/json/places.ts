/** Where documents hold values. */
export interface JsonPlace {
  /** As the rules of paths write it; empty for the document itself. */
  readonly path: string;
  /** Whether its keys recur, so that they are names and no values; and the keys but for the last one. */
  readonly isNamed: boolean;
  readonly isBelowNamed: boolean;
  readonly name: string;
  /** The key above. */
  readonly owner: string;
  readonly kind: "string" | "number" | "key";
  readonly values: readonly string[];
  /** Documents that have it, by their number. */
  readonly documents: ReadonlySet<number>;
  /** Whether it holds objects or arrays as well. */
  readonly isMixed: boolean;
}

/** What stands at one place of some documents. */
interface Spot {
  readonly strings: Set<string>;
  readonly numbers: Set<string>;
  readonly keys: Map<string, Spot>;
  readonly elements: Spot[];
  readonly documents: Set<number>;
  /** How many objects or arrays. */
  containers: number;
  /** How many times something stands there. */
  count: number;
}

const newSpot = (): Spot => ({
  strings: new Set(),
  numbers: new Set(),
  keys: new Map(),
  elements: [],
  documents: new Set(),
  containers: 0,
  count: 0,
});

/** The places at which documents hold texts and numbers, and keys that are values themselves. */
export function placesIn(documents: readonly unknown[]): JsonPlace[] {
  const root = newSpot();
  documents.forEach((document, number) => collect(document, root, number));
  return placesAt(root, { keys: [], isNamed: true, isBelowNamed: true, name: "", owner: "" });
}

function collect(value: unknown, spot: Spot, document: number): void {
  spot.count++;
  spot.documents.add(document);
  if (typeof value === "string" && value.trim() !== "") spot.strings.add(value.trim());
  else if (typeof value === "number") spot.numbers.add(String(value));
  else if (Array.isArray(value)) {
    spot.containers++;
    const elements = (spot.elements[0] ??= newSpot());
    for (const element of value) collect(element, elements, document);
  } else if (typeof value === "object" && value !== null) {
    spot.containers++;
    for (const [key, inner] of Object.entries(value)) {
      if (!spot.keys.has(key)) spot.keys.set(key, newSpot());
      collect(inner, spot.keys.get(key)!, document);
    }
  }
}

/** Where the walk is. */
interface At extends Pick<JsonPlace, "isNamed" | "isBelowNamed" | "name" | "owner"> {
  /** Null for any. */
  readonly keys: readonly (string | null)[];
}

function placesAt(spot: Spot, at: At): JsonPlace[] {
  const any = { ...at, keys: [...at.keys, null], isBelowNamed: at.isNamed };
  const children = [...spot.keys];
  if (isMap(children)) {
    const keys = { ...placeOf(spot, at), kind: "key" as const, values: children.map(([key]) => key) };
    const all = [...children.map(([, child]) => child), ...spot.elements];
    return [...leavesAt(spot, at), keys, ...placesAt(merged(all), any)];
  }
  // A path of elements is about keys too.
  const elements = children.length > 0 ? { ...any, isNamed: false, isBelowNamed: false } : any;
  const below = (key: string, { count }: Spot): At => ({
    keys: [...at.keys, key],
    isNamed: at.isNamed && count >= Math.max(2, spot.count * LEAST_SHARE) && !isData(key),
    isBelowNamed: at.isNamed,
    name: key,
    owner: at.name,
  });
  return [
    ...leavesAt(spot, at),
    ...spot.elements.flatMap((all) => placesAt(all, elements)),
    ...children.flatMap(([key, child]) => placesAt(child, below(key, child))),
  ];
}

const leavesAt = (spot: Spot, at: At): JsonPlace[] =>
  spot.strings.size + spot.numbers.size === 0 ? [] : [placeOf(spot, at)];

const placeOf = ({ strings, numbers, documents, containers }: Spot, { keys, ...at }: At): JsonPlace => ({
  path: keys.map(partOf).join("."),
  ...at,
  kind: strings.size > 0 ? "string" : "number",
  values: [...(strings.size > 0 ? strings : numbers)],
  documents,
  isMixed: containers > 0,
});

const partOf = (key: string | null): string =>
  key === null ? "*" : /^[^."*\s][^."*]*$/.test(key) ? key : JSON.stringify(key);

/** Of the objects, that have a key which is a name. */
const LEAST_SHARE = 0.05;

/** More keys than a record has, most of them met once. */
const MANY_KEYS = 20;

/** Whether the keys of objects are values. */
function isMap(children: readonly (readonly [key: string, child: Spot])[]): boolean {
  const data = children.filter(([key]) => isData(key)).length;
  const count = children.reduce((sum, [, child]) => sum + child.count, 0);
  return data * 2 > children.length || (children.length > MANY_KEYS && count < children.length * 2);
}

/** Numbers, uuids, addresses, and what is no word. */
const isData = (key: string): boolean =>
  /^\d+$|^[\da-f-]{16,}$|@.*\.|:\/\/|^\+?[\d ()./-]{7,}$/i.test(key) || key.length > 40 || key.trim() === "";

function merged(spots: readonly Spot[]): Spot {
  const all = newSpot();
  for (const spot of spots) {
    for (const value of spot.strings) all.strings.add(value);
    for (const value of spot.numbers) all.numbers.add(value);
    for (const document of spot.documents) all.documents.add(document);
    all.count += spot.count;
    all.containers += spot.containers;
  }
  for (const key of new Set(spots.flatMap(({ keys }) => [...keys.keys()]))) {
    all.keys.set(key, merged(spots.flatMap(({ keys }) => keys.get(key) ?? [])));
  }
  const elements = spots.flatMap((spot) => spot.elements);
  if (elements.length > 0) all.elements.push(merged(elements));
  return all;
}
