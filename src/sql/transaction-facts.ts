import { isNode, type Node, nodesOf, optionsOf, textOf, unwrap } from "./node.ts";

/** What a statement does to the transaction it stands in. */
export interface TransactionFacts {
  /** Whether it can run inside a transaction block; "unknown" when that depends on what it meets there. */
  readonly transactional: boolean | "unknown";
  readonly transactionControl:
    | "begin"
    | "commit"
    | "rollback"
    | "prepare"
    | "savepoint"
    | "release"
    | "rollback-to"
    | undefined;
  /** `ALTER TYPE … ADD VALUE`: transactional, but the value is unusable until commit. */
  readonly addsEnumValue: boolean;
}

const CONTROL: Readonly<Record<string, TransactionFacts["transactionControl"]>> = {
  TRANS_STMT_BEGIN: "begin",
  TRANS_STMT_COMMIT: "commit",
  TRANS_STMT_COMMIT_PREPARED: "commit",
  TRANS_STMT_PREPARE: "prepare",
  TRANS_STMT_RELEASE: "release",
  TRANS_STMT_ROLLBACK: "rollback",
  TRANS_STMT_ROLLBACK_PREPARED: "rollback",
  TRANS_STMT_ROLLBACK_TO: "rollback-to",
  TRANS_STMT_SAVEPOINT: "savepoint",
  TRANS_STMT_START: "begin",
};

/** Statements that do not run in a transaction block in every form, after PreventInTransactionBlock's callers in 13 to 18. */
const TRANSACTIONAL: Readonly<Record<string, (node: Node) => boolean | "unknown">> = {
  AlterDatabaseStmt: ({ options }) => !optionsOf(options).has("tablespace"),
  AlterSubscriptionStmt: (node) => !alterationTouchesPublisher(node),
  AlterSystemStmt: () => false,
  AlterTableStmt: ({ cmds }) => !nodesOf(cmds).some(detachesConcurrently),
  CallStmt: () => "unknown", // the procedure may commit
  ClusterStmt: ({ relation }) => (relation ? "unknown" : false), // not on a partitioned table
  CreateSubscriptionStmt: ({ options }) =>
    !isOn(options, "create_slot", true) || !isOn(options, "connect", true),
  CreateTableSpaceStmt: () => false,
  CreatedbStmt: () => false,
  DiscardStmt: ({ target }) => target !== "DISCARD_ALL",
  DropStmt: ({ concurrent }) => concurrent !== true,
  DropSubscriptionStmt: () => false, // unless it has no slot
  DropTableSpaceStmt: () => false,
  DropdbStmt: () => false,
  IndexStmt: ({ concurrent }) => concurrent !== true,
  ReindexStmt: reindexIsTransactional,
  TransactionStmt: ({ kind }) =>
    kind !== "TRANS_STMT_COMMIT_PREPARED" && kind !== "TRANS_STMT_ROLLBACK_PREPARED",
  VacuumStmt: ({ is_vacuumcmd }) => is_vacuumcmd !== true,
};

/** Statement kinds other than `known` ones are "unknown". */
export function transactionFacts(kind: string, node: Node, known: boolean): TransactionFacts {
  return {
    transactional: TRANSACTIONAL[kind]?.(node) ?? (known || "unknown"),
    transactionControl: kind === "TransactionStmt" ? CONTROL[String(node["kind"])] : undefined,
    addsEnumValue: kind === "AlterEnumStmt" && "newVal" in node && !("oldVal" in node),
  };
}

/** A boolean option as defGetBoolean reads it. */
function isOn(options: unknown, name: string, byDefault: boolean): boolean {
  const element = optionsOf(options).get(name);
  if (!element) return byDefault;
  const { arg } = element;
  if (!isNode(arg)) return true;
  const word = textOf(unwrap(arg, "String")?.["sval"]);
  if (word !== undefined) return !["false", "off", "0"].includes(word.toLowerCase());
  return unwrap(arg, "Boolean")?.["boolval"] === true || unwrap(arg, "Integer")?.["ival"] === 1;
}

const CHANGES_PUBLICATIONS = /_(SET|ADD|DROP)_PUBLICATION$/;

function alterationTouchesPublisher({ kind, options }: Node): boolean {
  if (kind === "ALTER_SUBSCRIPTION_REFRESH") return true;
  if (CHANGES_PUBLICATIONS.test(String(kind))) return isOn(options, "refresh", true);
  return optionsOf(options).has("failover") || optionsOf(options).has("two_phase");
}

const detachesConcurrently = (command: Node): boolean =>
  unwrap(unwrap(command, "AlterTableCmd")?.["def"], "PartitionCmd")?.["concurrent"] === true;

function reindexIsTransactional({ kind, params }: Node): boolean | "unknown" {
  if (isOn(params, "concurrently", false)) return false;
  const isOne = kind === "REINDEX_OBJECT_INDEX" || kind === "REINDEX_OBJECT_TABLE";
  return isOne ? "unknown" : false; // not on a partitioned table or index
}
