import { isAlias, isMap, isScalar, Pair, parseDocument, Scalar, YAMLMap } from "yaml";
import { ConfitureError } from "../../base/errors.ts";
import { type Edit, edited, insertInto, type Target } from "./insert-pairs.ts";
import { columnPairs, tablePair, type TableText } from "./rules-text.ts";

/** A table of which the file says nothing, or not everything. */
export interface AddedTable extends TableText {
  /** Its name in the file. */
  readonly known: string | null;
}

/**
 * The text of a rules file with more rules; all that was there stays byte for byte. Throws CONFIG_002 where what is there
 * has no place for more, because it is an alias of something else.
 */
export function addRules(given: string, file: string, tables: readonly AddedTable[]): string {
  if (tables.length === 0) return given;
  const text = given.endsWith("\n") ? given : `${given}\n`;
  const document = parseDocument(text);
  const edits: Edit[] = [];
  const add = (path: readonly string[], pairs: readonly Pair[]) => {
    if (pairs.length === 0) return;
    const place = placeAt(document.contents, path);
    if (place === null) throw noPlace(path, file);
    edits.push(...insertInto(place.target, nested(place.missing, pairs), text));
  };
  add(
    ["tables"],
    tables.flatMap((table) => (table.known === null ? [tablePair(table)] : [])),
  );
  for (const { known, columns } of tables) {
    if (known !== null) add(["tables", known, "columns"], columnPairs(columns));
  }
  return edited(text, edits);
}

/** The innermost mapping of a path that is there, or the key of an empty one, and what of the path is missing below. */
interface Place {
  readonly target: Target;
  readonly missing: readonly string[];
}

/** Null where an alias or a merge stands in the way. */
function placeAt(root: unknown, path: readonly string[]): Place | null {
  let map = root as YAMLMap;
  for (const [depth, part] of path.entries()) {
    const found = map.items.find(({ key }) => isScalar(key) && String(key.value) === part);
    if (found === undefined) return isMerged(map) ? null : { target: map, missing: path.slice(depth) };
    if (isAlias(found.value)) return null;
    if (!isMap(found.value)) {
      return { target: { parent: map, pair: found }, missing: path.slice(depth + 1) };
    }
    map = found.value;
  }
  return { target: map, missing: [] };
}

const isMerged = (map: YAMLMap): boolean => map.items.some(({ key }) => isScalar(key) && key.value === "<<");

/** Pairs below the keys of a path. */
const nested = (path: readonly string[], pairs: readonly Pair[]): readonly Pair[] =>
  path.reduceRight((below, key) => {
    const map = new YAMLMap();
    map.items = [...below];
    return [new Pair(new Scalar(key), map)];
  }, pairs);

const noPlace = (path: readonly string[], file: string): ConfitureError =>
  new ConfitureError(
    "CONFIG_002",
    `${path.join(".")} of ${file} is an alias, to which no rule can be added`,
    {
      file,
      actionable: "Write it out, or write the file anew with --force.",
    },
  );
