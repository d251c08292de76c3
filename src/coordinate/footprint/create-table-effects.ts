import { typeSort } from "../../sql/expression-facts.ts";
import { relations } from "../../sql/known-impact.ts";
import { type Node, nodesOf, nodesOfKind, textOf, unwrap } from "../../sql/node.ts";
import { referencesIn } from "../../sql/references.ts";
import { constraintEffects, sequenceEffects } from "./constraint-effects.ts";
import { readsOf } from "./mentions.ts";
import { type Effect, effect, objectOf, partOf } from "./objects.ts";
import type { TouchedObject } from "./touch.ts";

/** What CREATE TABLE does besides the table itself: names of its parts, and what it stands on. */
export function createTableEffects(table: TouchedObject, node: Node): Effect[] {
  const elements = nodesOf(node["tableElts"]);
  const parents = relations(node["inhRelations"]).map(objectOf);
  const isPartition = node["partbound"] !== undefined;
  return [
    ...elements.flatMap((element) => elementEffects(table, element)),
    ...parents.flatMap((parent) => parentEffects(parent, isPartition)),
    ...readsOf([node["partbound"], node["partspec"], node["ofTypename"], node["options"]]),
    ...referencesIn({ tablespacename: node["tablespacename"] }).map((space) =>
      effect("read", objectOf(space)),
    ),
  ];
}

function elementEffects(table: TouchedObject, element: Node): Effect[] {
  const column = unwrap(element, "ColumnDef");
  const constraint = unwrap(element, "Constraint");
  if (column !== undefined) return columnEffects(table, column);
  return constraint === undefined ? readsOf(element) : constraintEffects(table, constraint);
}

/** What a column brings along: constraints, the sequence of a SERIAL, what its type and default use. */
export function columnEffects(table: TouchedObject, column: Node): Effect[] {
  const name = textOf(column["colname"]) ?? "";
  const { constraints, ...rest } = column;
  const { sort } = typeSort(column["typeName"]);
  return [
    ...nodesOfKind(constraints, "Constraint").flatMap((one) => constraintEffects(table, one, name)),
    ...(sort === "serial" ? sequenceEffects(table, name) : []),
    ...readsOf(rest),
  ];
}

/** A child takes all its parent's columns and checks. */
const parentEffects = (parent: TouchedObject, isPartition: boolean): Effect[] =>
  isPartition
    ? partitionEffects(parent)
    : [
        effect("add child", parent),
        effect("read", partOf(parent, "column", "*")),
        effect("read", partOf(parent, "constraint", "*")),
      ];

/** What a new partition does to its parent: it must not overlap another one, which only the server can tell. */
export const partitionEffects = (parent: TouchedObject): Effect[] => [
  effect("add child", parent),
  effect("change shape", partOf(parent, "partition", "bounds")),
  ...TAKEN_OVER.map((part) => effect("read", partOf(parent, part, "*"))),
];

/** What a partition takes over from its parent. */
const TAKEN_OVER = ["column", "constraint", "index", "trigger"];
