import {
  type ObjectName,
  named,
  partOfRelation,
  relationParts,
  subjectType,
  typedObject,
} from "./object-name.ts";
import { isNode, type Node, namePartsOf, nodesOf } from "./node.ts";
import { DEFINITIONS, DROPS, OBJECT_TYPES } from "./object-types.ts";
import { referencesIn } from "./references.ts";

/** Objects that a statement creates, or gives a new name or schema; of a relation with rows, its row type too. */
export function definedBy(kind: string, node: Node): readonly ObjectName[] {
  const entry = DEFINITIONS[kind];
  if (entry) return kind === "CreateSchemaStmt" ? schemaAndElements(node) : byField(entry, node, kind);
  switch (kind) {
    case "CreateForeignTableStmt":
      return isNode(node["base"]) ? definedBy("CreateStmt", node["base"]) : [];
    case "CreateTableAsStmt":
      return withRowType(intoRelation(node["into"]));
    case "SelectStmt":
      return withRowType(intoRelation(node["intoClause"]));
    case "DefineStmt": {
      const type = OBJECT_TYPES[String(node["kind"])];
      return type ? named(type, namePartsOf(node["defnames"])) : [];
    }
    case "RenameStmt":
      return renamed(node);
    case "AlterObjectSchemaStmt":
      return subjectOf(node).flatMap(({ type, name }) =>
        named(type, [...namePartsOf(node["newschema"]), name]),
      );
    default:
      return [];
  }
}

/** Objects that a statement drops. */
export function droppedBy(kind: string, node: Node): readonly ObjectName[] {
  if (kind === "DropStmt") {
    return nodesOf(node["objects"]).flatMap((object) => typedObject(node["removeType"], object).slice(0, 1));
  }
  if (kind === "DropRoleStmt") return referencesIn(node["roles"]);
  const entry = DROPS[kind];
  return entry ? named(entry[0], namePartsOf(node[entry[1]])) : [];
}

const HAS_ROW_TYPE: ReadonlySet<string> = new Set(["CompositeTypeStmt", "CreateStmt", "ViewStmt"]);

function byField(
  [type, field]: (typeof DEFINITIONS)[string],
  node: Node,
  kind: string,
): readonly ObjectName[] {
  const value = node[field];
  if (isNode(value)) {
    const objects = named(type, relationParts(value));
    return HAS_ROW_TYPE.has(kind) ? withRowType(objects) : objects;
  }
  const parts = namePartsOf(value);
  const relation = relationParts(node["relation"] ?? node["table"]);
  if (parts.length === 0 || relation.length === 0) return named(type, parts);
  const isIndex = type === "relation";
  return isIndex ? named(type, [relation[0], ...parts]) : partOfRelation(type, relation, parts[0]);
}

/** A relation with columns and its row type, the composite type and its relation: one pair, the named one first. */
const withRowType = (objects: readonly ObjectName[]): readonly ObjectName[] =>
  objects.flatMap(
    (object) => [object, { ...object, type: object.type === "type" ? "relation" : "type" }] as const,
  );

const intoRelation = (into: unknown): readonly ObjectName[] =>
  isNode(into) && isNode(into["rel"]) ? named("relation", relationParts(into["rel"])) : [];

function schemaAndElements(node: Node): readonly ObjectName[] {
  const owner = isNode(node["authrole"]) ? namePartsOf(node["authrole"]["rolename"]) : [];
  const name = namePartsOf(node["schemaname"] ?? owner);
  const elements = nodesOf(node["schemaElts"]).flatMap((element) =>
    Object.entries(element).flatMap(([kind, inner]) => (isNode(inner) ? definedBy(kind, inner) : [])),
  );
  const schema = name.at(-1);
  const placed = elements.map((object) => (schema === undefined ? object : { schema, ...object }));
  return [...named("schema", name), ...placed];
}

/** What ALTER … SET SCHEMA or RENAME is about; none when that is a part such as a column. */
function subjectOf(node: Node): readonly ObjectName[] {
  const type = OBJECT_TYPES[String(subjectType(node))];
  if (type && node["relation"]) return named(type, relationParts(node["relation"]));
  return typedObject(subjectType(node), node["object"] ?? node["subname"]).slice(0, 1);
}

const renamed = (node: Node): readonly ObjectName[] =>
  node["relation"] && node["subname"] !== undefined
    ? []
    : subjectOf(node).flatMap(({ type, schema }) =>
        named(type, [...(schema === undefined ? [] : [schema]), ...namePartsOf(node["newname"])]),
      );
