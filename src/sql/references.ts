import { type ObjectName, named, relationParts, subjectType, typedObject } from "./object-name.ts";
import { isNode, type Node, namePartsOf, nodesOf, nodesOfKind, textOf, unwrap } from "./node.ts";
import type { ObjectType } from "./object-types.ts";
import { tokenEnd } from "./token.ts";

/** Fields that hold the name of something, or a list of its parts, in whatever node they stand. */
const NAME_FIELDS: Readonly<Record<string, ObjectType>> = {
  cfgname: "text search object",
  collname: "collation",
  dbname: "database",
  dictname: "text search object",
  extname: "extension",
  fdwname: "foreign data wrapper",
  func_name: "function",
  funcname: "function",
  handler_name: "function",
  lang: "language",
  local_schema: "schema",
  new_tablespacename: "tablespace",
  newschema: "schema",
  opclass: "operator class",
  opfamilyname: "operator family",
  orig_tablespacename: "tablespace",
  plhandler: "function",
  plinline: "function",
  plvalidator: "function",
  pubname: "publication",
  rolename: "role",
  server_name: "server",
  servername: "server",
  subname: "subscription",
  tableSpace: "tablespace",
  tablespacename: "tablespace",
};

/** Options of CREATE TYPE, AGGREGATE, OPERATOR and RANGE whose value, though parsed as a type, is a function. */
const FUNCTION_OPTIONS: ReadonlySet<string> = new Set(
  `
    analyze canonical combinefunc deserialfunc finalfunc function handler input join mfinalfunc minvfunc msfunc
    output procedure receive restrict send serialfunc sfunc subscript subtype_diff typmod_in typmod_out validator
  `
    .trim()
    .split(/\s+/),
);

/** Casts of a constant that look its text up as a name. */
const LOOKUP_CASTS: Readonly<Record<string, ObjectType>> = {
  regclass: "relation",
  regcollation: "collation",
  regnamespace: "schema",
  regproc: "function",
  regprocedure: "function",
  regrole: "role",
  regtype: "type",
};

/** Functions whose first argument is the name of a relation. */
const TAKES_RELATION: ReadonlySet<string> = new Set([
  "currval",
  "nextval",
  "pg_get_serial_sequence",
  "setval",
]);

/** Names found in nodes that have this field. */
const READERS: Readonly<Record<string, (node: Node) => readonly ObjectName[]>> = {
  args: ({ funcname, args }) =>
    TAKES_RELATION.has(namePartsOf(funcname).at(-1) ?? "")
      ? named("relation", constantName(nodesOf(args)[0]))
      : [],
  defname: optionNames,
  granted_roles: (node) =>
    nodesOfKind(node["granted_roles"], "AccessPriv").flatMap((role) =>
      named("role", [textOf(role["priv_name"])]),
    ),
  grantees: ({ targtype, objtype, objects }) =>
    nodesOf(objects).flatMap((object) =>
      targtype === "ACL_TARGET_ALL_IN_SCHEMA"
        ? named("schema", namePartsOf(object))
        : typedObject(objtype, object),
    ),
  names: ({ names, pct_type }) =>
    pct_type ? named("relation", namePartsOf(names).slice(0, -1)) : named("type", namePartsOf(names)),
  object: (node) => typedObject(subjectType(node), node["object"]),
  objname: ({ objname }) => {
    const parts = namePartsOf(objname);
    return named(/^[\p{L}_]/u.test(parts.at(-1) ?? "") ? "function" : "operator", parts);
  },
  pubobjtype: ({ name }) => named("schema", namePartsOf(name)),
  removeType: ({ removeType, objects }) =>
    nodesOf(objects).flatMap((object) => typedObject(removeType, object).slice(1)),
  renameType: (node) =>
    node["relation"] || node["object"] ? [] : typedObject(node["renameType"], node["subname"]),
  rexpr: ({ name }) => (namePartsOf(name).length > 1 ? named("operator", namePartsOf(name)) : []),
  typeName: ({ typeName, arg }) => {
    if (Array.isArray(typeName)) return named("type", namePartsOf(typeName));
    const type = LOOKUP_CASTS[isNode(typeName) ? (namePartsOf(typeName["names"]).at(-1) ?? "") : ""];
    return type ? named(type, constantName(arg)) : [];
  },
};

/** What the tree below `value` names, in the order of its fields; names of WITH queries are not names of objects. */
export function referencesIn(value: unknown): readonly ObjectName[] {
  const found: ObjectName[] = [];
  walk(value, new Set(), found);
  return found;
}

function walk(value: unknown, withNames: ReadonlySet<string>, found: ObjectName[]): void {
  if (Array.isArray(value)) for (const item of value) walk(item, withNames, found);
  if (!isNode(value)) return;
  const { relname, schemaname } = value;
  if (typeof relname === "string" && (schemaname !== undefined || !withNames.has(relname))) {
    found.push(...named("relation", relationParts(value)));
  }
  const isCommand = "subname" in value && "renameType" in value;
  for (const field of Object.keys(value)) {
    const type = isCommand ? undefined : NAME_FIELDS[field];
    if (type) found.push(...named(type, namePartsOf(value[field])));
    found.push(...(READERS[field]?.(value) ?? []));
  }
  if (isFunctionOption(value)) return;
  const scope = isNode(value["withClause"]) ? walkWith(value["withClause"], withNames, found) : withNames;
  for (const field of Object.keys(value)) if (field !== "withClause") walk(value[field], scope, found);
}

/** Walk the queries of a WITH; each sees the names before it, or all of them when it is recursive. */
function walkWith(clause: Node, outer: ReadonlySet<string>, found: ObjectName[]): ReadonlySet<string> {
  const queries = nodesOfKind(clause["ctes"], "CommonTableExpr");
  const scope = new Set(outer);
  if (clause["recursive"]) for (const { ctename } of queries) scope.add(String(ctename));
  for (const { ctename, ...query } of queries) {
    walk(query, new Set(scope), found);
    scope.add(String(ctename));
  }
  return scope;
}

const isFunctionOption = ({ defname, arg }: Node): boolean =>
  FUNCTION_OPTIONS.has(String(defname)) && unwrap(arg, "TypeName") !== undefined;

function optionNames({ defname, arg }: Node): readonly ObjectName[] {
  const parts = namePartsOf(arg);
  if (FUNCTION_OPTIONS.has(String(defname))) return named("function", parts);
  switch (defname) {
    case "language":
      return named("language", parts);
    case "owned_by":
      return named("relation", parts.slice(0, -1));
    case "schema":
    case "schemas":
      return parts.flatMap((part) => named("schema", [part]));
    default:
      return [];
  }
}

/** Parts of the name that a text constant spells, casts of it included: `'public."T"'`, `'f(int)'`. */
function constantName(value: unknown): readonly string[] {
  const cast = unwrap(value, "TypeCast");
  if (cast) return constantName(cast["arg"]);
  const constant = unwrap(value, "A_Const")?.["sval"];
  const text = (isNode(constant) && textOf(constant["sval"])) || "";
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = tokenEnd(text, at);
    const token = text.slice(at, end);
    if (end === -1 || token === "(") break;
    if (token !== ".")
      parts.push(token.startsWith('"') ? token.slice(1, -1).replaceAll('""', '"') : token.toLowerCase());
    at = end;
  }
  return parts;
}
