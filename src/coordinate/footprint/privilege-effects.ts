import { type Node, namePartsOf, nodesOf, nodesOfKind, textOf } from "../../sql/node.ts";
import { relationParts, typedObject, named, type ObjectName } from "../../sql/object-name.ts";
import { type Effect, effect, effects, objectOf, opaque, partOf, reads } from "./objects.ts";

/** GRANT and REVOKE change what one role may do with an object. */
export function privilegeEffects(node: Node): Effect[] {
  if (node["targtype"] === "ACL_TARGET_ALL_IN_SCHEMA")
    return nodesOf(node["objects"]).flatMap((schema) => opaque(namePartsOf(schema).at(-1) ?? null));
  const objects = nodesOf(node["objects"]).flatMap((object) => objectsOf(node, object));
  if (objects.length === 0) return [opaque(null)];
  const roles = nodesOfKind(node["grantees"], "RoleSpec");
  const names = roles.map((role) => textOf(role["rolename"]) ?? String(role["roletype"]));
  // A revoke that cascades takes away what others were granted in turn.
  const grantees = node["is_grant"] === true ? names : ["*"];
  const columns = nodesOfKind(node["privileges"], "AccessPriv").flatMap((one) => namePartsOf(one["cols"]));
  return [
    ...effects(
      "read",
      roles.flatMap((role) => named("role", [textOf(role["rolename"])])),
    ),
    ...objects
      .map(objectOf)
      .flatMap((object) => [
        ...reads(object),
        ...columns.map((column) => effect("read", partOf(object, "column", column))),
        ...grantees.map((role) => effect("change shape", partOf(object, "privileges of", role))),
      ]),
  ];
}

const objectsOf = ({ objtype }: Node, object: Node): readonly ObjectName[] => {
  const range = object["RangeVar"];
  return range === undefined ? typedObject(objtype, object) : named("relation", relationParts(range));
};
