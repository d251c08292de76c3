import { isVolatile, typeSort } from "./expression-facts.ts";
import {
  greatest,
  type Impact,
  type Lock,
  type ReplicaVerdict,
  type Tier,
  WORK,
  type Work,
} from "./impact.ts";
import { isNode, type Node, nodesOf, nodesOfKind, optionsOf, textOf, unwrap } from "./node.ts";
import { relation } from "./known-impact.ts";
import { named, type ObjectName } from "./object-name.ts";

/** Whether a type is known to be no domain. */
export type IsPlainType = (type: ObjectName) => boolean;

/** One row of the table: operation, lock on the table, tier, work, replicas; undefined is not known. */
type Row = readonly [string, Lock | undefined, Tier | undefined, Work | undefined, ReplicaVerdict];

/** A row, and locks on other tables. */
interface Facts {
  readonly row: Row;
  readonly others?: readonly (readonly [ObjectName, Lock])[];
}

const [ALL, WRITES, CHANGES] = ["ACCESS EXCLUSIVE", "SHARE ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE"] as const;

const quiet = (operation: string, lock: Lock): Row => [operation, lock, "reversible", "catalog", "SAFE"];
const change = (operation: string, lock: Lock): Row => [
  operation,
  lock,
  "reversible",
  "catalog",
  "UNCLASSIFIED",
];
const rewrite = (operation: string): Row => [operation, ALL, "lock_risky", "rewrite", "UNCLASSIFIED"];

/**
 * Actions of ALTER TABLE after the PostgreSQL documentation, "ALTER TABLE" and "Explicit Locking", for 13 to 18.
 * What is not here is not classified.
 */
// oxfmt-ignore
const ROWS: Readonly<Record<string, Row>> = {
  AT_AddIdentity: change("ADD IDENTITY", ALL),
  AT_AddInherit: change("INHERIT", ALL),
  AT_AddOf: change("OF", ALL),
  // A cast may round or cut, and only the present type tells whether rows are rewritten.
  AT_AlterColumnType: ["ALTER COLUMN TYPE", ALL, undefined, undefined, "CHANGE_TYPE"],
  AT_AlterConstraint: change("ALTER CONSTRAINT", ALL),
  AT_ChangeOwner: change("OWNER TO", ALL),
  AT_ClusterOn: quiet("CLUSTER ON", CHANGES),
  AT_DetachPartitionFinalize: ["DETACH PARTITION FINALIZE", CHANGES, "destructive", "catalog", "UNCLASSIFIED"],
  AT_DisableRowSecurity: change("DISABLE ROW LEVEL SECURITY", ALL),
  AT_DisableRule: change("DISABLE RULE", ALL),
  AT_DisableTrig: change("DISABLE TRIGGER", WRITES),
  AT_DisableTrigAll: change("DISABLE TRIGGER", WRITES),
  AT_DisableTrigUser: change("DISABLE TRIGGER", WRITES),
  AT_DropCluster: quiet("SET WITHOUT CLUSTER", CHANGES),
  AT_DropColumn: ["DROP COLUMN", ALL, "irreversible", "catalog", "DROP_COLUMN"],
  AT_DropConstraint: ["DROP CONSTRAINT", ALL, "destructive", "catalog", "DROP_OBJECT"],
  AT_DropExpression: ["DROP EXPRESSION", ALL, "destructive", "catalog", "UNCLASSIFIED"],
  AT_DropIdentity: ["DROP IDENTITY", ALL, "irreversible", "catalog", "UNCLASSIFIED"],
  AT_DropInherit: change("NO INHERIT", ALL),
  AT_DropNotNull: change("DROP NOT NULL", ALL),
  AT_DropOf: change("NOT OF", ALL),
  AT_EnableAlwaysRule: change("ENABLE ALWAYS RULE", ALL),
  AT_EnableAlwaysTrig: change("ENABLE ALWAYS TRIGGER", WRITES),
  AT_EnableReplicaRule: change("ENABLE REPLICA RULE", ALL),
  AT_EnableReplicaTrig: change("ENABLE REPLICA TRIGGER", WRITES),
  AT_EnableRowSecurity: change("ENABLE ROW LEVEL SECURITY", ALL),
  AT_EnableRule: change("ENABLE RULE", ALL),
  AT_EnableTrig: change("ENABLE TRIGGER", WRITES),
  AT_EnableTrigAll: change("ENABLE TRIGGER", WRITES),
  AT_EnableTrigUser: change("ENABLE TRIGGER", WRITES),
  AT_ForceRowSecurity: change("FORCE ROW LEVEL SECURITY", ALL),
  AT_NoForceRowSecurity: change("NO FORCE ROW LEVEL SECURITY", ALL),
  AT_ReplicaIdentity: change("REPLICA IDENTITY", ALL),
  AT_ResetOptions: quiet("ALTER COLUMN RESET", CHANGES),
  AT_SetAccessMethod: rewrite("SET ACCESS METHOD"),
  AT_SetCompression: quiet("SET COMPRESSION", ALL),
  AT_SetIdentity: change("SET IDENTITY", ALL),
  AT_SetLogged: rewrite("SET LOGGED"),
  AT_SetNotNull: ["SET NOT NULL", ALL, "lock_risky", "scan", "SET_NOT_NULL"],
  AT_SetOptions: quiet("ALTER COLUMN SET", CHANGES),
  AT_SetStatistics: quiet("SET STATISTICS", CHANGES),
  AT_SetStorage: quiet("SET STORAGE", ALL),
  AT_SetTableSpace: rewrite("SET TABLESPACE"),
  AT_SetUnLogged: rewrite("SET UNLOGGED"),
  AT_ValidateConstraint: ["VALIDATE CONSTRAINT", CHANGES, "additive", "scan", "SAFE"],
};

/** Actions whose facts depend on what they say. */
const READERS: Readonly<Record<string, (command: Node, isPlainType: IsPlainType) => Facts>> = {
  AT_AddColumn: addColumn,
  AT_AddConstraint: ({ def }) => addConstraint(unwrap(def, "Constraint") ?? {}),
  AT_AttachPartition: ({ def }) => ({
    row: ["ATTACH PARTITION", CHANGES, "lock_risky", "scan", "UNCLASSIFIED"],
    others: relation(unwrap(def, "PartitionCmd")?.["name"]).map((child) => [child, ALL]),
  }),
  AT_ColumnDefault: ({ def }) => ({
    row: def === undefined ? change("DROP DEFAULT", ALL) : quiet("SET DEFAULT", ALL),
  }),
  AT_DetachPartition: ({ def }) => {
    const partition = unwrap(def, "PartitionCmd");
    const lock = partition?.["concurrent"] === true ? CHANGES : ALL;
    return {
      row: ["DETACH PARTITION", lock, "destructive", "catalog", "UNCLASSIFIED"],
      others: relation(partition?.["name"]).map((child) => [child, ALL]),
    };
  },
  AT_ResetRelOptions: ({ def }) => ({ row: storageOptions("RESET", def) }),
  AT_SetRelOptions: ({ def }) => ({ row: storageOptions("SET", def) }),
};

const CONSTRAINTS: Readonly<Record<string, string>> = {
  CONSTR_CHECK: "CHECK",
  CONSTR_EXCLUSION: "EXCLUDE",
  CONSTR_NOTNULL: "NOT NULL",
  CONSTR_PRIMARY: "PRIMARY KEY",
  CONSTR_UNIQUE: "UNIQUE",
};

function addConstraint(constraint: Node): Facts {
  const { contype, skip_validation: isNotValid, indexname, pktable } = constraint;
  if (contype === "CONSTR_FOREIGN") {
    const others = relation(pktable).map((other) => [other, WRITES] as const);
    return isNotValid === true
      ? { row: ["ADD FOREIGN KEY NOT VALID", WRITES, "additive", "catalog", "SAFE"], others }
      : { row: ["ADD FOREIGN KEY", WRITES, "lock_risky", "scan", "ADD_CONSTRAINT"], others };
  }
  const operation = `ADD ${CONSTRAINTS[String(contype)] ?? "CONSTRAINT"}`;
  if (isNotValid === true) return { row: [`${operation} NOT VALID`, ALL, "additive", "catalog", "SAFE"] };
  if (contype === "CONSTR_UNIQUE" && indexname !== undefined) {
    return { row: [`${operation} USING INDEX`, ALL, "additive", "catalog", "SAFE"] };
  }
  return { row: [operation, ALL, "lock_risky", "scan", "ADD_CONSTRAINT"] };
}

/** A value in every row, or a promise about it. */
const FILLS = ["CONSTR_DEFAULT", "CONSTR_GENERATED", "CONSTR_IDENTITY", "CONSTR_NOTNULL", "CONSTR_PRIMARY"];
const CHECKED = ["CONSTR_CHECK", "CONSTR_UNIQUE", "CONSTR_PRIMARY"];

function addColumn({ def }: Node, isPlainType: IsPlainType): Facts {
  const column = unwrap(def, "ColumnDef") ?? {};
  const constraints = nodesOfKind(column["constraints"], "Constraint");
  const has = (...types: string[]) => constraints.some(({ contype }) => types.includes(String(contype)));
  const { sort, parts } = typeSort(column["typeName"]);
  const isKnown = sort !== "named" || named("type", parts).some(isPlainType);
  const works = constraints
    .map(workOf)
    .concat(sort === "serial" ? "rewrite" : isKnown ? "catalog" : undefined);
  if (has(...CHECKED) || (has("CONSTR_FOREIGN") && has(...FILLS))) works.push("scan");
  const work = works.includes("rewrite") ? "rewrite" : greatest(WORK, works);
  const tier = work === undefined ? undefined : work === "catalog" ? "additive" : "lock_risky";
  return {
    row: ["ADD COLUMN", ALL, tier, work, verdict()],
    others: constraints.flatMap(({ pktable }) => relation(pktable).map((other) => [other, WRITES] as const)),
  };

  function verdict(): ReplicaVerdict {
    if (sort === "serial" || has(...FILLS)) return "ADD_COLUMN";
    if (has("CONSTR_CHECK", "CONSTR_FOREIGN", "CONSTR_UNIQUE")) return "ADD_CONSTRAINT";
    return isKnown ? "SAFE" : "UNCLASSIFIED";
  }
}

/** PostgreSQL rewrites a table for values that differ by row; a constant default it keeps in the catalog. */
function workOf({ contype, raw_expr, generated_kind }: Node): Work | undefined {
  if (contype === "CONSTR_IDENTITY") return "rewrite";
  if (contype === "CONSTR_GENERATED") return generated_kind === "v" ? "catalog" : "rewrite";
  if (contype !== "CONSTR_DEFAULT") return "catalog";
  const differs = isVolatile(raw_expr);
  return differs === undefined ? undefined : differs ? "rewrite" : "catalog";
}

/** Storage parameters that take a SHARE UPDATE EXCLUSIVE lock. */
const LIGHT =
  /^(fillfactor|parallel_workers|toast_tuple_target|autovacuum_\w+|vacuum_\w+|log_autovacuum_\w+)$/;

function storageOptions(verb: string, def: unknown): Row {
  const names = [...optionsOf(unwrap(def, "List")?.["items"] ?? def).keys()];
  const isLight = names.length > 0 && names.every((name) => LIGHT.test(name));
  return isLight
    ? quiet(`${verb} (${names.join(", ")})`, CHANGES)
    : [`${verb} (${names.join(", ")})`, undefined, undefined, undefined, "UNCLASSIFIED"];
}

/** One impact per action; of anything but a table, none is known. */
export function alterTableImpacts(node: Node, isPlainType: IsPlainType): readonly Impact[] {
  const on = relation(node["relation"]);
  return nodesOf(node["cmds"]).map((wrapper): Impact => {
    const command = unwrap(wrapper, "AlterTableCmd") ?? {};
    const subtype = textOf(command["subtype"]) ?? "";
    const row = node["objtype"] === "OBJECT_TABLE" ? ROWS[subtype] : undefined;
    const read = node["objtype"] === "OBJECT_TABLE" ? READERS[subtype] : undefined;
    const facts = read ? read(command, isPlainType) : row && { row };
    if (!facts) return { operation: unknownAction(node, subtype), on, locks: [], replica: "UNCLASSIFIED" };
    const [operation, lock, tier, work, replica] = facts.row;
    const own = lock === undefined ? [] : on.map((table) => [table, lock] as const);
    return { operation, on, locks: [...own, ...(facts.others ?? [])], tier, work, replica };
  });
}

const unknownAction = ({ objtype }: Node, subtype: string): string =>
  `ALTER ${String(objtype).replace("OBJECT_", "").replaceAll("_", " ")} (${subtype.replace("AT_", "")})`;

/** Foreign keys below a CREATE TABLE's elements lock what they reference. */
export function referencedTables(value: unknown): readonly ObjectName[] {
  if (Array.isArray(value)) return value.flatMap(referencedTables);
  if (!isNode(value)) return [];
  return [...relation(value["pktable"]), ...Object.values(value).flatMap(referencedTables)];
}
