import { relation, relations } from "../../sql/known-impact.ts";
import { isNode, namePartsOf, type Node, nodesOfKind } from "../../sql/node.ts";
import type { ObjectName } from "../../sql/object-name.ts";
import { referencesIn } from "../../sql/references.ts";
import { type Effect, effect, objectOf, opaque, partOf } from "./objects.ts";
import { ANY_RELATION, readsOf } from "./mentions.ts";

/** Statements that write rows or what is kept of them: the relations they write. */
const WRITES: Readonly<Record<string, (node: Node) => readonly ObjectName[]>> = {
  ClusterStmt: ({ relation: table }) => relation(table),
  CopyStmt: ({ relation: table, is_from: isFrom }) => (isFrom === true ? relation(table) : []),
  DeleteStmt: ({ relation: table }) => relation(table),
  InsertStmt: ({ relation: table }) => relation(table),
  MergeStmt: ({ relation: table }) => relation(table),
  RefreshMatViewStmt: ({ relation: view }) => relation(view),
  ReindexStmt: ({ relation: table }) => relation(table),
  TruncateStmt: ({ relations: tables }) => relations(tables),
  UpdateStmt: ({ relation: table }) => relation(table),
  VacuumStmt: ({ rels }) => nodesOfKind(rels, "VacuumRelation").flatMap((one) => relation(one["relation"])),
};

/** Statements that work on whatever is there when they name nothing. */
const ON_EVERYTHING: ReadonlySet<string> = new Set(["ClusterStmt", "ReindexStmt", "VacuumStmt"]);

/** Statements that give all columns a value when they name none. */
const BY_COLUMNS: Readonly<Record<string, string>> = { CopyStmt: "attlist", InsertStmt: "cols" };

/** Rows that are read and written, here and in what stands inside of the statement. */
export function dataEffects(node: Node, kind: string): Effect[] {
  const written = WRITES[kind]?.(node) ?? [];
  if (written.length === 0 && ON_EVERYTHING.has(kind)) return [opaque(null)];
  const columns = BY_COLUMNS[kind];
  const takesAll = columns !== undefined && node[columns] === undefined;
  const reads = readsOf(node, written);
  return [
    ...written.map((table) => effect("write data", objectOf(table))),
    ...written.map((table) => effect("read data", objectOf(table))),
    ...(takesAll ? written.map((table) => effect("read", partOf(objectOf(table), "column", "*"))) : []),
    ...(kind === "InsertStmt" ? [effect("read", partOf(ANY_RELATION, "constraint", "*"))] : []),
    ...reads.map((read) =>
      read.object.type === "relation" && read.object.part === null ? effect("read data", read.object) : read,
    ),
    ...innerWrites(node),
    ...numbersOf(node),
    ...(kind === "CallStmt" || kind === "SelectStmt" ? callsOf(node) : []),
  ];
}

/** WITH may hold statements that write. */
function innerWrites(value: unknown): Effect[] {
  if (Array.isArray(value)) return value.flatMap(innerWrites);
  if (!isNode(value)) return [];
  return Object.entries(value).flatMap(([kind, inner]) =>
    kind in WRITES && isNode(inner) && "relation" in inner ? dataEffects(inner, kind) : innerWrites(inner),
  );
}

/** Functions that change the sequence they name. */
const ADVANCES: ReadonlySet<string> = new Set(["nextval", "setval"]);

/** Sequences that give out numbers where an expression is evaluated: whoever comes first gets the lower ones. */
export function numbersOf(value: unknown): Effect[] {
  if (Array.isArray(value)) return value.flatMap(numbersOf);
  if (!isNode(value)) return [];
  const isCall = ADVANCES.has(namePartsOf(value["funcname"]).at(-1) ?? "");
  const sequences = isCall ? referencesIn(value).filter(({ type }) => type === "relation") : [];
  return [
    ...sequences.map((sequence) => effect("write data", objectOf(sequence))),
    ...Object.values(value).flatMap(numbersOf),
  ];
}

/** What is called for its effects may do anything, but for what only reads. */
function callsOf(value: unknown): Effect[] {
  if (Array.isArray(value)) return value.flatMap(callsOf);
  if (!isNode(value)) return [];
  return Object.entries(value).flatMap(([kind, inner]) =>
    kind === "FuncCall" ? [opaque(null)] : callsOf(inner),
  );
}
