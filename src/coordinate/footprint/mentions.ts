import { isNode, namePartsOf } from "../../sql/node.ts";
import { objectKey, type ObjectName } from "../../sql/object-name.ts";
import { referencesIn } from "../../sql/references.ts";
import { type Effect, effect, objectOf, partOf, reads } from "./objects.ts";
import type { TouchedObject } from "./touch.ts";

/** Stands for whatever relation the same statement touches. */
export const ANY_RELATION: TouchedObject = { type: "relation", schema: null, name: "*", part: null };

/** Names of columns that a tree mentions, wherever they belong. */
interface ColumnNames {
  readonly names: Set<string>;
  /** Tables and their aliases, whose names are whole rows where a column could stand. */
  readonly relations: Set<string>;
  /** It takes columns that it does not name: `*`, a whole row, a natural join. */
  all: boolean;
  /** Sorts of parts that it relies on without naming them: a key, for GROUP BY and ON CONFLICT. */
  readonly parts: Set<string>;
}

/** What the expressions and queries below a node read. */
export function readsOf(value: unknown, without: readonly ObjectName[] = []): Effect[] {
  const known = new Set(without.map(objectKey));
  const objects = referencesIn(value).filter((object) => !known.has(objectKey(object)) && !isBuiltIn(object));
  return [
    ...objects.flatMap((object) => [...reads(objectOf(object)), ...rowTypeReads(object)]),
    ...columnReads(value),
  ];
}

export const isBuiltIn = ({ type, schema, name }: ObjectName): boolean => {
  const space = type === "schema" ? name : schema;
  return space === "pg_catalog" || space === "information_schema";
};

/** A type may be the row type of a relation, whose columns it then is. */
const rowTypeReads = (object: ObjectName): Effect[] => {
  if (object.type !== "type") return [];
  const relation = objectOf({ ...object, type: "relation" });
  return [effect("read", relation), effect("read", partOf(relation, "column", "*"))];
};

function columnReads(value: unknown): Effect[] {
  const found: ColumnNames = { names: new Set(), relations: new Set(), all: false, parts: new Set() };
  walk(value, found);
  const isWhole = found.all || [...found.names].some((name) => found.relations.has(name));
  const names = isWhole ? ["*"] : [...found.names];
  return [
    ...names.map((name) => effect("read", partOf(ANY_RELATION, "column", name))),
    ...[...found.parts].map((type) => effect("read", partOf(ANY_RELATION, type, "*"))),
  ];
}

function walk(value: unknown, found: ColumnNames): void {
  if (Array.isArray(value)) for (const item of value) walk(item, found);
  if (!isNode(value)) return;
  if (value["defname"] === "owned_by") addNames(namePartsOf(value["arg"]).slice(-1), found);
  if (value["pct_type"] === true) addNames(namePartsOf(value["names"]).slice(-1), found);
  for (const [field, inner] of Object.entries(value)) (READERS[field] ?? walk)(inner, found);
}

const addNames = (value: unknown, { names }: ColumnNames): void => {
  for (const name of namePartsOf(value)) names.add(name);
};

/** What a field of a node says of columns. */
const READERS: Readonly<Record<string, (value: unknown, found: ColumnNames) => void>> = {
  ColumnRef: (value, found) => {
    const fields = isNode(value) && Array.isArray(value["fields"]) ? value["fields"] : [];
    if (fields.some((field) => isNode(field) && "A_Star" in field)) found.all = true;
    addNames(fields.slice(-1), found);
  },
  relname: (value, found) => void found.relations.add(String(value)),
  aliasname: (value, found) => void found.relations.add(String(value)),
  A_Indirection: (value, found) => {
    if (isNode(value)) addNames(value["indirection"], found);
    walk(value, found);
  },
  TableLikeClause: (value, found) => {
    found.all = true;
    for (const part of ["constraint", "index", "statistics", "comment"]) found.parts.add(part);
    walk(value, found);
  },
  StatsElem: (value, found) => {
    if (isNode(value)) addNames(value["name"], found);
    walk(value, found);
  },
  columns: (value, found) => {
    addNames(value, found);
    walk(value, found);
  },
  groupClause: (value, found) => {
    found.parts.add("constraint");
    walk(value, found);
  },
  infer: (value, found) => {
    found.parts.add("constraint");
    walk(value, found);
  },
  isNatural: (_, found) => void (found.all = true),
  usingClause: (value, found) => {
    addNames(value, found);
    walk(value, found);
  },
  IndexElem: (value, found) => {
    if (isNode(value)) addNames(value["name"], found);
    walk(value, found);
  },
};
