import { definedBy, droppedBy } from "../../sql/definitions.ts";
import { relation, relations } from "../../sql/known-impact.ts";
import { isNode, type Node, namePartsOf, nodesOf, nodesOfKind, textOf } from "../../sql/node.ts";
import { named, type ObjectName, subjectType, typedObject } from "../../sql/object-name.ts";
import { OF_RELATION } from "../../sql/object-types.ts";
import { generatedName, indexColumns } from "./generated-names.ts";
import { alterTableEffects } from "./alter-table-effects.ts";
import { createTableEffects } from "./create-table-effects.ts";
import { dataEffects } from "./data-effects.ts";
import { isBuiltIn, readsOf } from "./mentions.ts";
import {
  type Effect,
  effect,
  effects,
  objectOf,
  opaque,
  partEffects,
  partitionIndex,
  partOf,
  reads,
} from "./objects.ts";
import { privilegeEffects } from "./privilege-effects.ts";
import { moveEffects, renameEffects } from "./rename-effects.ts";
import { blockEffects, routineEffects, signatureOf } from "./routine-effects.ts";
import type { ParsedStatement, Reading } from "./reading.ts";
import type { TouchedObject } from "./touch.ts";

type Reader = (node: Node, reading: Reading) => Effect[];

const data: Reader = (node, { kind }) => dataEffects(node, kind);

/** Creates what it names and reads the rest. */
const creates: Reader = (node, { kind }) => {
  const defines = definedBy(kind, node);
  return [...effects("create", defines), ...readsOf(node, defines)];
};

/** Creates it, or changes the one that is there. */
const replaces: Reader = (node, reading) => {
  const isReplaced = node["replace"] === true;
  const changed = isReplaced ? effects("change shape", definedBy(reading.kind, node)) : [];
  return [...creates(node, reading), ...changed];
};

/** Changes what it is about and reads the rest. */
const changes =
  (subjects: (node: Node) => readonly ObjectName[]): Reader =>
  (node) => {
    const on = subjects(node);
    return [...effects("change shape", on), ...readsOf(node, on)];
  };

/** Makes, or changes, a part of a relation. */
const partOfTable =
  (mode: Effect["mode"], type: string, field: string): Reader =>
  (node) => {
    const table = relation(node["relation"] ?? node["table"]);
    const name = textOf(node[field]) ?? "*";
    return [
      ...table.map(objectOf).flatMap((whole) => partEffects(mode, whole, [partOf(whole, type, name)])),
      ...readsOf(node, table),
    ];
  };

const nothing: Reader = () => [];
const anything: Reader = () => [opaque(null)];

const subjectNamed = (node: Node): readonly ObjectName[] =>
  node["relation"] !== undefined && !OF_RELATION.has(String(subjectType(node)))
    ? relation(node["relation"])
    : typedObject(subjectType(node), node["object"]);

/**
 * What each kind of statement touches by what it says; a kind that is not here may touch anything. CREATE OPERATOR,
 * CAST and the like change what expressions everywhere mean, and ALTER DEFAULT PRIVILEGES what is made later.
 */
const EFFECTS: Readonly<Record<string, Reader>> = {
  AlterCollationStmt: changes(({ collname }) => named("collation", namePartsOf(collname))),
  AlterDomainStmt: changes(({ typeName }) => named("type", namePartsOf(typeName))),
  AlterEnumStmt: alterEnum,
  AlterFunctionStmt: routineEffects,
  AlterObjectSchemaStmt: moveEffects,
  AlterOwnerStmt: changes(subjectNamed),
  AlterPolicyStmt: partOfTable("change shape", "policy", "policy_name"),
  AlterPublicationStmt: changes(({ pubname }) => named("publication", namePartsOf(pubname))),
  AlterSeqStmt: changes(({ sequence }) => relation(sequence)),
  AlterStatsStmt: changes(({ defnames }) => named("statistics", namePartsOf(defnames))),
  AlterTableStmt: (node) =>
    relation(node["relation"])
      .map(objectOf)
      .flatMap((table) => [...alterTableEffects(table, node).flat(), ...inType(table, node)]),
  CallStmt: data,
  ClusterStmt: data,
  CommentStmt: (node) => remark(node, "comment"),
  CompositeTypeStmt: creates,
  CopyStmt: data,
  CreateDomainStmt: creates,
  CreateEnumStmt: creates,
  CreateForeignServerStmt: creates,
  CreateForeignTableStmt: (node) => table(isNode(node["base"]) ? node["base"] : {}),
  CreateFunctionStmt: routineEffects,
  CreatePolicyStmt: partOfTable("create", "policy", "policy_name"),
  CreatePublicationStmt: creates,
  CreateSchemaStmt: (node, reading) => [
    ...effects("create", definedBy(reading.kind, node).slice(0, 1)),
    ...(nodesOf(node["schemaElts"]).length > 0 ? [opaque(textOf(node["schemaname"]) ?? null)] : []),
  ],
  CreateSeqStmt: (node, reading) => [
    ...creates(node, reading),
    ...relation(node["sequence"]).flatMap((one) => effects("create", [{ ...one, type: "type" }])),
  ],
  CreateStatsStmt: (node, reading) => [
    ...creates(node, reading),
    ...relations(node["relations"]).flatMap((of) => {
      const whole = objectOf(of);
      return partEffects("create", whole, [
        partOf(whole, "statistics", namePartsOf(node["defnames"]).at(-1) ?? "*"),
      ]);
    }),
    ...(node["defnames"] === undefined ? [opaque(null)] : []),
  ],
  CreateStmt: table,
  CreateTableAsStmt: (node, reading) => [...creates(node, reading), ...data(node, reading)],
  CreateTrigStmt: (node, reading) => [
    ...(node["replace"] === true ? partOfTable("change shape", "trigger", "trigname")(node, reading) : []),
    ...partOfTable("create", "trigger", "trigname")(node, reading),
  ],
  DeleteStmt: data,
  DoStmt: blockEffects,
  DropStmt: drop,
  GrantStmt: privilegeEffects,
  IndexStmt: index,
  InsertStmt: data,
  LockStmt: ({ relations: locked }) => relations(locked).map((one) => effect("read", objectOf(one))),
  MergeStmt: data,
  RefreshMatViewStmt: data,
  ReindexStmt: data,
  RenameStmt: renameEffects,
  RuleStmt: (node, reading) => [
    ...partOfTable("create", "rule", "rulename")(node, reading),
    ...relation(node["relation"]).map((on) => effect("change shape", objectOf(on))),
  ],
  SecLabelStmt: (node) => remark(node, "security label"),
  SelectStmt: (node, reading) => [
    ...(node["intoClause"] === undefined ? [] : effects("create", definedBy(reading.kind, node))),
    ...data(node, reading),
  ],
  TransactionStmt: nothing,
  TruncateStmt: data,
  UpdateStmt: data,
  VacuumStmt: data,
  VariableSetStmt: ({ name }) => (SETTINGS.has(String(name)) ? [] : [opaque(null)]),
  ViewStmt: replaces,
};

/** Settings of a session that change nothing but waiting and the reading of names, which counts as unknown anyway. */
const SETTINGS: ReadonlySet<string> = new Set([
  "client_min_messages",
  "idle_in_transaction_session_timeout",
  "lock_timeout",
  "maintenance_work_mem",
  "search_path",
  "statement_timeout",
  "work_mem",
]);

/** What a statement touches by what it says, without what its objects depend on. Needs `loadParser`. */
export const statementEffects = ({ kind, node, text }: ParsedStatement): Effect[] =>
  (EFFECTS[kind] ?? anything)(node as Node, { kind, text, effectsOf: statementEffects });

function table(node: Node): Effect[] {
  const defines = definedBy("CreateStmt", node);
  const [first] = defines;
  return first === undefined
    ? []
    : [...effects("create", defines), ...createTableEffects(objectOf(first), node)];
}

/** The attributes of a composite type are columns of its relation, and what uses the type uses them. */
const inType = (whole: TouchedObject, { objtype }: Node): Effect[] =>
  objtype === "OBJECT_TYPE" ? [effect("change shape", { ...whole, type: "type" })] : [];

/** Labels have an order, in which two of them that are added at once come by chance; rows show a new name of one. */
function alterEnum({ typeName, oldVal }: Node): Effect[] {
  const mode = oldVal === undefined ? "add child" : "change shape";
  const types = effects(mode, named("type", namePartsOf(typeName)));
  return types.flatMap((type) => [type, effect("change shape", partOf(type.object, "labels", "order"))]);
}

function index(node: Node): Effect[] {
  const [on] = relation(node["relation"]);
  if (on === undefined) return [];
  const owner = objectOf(on);
  const elements = nodesOfKind(node["indexParams"], "IndexElem");
  const including = nodesOfKind(node["indexIncludingParams"], "IndexElem");
  const columns = indexColumns([...elements, ...including]);
  const name = textOf(node["idxname"]) ?? generatedName(owner.name, columns, "idx");
  const own = partOf(owner, "index", name);
  const asKey = node["unique"] === true ? [partOf(owner, "constraint", name)] : [];
  return [
    ...partEffects("create", owner, [own, ...asKey]),
    effect("create", { ...owner, name }),
    partitionIndex(owner, columns, "idx"),
    ...readsOf({ ...node, idxname: undefined }, [on]),
  ];
}

function drop(node: Node, { kind }: Reading): Effect[] {
  const type = String(node["removeType"]);
  const dropped = droppedBy(kind, node);
  if (dropped.length === 0) return [opaque(null)];
  if (dropped.every(({ type: space }) => space === "function")) return dropRoutines(node);
  const gone = dropped.map(objectOf).map((object) => effect("drop", object));
  const owners = gone.flatMap(({ object }) =>
    object.part === null ? [] : [effect("add child", { ...object, part: null })],
  );
  const rows = dropped.flatMap((one) =>
    one.type === "relation" && type !== "OBJECT_INDEX" ? effects("drop", [{ ...one, type: "type" }]) : [],
  );
  return [...gone, ...owners, ...rows];
}

const dropRoutines = ({ objects }: Node): Effect[] =>
  nodesOfKind(objects, "ObjectWithArgs").flatMap((routine) =>
    effects("add child", named("function", namePartsOf(routine["objname"]))).flatMap((whole) => [
      whole,
      effect(
        "drop",
        partOf(
          whole.object,
          "signature",
          routine["args_unspecified"] === true ? "*" : signatureOf(nodesOf(routine["objargs"])),
        ),
      ),
    ]),
  );

/** COMMENT and the like say something of an object without changing it. */
function remark(node: Node, what: string): Effect[] {
  const type = String(node["objtype"]);
  const objects = typedObject(type, node["object"]).filter((object) => !isBuiltIn(object));
  const [first, whole] = objects;
  const columns = OF_RELATION.has(type) ? namePartsOf(node["object"]) : [];
  const on =
    whole === undefined && columns.length > 0 && first !== undefined
      ? partOf(objectOf(first), type === "OBJECT_COLUMN" ? "column" : "constraint", columns.at(-1)!)
      : first === undefined
        ? undefined
        : objectOf(first);
  if (on === undefined) return [opaque(null)];
  const about = on.part === null ? what : `${what} on ${on.part.type} ${on.part.name}`;
  return [
    ...reads(on),
    ...(on.part === null ? [] : [effect("read", { ...on, part: null })]),
    effect("change shape", partOf({ ...on, part: null }, what, about)),
  ];
}
