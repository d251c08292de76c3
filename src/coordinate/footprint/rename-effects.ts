import { relation } from "../../sql/known-impact.ts";
import { type Node, textOf } from "../../sql/node.ts";
import { named, type ObjectName, subjectType, typedObject } from "../../sql/object-name.ts";
import { type Effect, effect, effects, objectOf, opaque, partEffects, partOf } from "./objects.ts";
import type { TouchedObject } from "./touch.ts";

/** RENAME: the old name goes, the new one comes. */
export function renameEffects(node: Node): Effect[] {
  const type = String(node["renameType"]);
  const newName = textOf(node["newname"]) ?? "";
  const [on] = relation(node["relation"]);
  const subname = textOf(node["subname"]);
  if (on !== undefined && subname !== undefined)
    return partRenamed(objectOf(on), PART_TYPES[type] ?? otherPart(type), [subname, newName]);
  const [old] = on === undefined ? typedObject(type, node["object"] ?? node["subname"]) : [on];
  return old === undefined ? [opaque(null)] : fromTo(old, { name: newName });
}

/** SET SCHEMA: indexes, sequences and constraints come along with names of their own. */
export function moveEffects(node: Node): Effect[] {
  const schema = textOf(node["newschema"]);
  const [old] =
    node["relation"] === undefined
      ? typedObject(subjectType(node), node["object"])
      : relation(node["relation"]);
  if (old === undefined || schema === undefined) return [opaque(null)];
  return [...fromTo(old, { schema }), ...effects("read", named("schema", [schema])), opaque(schema)];
}

/** A relation takes its row type along. */
function fromTo(old: ObjectName, change: Partial<ObjectName>): Effect[] {
  const both = old.type === "relation" ? [old, { ...old, type: "type" } as const] : [old];
  return [
    ...effects("rename", both),
    ...effects(
      "create",
      both.map((one) => ({ ...one, ...change })),
    ),
  ];
}

const PART_TYPES: Readonly<Record<string, string>> = {
  OBJECT_ATTRIBUTE: "column",
  OBJECT_TABCONSTRAINT: "constraint",
};

const otherPart = (renameType: string): string => renameType.replace("OBJECT_", "").toLowerCase();

function partRenamed(whole: TouchedObject, type: string, [from, to]: readonly [string, string]): Effect[] {
  // The index behind a key, and the name in the schema.
  const besides = type === "constraint" ? [from, to] : [];
  return [
    ...partEffects("rename", whole, [partOf(whole, type, from)]),
    effect("create", partOf(whole, type, to)),
    ...besides.flatMap((name) => [
      effect("change shape", { ...whole, name }),
      effect("change shape", { type: "constraint name", schema: whole.schema, name, part: null }),
    ]),
  ];
}
