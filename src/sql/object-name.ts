import { isNode, type Node, namePartsOf, textOf } from "./node.ts";
import { OBJECT_TYPES, type ObjectType, OF_RELATION } from "./object-types.ts";

/** An object as a statement names it; without `schema` the search path decides. */
export interface ObjectName {
  readonly type: ObjectType;
  readonly schema?: string;
  /** Of a trigger, policy or rule, `relation.name`: their names are unique within the relation only. */
  readonly name: string;
}

/** The object of a name's parts, none when there are no parts; a catalog or database before the schema is ignored. */
export function named(type: ObjectType, parts: readonly (string | undefined)[]): readonly ObjectName[] {
  const name = parts.at(-1);
  const schema = parts.at(-2);
  if (name === undefined) return [];
  return [schema === undefined ? { type, name } : { type, schema, name }];
}

/** Name parts of a RangeVar. */
export const relationParts = (value: unknown): readonly (string | undefined)[] =>
  isNode(value) ? [textOf(value["schemaname"]), textOf(value["relname"])] : [];

/** A trigger, policy or rule of a relation. */
export const partOfRelation = (
  type: ObjectType,
  relation: readonly (string | undefined)[],
  name: string | undefined,
): readonly ObjectName[] => named(type, [...relation.slice(0, -1), `${relation.at(-1)}.${name}`]);

/** The object that an `OBJECT_…` and a node name; of a column, trigger and the like, the relation comes second. */
export function typedObject(objectType: unknown, object: unknown): readonly ObjectName[] {
  const key = String(objectType);
  const type = OBJECT_TYPES[key];
  const parts = namePartsOf(object);
  if (OF_RELATION.has(key)) {
    const relation = parts.slice(0, -1);
    return [...(type ? partOfRelation(type, relation, parts.at(-1)) : []), ...named("relation", relation)];
  }
  if (!type) return [];
  const hasMethod = type === "operator class" || type === "operator family";
  return named(type, hasMethod ? parts.slice(1) : parts);
}

/** The same object, whatever its spelling in the tree. */
export const objectKey = ({ type, schema, name }: ObjectName): string =>
  JSON.stringify([type, schema ?? null, name]);

/** Type of the thing a statement such as COMMENT, RENAME or ALTER … OWNER is about. */
export const subjectType = (node: Node): unknown =>
  node["objtype"] ?? node["objectType"] ?? node["renameType"];
