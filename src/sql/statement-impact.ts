import { alterTableImpacts, type IsPlainType, referencedTables } from "./alter-table-impact.ts";
import { droppedBy } from "./definitions.ts";
import { type Impact, LOCKS } from "./impact.ts";
import { adds, changes, known, relation, relations, unknown } from "./known-impact.ts";
import { isNode, type Node, nodesOf, nodesOfKind, optionsOf, textOf, unwrap } from "./node.ts";
import { named, type ObjectName, typedObject } from "./object-name.ts";
import { changesRows, fromQuery, insert } from "./row-impact.ts";
import type { Statement } from "./script.ts";

const [ALL, READERS_ONLY] = ["ACCESS EXCLUSIVE", "EXCLUSIVE"] as const;
const [WRITES, SHARE, CHANGES, ROWS] = [
  "SHARE ROW EXCLUSIVE",
  "SHARE",
  "SHARE UPDATE EXCLUSIVE",
  "ROW EXCLUSIVE",
] as const;

type Reader = (node: Node, isPlainType: IsPlainType) => readonly Impact[];

/**
 * Locks and effects of statements after the PostgreSQL documentation, "Explicit Locking" and the page of each
 * statement, for 13 to 18; where they differ, the strongest. A kind that is not here is not classified: SELECT, DO, CALL, EXECUTE and whatever else
 * runs code that nobody can look into.
 */
const IMPACTS: Readonly<Record<string, Reader>> = {
  AlterDefaultPrivilegesStmt: ({ action }) =>
    privileges("ALTER DEFAULT PRIVILEGES", isNode(action) ? action : {}),
  AlterEnumStmt: ({ typeName, oldVal }) => {
    const on = named("type", nameOf(typeName));
    return oldVal === undefined
      ? known("ADD VALUE", "irreversible", { on, replica: "UNCLASSIFIED" })
      : known("RENAME VALUE", "reversible", { on, replica: "RENAME_OBJECT" });
  },
  AlterFunctionStmt: () => changes("ALTER FUNCTION"),
  AlterObjectSchemaStmt: (node) =>
    known("SET SCHEMA", "reversible", {
      on: relation(node["relation"]),
      lock: ALL,
      replica: "RENAME_OBJECT",
    }),
  AlterOwnerStmt: () => changes("OWNER TO"),
  AlterPolicyStmt: ({ table }) => changes("ALTER POLICY", relation(table), ALL),
  AlterSeqStmt: ({ sequence }) => changes("ALTER SEQUENCE", relation(sequence), WRITES),
  AlterStatsStmt: () => known("ALTER STATISTICS", "reversible"),
  AlterTableStmt: alterTableImpacts,
  ClusterStmt: (node) =>
    known("CLUSTER", "lock_risky", {
      on: relation(node["relation"]),
      lock: ALL,
      work: "rewrite",
      replica: "UNCLASSIFIED",
    }),
  CommentStmt: ({ objtype, object }) => {
    const on = typedObject(objtype, object).filter(({ type }) => type === "relation");
    return known("COMMENT", "reversible", { on, lock: CHANGES });
  },
  CompositeTypeStmt: adds("CREATE TYPE"),
  CopyStmt: (node) =>
    node["is_from"] === true && node["filename"] === undefined
      ? known("COPY", "additive", { on: relation(node["relation"]), lock: ROWS, work: "rows" })
      : unknown("COPY"),
  CreateDomainStmt: adds("CREATE DOMAIN"),
  CreateEnumStmt: adds("CREATE TYPE"),
  CreateExtensionStmt: adds("CREATE EXTENSION"),
  CreateForeignTableStmt: adds("CREATE FOREIGN TABLE"),
  CreateFunctionStmt: ({ is_procedure, replace }) => {
    const what = is_procedure === true ? "PROCEDURE" : "FUNCTION";
    return replace === true ? replaces(what) : known(`CREATE ${what}`, "additive");
  },
  CreatePolicyStmt: ({ table }) => changes("CREATE POLICY", relation(table), ALL),
  CreateRangeStmt: adds("CREATE TYPE"),
  CreateRoleStmt: adds("CREATE ROLE"),
  CreateSchemaStmt: ({ schemaElts }, isPlainType) => [
    ...known("CREATE SCHEMA", "additive"),
    ...nodesOf(schemaElts).flatMap((element) =>
      Object.entries(element).flatMap(([kind, node]) => impactsOf(kind, node as Node, isPlainType)),
    ),
  ],
  CreateSeqStmt: adds("CREATE SEQUENCE"),
  CreateStatsStmt: (node) =>
    known("CREATE STATISTICS", "additive", { on: relations(node["relations"]), lock: CHANGES }),
  CreateStmt: createTable,
  CreateTableAsStmt: ({ objtype, query, into }) =>
    fromQuery(objtype === "OBJECT_MATVIEW" ? "CREATE MATERIALIZED VIEW" : "CREATE TABLE AS", query, into),
  CreateTrigStmt: (node) => changes("CREATE TRIGGER", relation(node["relation"]), WRITES),
  DefineStmt: ({ kind, replace }) => {
    const what = String(kind).replace("OBJECT_", "");
    if (kind === "OBJECT_OPERATOR") return unknown("CREATE OPERATOR");
    return replace === true ? replaces(what) : known(`CREATE ${what}`, "additive");
  },
  DeleteStmt: (node) => changesRows("DELETE", node),
  DropOwnedStmt: () => known("DROP OWNED", "irreversible", { replica: "DROP_OBJECT" }),
  DropRoleStmt: () => known("DROP ROLE", "destructive", { replica: "DROP_OBJECT" }),
  DropStmt: drop,
  GrantRoleStmt: (node) => privileges("GRANT", node),
  GrantStmt: (node) => privileges("GRANT", node),
  IndexStmt: (node) => {
    const on = relation(node["relation"]);
    return node["concurrent"] === true
      ? known("CREATE INDEX CONCURRENTLY", "additive", { on, lock: CHANGES, work: "scan" })
      : known("CREATE INDEX", "lock_risky", { on, lock: SHARE, work: "scan", replica: "CREATE_INDEX" });
  },
  InsertStmt: insert,
  LockStmt: (node) =>
    known("LOCK", "lock_risky", {
      on: relations(node["relations"]),
      lock: LOCKS[Number(node["mode"]) - 1],
      work: undefined,
      replica: "UNCLASSIFIED",
    }),
  MergeStmt: (node) => changesRows("MERGE", node),
  RefreshMatViewStmt: (node) => {
    const on = relation(node["relation"]);
    return node["concurrent"] === true
      ? known("REFRESH MATERIALIZED VIEW CONCURRENTLY", "reversible", {
          on,
          lock: READERS_ONLY,
          work: "scan",
        })
      : known("REFRESH MATERIALIZED VIEW", "lock_risky", {
          on,
          lock: ALL,
          work: "rewrite",
          replica: "UNCLASSIFIED",
        });
  },
  ReindexStmt: reindex,
  RenameStmt: rename,
  RuleStmt: (node) => changes("CREATE RULE", relation(node["relation"]), ALL),
  SelectStmt: (node) =>
    node["intoClause"] === undefined ? unknown("SELECT") : fromQuery("SELECT INTO", node, node["intoClause"]),
  TransactionStmt: adds("SAVEPOINT"),
  TruncateStmt: (node) =>
    known("TRUNCATE", "irreversible", { on: relations(node["relations"]), lock: ALL, replica: "TRUNCATE" }),
  UpdateStmt: (node) => changesRows("UPDATE", node),
  VacuumStmt: (node) => {
    const on = nodesOfKind(node["rels"], "VacuumRelation").flatMap((table) => relation(table["relation"]));
    if (optionsOf(node["options"]).has("full"))
      return known("VACUUM FULL", "lock_risky", { on, lock: ALL, work: "rewrite", replica: "UNCLASSIFIED" });
    const operation = node["is_vacuumcmd"] === true ? "VACUUM" : "ANALYZE";
    return known(operation, "additive", { on, lock: CHANGES, work: "scan" });
  },
  VariableSetStmt: ({ name }) =>
    HARMLESS_SETTINGS.has(String(name))
      ? known("SET", "additive")
      : unknown(`SET ${textOf(name) ?? ""}`.trim()),
  ViewStmt: ({ view, replace }) =>
    replace === true ? replaces("VIEW", relation(view)) : known("CREATE VIEW", "additive"),
};

/** Settings that change how long a statement waits, or where names are looked up, and nothing else. */
const HARMLESS_SETTINGS: ReadonlySet<string> = new Set([
  "client_min_messages",
  "idle_in_transaction_session_timeout",
  "lock_timeout",
  "maintenance_work_mem",
  "role",
  "search_path",
  "statement_timeout",
  "timezone",
  "work_mem",
]);

const nameOf = (value: unknown): string[] =>
  nodesOf(value).flatMap((part) => textOf(unwrap(part, "String")?.["sval"]) ?? []);

const replaces = (what: string, on: readonly ObjectName[] = []): readonly Impact[] =>
  known(`CREATE OR REPLACE ${what}`, "reversible", { on, lock: ALL, replica: "REPLACE_OBJECT" });

const privileges = (operation: string, { is_grant }: Node): readonly Impact[] =>
  is_grant === true
    ? known(operation, "additive")
    : known(operation === "GRANT" ? "REVOKE" : operation, "destructive", { replica: "REVOKE" });

function createTable(node: Node): readonly Impact[] {
  const parents = relations(node["inhRelations"]);
  const locks = referencedTables(node).map((table) => [table, WRITES] as const);
  if (node["partbound"] === undefined) {
    const inherited = parents.map((table) => [table, CHANGES] as const);
    return known("CREATE TABLE", "additive", { locks: [...inherited, ...locks] });
  }
  // A default partition of the parent is scanned, if there is one.
  return known("CREATE TABLE PARTITION OF", "additive", {
    on: parents,
    lock: ALL,
    locks,
    work: undefined,
    replica: "UNCLASSIFIED",
  });
}

/** Objects that hold what no file can make again. */
const HOLDS_DATA: ReadonlySet<string> = new Set(["EXTENSION", "SEQUENCE", "TABLE"]);

/** Objects whose removal locks the relation they belong to. */
const PARTS: ReadonlySet<string> = new Set(["POLICY", "RULE", "TRIGGER"]);

function drop(node: Node): readonly Impact[] {
  const what = String(node["removeType"]).replace("OBJECT_", "");
  const on = droppedBy("DropStmt", node);
  const isLost = HOLDS_DATA.has(what) || node["behavior"] === "DROP_CASCADE";
  const owners = PARTS.has(what)
    ? nodesOf(node["objects"]).flatMap((object) => typedObject(node["removeType"], object).slice(1))
    : on.filter(({ type }) => type === "relation");
  const lock = node["concurrent"] === true ? CHANGES : ALL;
  return known(`DROP ${what.replaceAll("_", " ")}`, isLost ? "irreversible" : "destructive", {
    on,
    locks: owners.map((table) => [table, lock] as const),
    replica: what === "TABLE" || what === "FOREIGN_TABLE" ? "DROP_TABLE" : "DROP_OBJECT",
  });
}

function rename(node: Node): readonly Impact[] {
  const isColumn = node["renameType"] === "OBJECT_COLUMN";
  return known(isColumn ? "RENAME COLUMN" : "RENAME", "reversible", {
    on: relation(node["relation"]),
    lock: node["renameType"] === "OBJECT_INDEX" ? CHANGES : ALL,
    replica: isColumn ? "RENAME_COLUMN" : "RENAME_OBJECT",
  });
}

function reindex({ relation: target, kind, params }: Node): readonly Impact[] {
  const on = relation(target);
  if (on.length === 0) return unknown("REINDEX");
  if (optionsOf(params).has("concurrently"))
    return known("REINDEX CONCURRENTLY", "reversible", { on, lock: CHANGES, work: "scan" });
  const lock = kind === "REINDEX_OBJECT_TABLE" ? SHARE : ALL;
  return known("REINDEX", "lock_risky", { on, lock, work: "scan", replica: "UNCLASSIFIED" });
}

function impactsOf(kind: string, node: Node, isPlainType: IsPlainType): readonly Impact[] {
  const words = kind.replace(/Stmt$/, "").replace(/(?<=[a-z])(?=[A-Z])/g, " ");
  return IMPACTS[kind]?.(node, isPlainType) ?? unknown(words.toUpperCase());
}

/** What a statement does, action by action; `isPlainType` knows types of the same set that are no domains. */
export const statementImpacts = (
  { kind, node }: Statement,
  isPlainType: IsPlainType = () => false,
): readonly Impact[] => impactsOf(kind, node as Node, isPlainType);
