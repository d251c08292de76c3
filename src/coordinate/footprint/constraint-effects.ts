import { isNode, type Node, namePartsOf, nodesOf, nodesOfKind, textOf } from "../../sql/node.ts";
import { relation } from "../../sql/known-impact.ts";
import { generatedName, indexColumns, onlyColumnOf } from "./generated-names.ts";
import { readsOf } from "./mentions.ts";
import { type Effect, effect, objectOf, partEffects, partitionIndex, partOf } from "./objects.ts";
import type { TouchedObject } from "./touch.ts";

/** Constraints that an index of their name stands behind. */
const WITH_INDEX: Readonly<Record<string, string>> = {
  CONSTR_EXCLUSION: "excl",
  CONSTR_PRIMARY: "pkey",
  CONSTR_UNIQUE: "key",
};

/** What adding a constraint to a table does; `column` is the one it is written at. */
export function constraintEffects(table: TouchedObject, constraint: Node, column?: string): Effect[] {
  const type = String(constraint["contype"]);
  const keys = column === undefined ? namesOf(constraint["keys"] ?? constraint["fk_attrs"]) : [column];
  const read = keys.map((key) => effect("read", partOf(table, "column", key)));
  switch (type) {
    case "CONSTR_CHECK":
      return [
        ...named(table, constraint, [checkColumn(constraint, column), "check"]),
        ...readsOf(constraint),
      ];
    case "CONSTR_FOREIGN":
      return [...named(table, constraint, [keys.join("_"), "fkey"]), ...read, ...references(constraint)];
    case "CONSTR_NOTNULL":
      return [...named(table, constraint, [keys.join("_"), "not_null"]), ...changeOf(table, keys)];
    case "CONSTR_PRIMARY":
      return [...indexed(table, constraint, keys), ...changeOf(table, keys)];
    case "CONSTR_EXCLUSION":
    case "CONSTR_UNIQUE":
      return [...indexed(table, constraint, keys), ...read];
    case "CONSTR_IDENTITY":
      return [...sequenceEffects(table, column), ...changeOf(table, keys)];
    default:
      return [...changeOf(table, keys), ...readsOf(constraint)];
  }
}

const namesOf = (value: unknown): readonly string[] => namePartsOf(value);

const changeOf = (table: TouchedObject, columns: readonly string[]): Effect[] =>
  columns.map((column) => effect("change shape", partOf(table, "column", column)));

const checkColumn = ({ raw_expr: expression }: Node, column: string | undefined): string | null =>
  column ?? onlyColumnOf(expression);

/** The sequence that SERIAL and IDENTITY make; no type may have its name either. */
export const sequenceEffects = (table: TouchedObject, column = ""): Effect[] =>
  ["relation", "type"].map((type) =>
    effect("create", { ...table, type, name: generatedName(table.name, column, "seq") }),
  );

/**
 * The constraint itself. PostgreSQL keeps a name it chooses apart from those of all constraints in the schema; one
 * that is written only from those of the table.
 */
function named(
  table: TouchedObject,
  constraint: Node,
  [columns, label]: readonly [string | null, string],
): Effect[] {
  const written = textOf(constraint["conname"]);
  const name = written ?? generatedName(table.name, columns, label);
  const inSchema = { type: "constraint name", schema: table.schema, name, part: null };
  return [
    ...partEffects("create", table, [partOf(table, "constraint", name)]),
    effect(written === undefined ? "create" : "read", inSchema),
  ];
}

function indexed(table: TouchedObject, constraint: Node, keys: readonly string[]): Effect[] {
  const label = WITH_INDEX[String(constraint["contype"])]!;
  const elements = nodesOf(constraint["exclusions"]).flatMap((pair) =>
    nodesOfKind(listItems(pair), "IndexElem"),
  );
  const columns = label === "pkey" ? null : elements.length > 0 ? indexColumns(elements) : keys.join("_");
  const index = textOf(constraint["indexname"]);
  const name = textOf(constraint["conname"]) ?? index ?? generatedName(table.name, columns, label);
  const own = named(table, { ...constraint, conname: constraint["conname"] ?? index }, [columns, label]);
  const used = index === undefined ? [] : [effect("rename", { ...table, name: index })];
  const including = namesOf(constraint["including"]).map((key) =>
    effect("read", partOf(table, "column", key)),
  );
  return [
    ...own,
    effect("create", { ...table, name }),
    partitionIndex(table, columns, label),
    ...used,
    ...including,
    ...readsOf(constraint["exclusions"]),
  ];
}

const listItems = (pair: Node): unknown => (isNode(pair["List"]) ? pair["List"]["items"] : []);

/** The other side of a foreign key gets triggers, and must have a key. */
function references({ pktable, pk_attrs: columns }: Node): Effect[] {
  return relation(pktable)
    .map(objectOf)
    .flatMap((other) => [
      effect("add child", other),
      effect("read", partOf(other, "constraint", "*")),
      ...namesOf(columns).map((name) => effect("read", partOf(other, "column", name))),
    ]);
}
