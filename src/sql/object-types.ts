/** Sorts of objects that share one name space, in PostgreSQL's words. */
export type ObjectType =
  | "access method"
  | "collation"
  | "conversion"
  | "database"
  | "event trigger"
  | "extension"
  | "foreign data wrapper"
  | "function"
  | "language"
  | "operator"
  | "operator class"
  | "operator family"
  | "policy"
  | "publication"
  | "relation"
  | "role"
  | "rule"
  | "schema"
  | "server"
  | "statistics"
  | "subscription"
  | "tablespace"
  | "text search object"
  | "trigger"
  | "type";

/** What an `OBJECT_…` of the parser is to us; column, constraint, cast and the like are parts of something else. */
export const OBJECT_TYPES: Readonly<Record<string, ObjectType>> = {
  OBJECT_ACCESS_METHOD: "access method",
  OBJECT_AGGREGATE: "function",
  OBJECT_COLLATION: "collation",
  OBJECT_CONVERSION: "conversion",
  OBJECT_DATABASE: "database",
  OBJECT_DOMAIN: "type",
  OBJECT_EVENT_TRIGGER: "event trigger",
  OBJECT_EXTENSION: "extension",
  OBJECT_FDW: "foreign data wrapper",
  OBJECT_FOREIGN_SERVER: "server",
  OBJECT_FOREIGN_TABLE: "relation",
  OBJECT_FUNCTION: "function",
  OBJECT_INDEX: "relation",
  OBJECT_LANGUAGE: "language",
  OBJECT_MATVIEW: "relation",
  OBJECT_OPCLASS: "operator class",
  OBJECT_OPERATOR: "operator",
  OBJECT_OPFAMILY: "operator family",
  OBJECT_POLICY: "policy",
  OBJECT_PROCEDURE: "function",
  OBJECT_PUBLICATION: "publication",
  OBJECT_ROLE: "role",
  OBJECT_ROUTINE: "function",
  OBJECT_RULE: "rule",
  OBJECT_SCHEMA: "schema",
  OBJECT_SEQUENCE: "relation",
  OBJECT_STATISTIC_EXT: "statistics",
  OBJECT_SUBSCRIPTION: "subscription",
  OBJECT_TABLE: "relation",
  OBJECT_TABLESPACE: "tablespace",
  OBJECT_TRIGGER: "trigger",
  OBJECT_TSCONFIGURATION: "text search object",
  OBJECT_TSDICTIONARY: "text search object",
  OBJECT_TSPARSER: "text search object",
  OBJECT_TSTEMPLATE: "text search object",
  OBJECT_TYPE: "type",
  OBJECT_VIEW: "relation",
};

/** Objects whose name stands behind that of the relation they belong to. */
export const OF_RELATION: ReadonlySet<string> = new Set([
  "OBJECT_COLUMN",
  "OBJECT_POLICY",
  "OBJECT_RULE",
  "OBJECT_TABCONSTRAINT",
  "OBJECT_TRIGGER",
]);

/** The field in which a statement that creates something names it. */
export const DEFINITIONS: Readonly<Record<string, readonly [ObjectType, field: string]>> = {
  CompositeTypeStmt: ["type", "typevar"],
  CreateAmStmt: ["access method", "amname"],
  CreateConversionStmt: ["conversion", "conversion_name"],
  CreateDomainStmt: ["type", "domainname"],
  CreateEnumStmt: ["type", "typeName"],
  CreateEventTrigStmt: ["event trigger", "trigname"],
  CreateExtensionStmt: ["extension", "extname"],
  CreateFdwStmt: ["foreign data wrapper", "fdwname"],
  CreateForeignServerStmt: ["server", "servername"],
  CreateFunctionStmt: ["function", "funcname"],
  CreateOpClassStmt: ["operator class", "opclassname"],
  CreateOpFamilyStmt: ["operator family", "opfamilyname"],
  CreatePLangStmt: ["language", "plname"],
  CreatePolicyStmt: ["policy", "policy_name"],
  CreatePublicationStmt: ["publication", "pubname"],
  CreateRangeStmt: ["type", "typeName"],
  CreateRoleStmt: ["role", "role"],
  CreateSchemaStmt: ["schema", "schemaname"],
  CreateSeqStmt: ["relation", "sequence"],
  CreateStatsStmt: ["statistics", "defnames"],
  CreateStmt: ["relation", "relation"],
  CreateSubscriptionStmt: ["subscription", "subname"],
  CreateTableSpaceStmt: ["tablespace", "tablespacename"],
  CreateTrigStmt: ["trigger", "trigname"],
  CreatedbStmt: ["database", "dbname"],
  IndexStmt: ["relation", "idxname"],
  RuleStmt: ["rule", "rulename"],
  ViewStmt: ["relation", "view"],
};

/** The field in which a statement other than `DropStmt` names what it drops. */
export const DROPS: Readonly<Record<string, readonly [ObjectType, field: string]>> = {
  DropSubscriptionStmt: ["subscription", "subname"],
  DropTableSpaceStmt: ["tablespace", "tablespacename"],
  DropdbStmt: ["database", "dbname"],
};

/** Statements of PostgreSQL 18 whose tree is understood besides those that define or drop by a field. */
export const OTHER_KINDS: ReadonlySet<string> = new Set(
  `
    AlterCollationStmt AlterDatabaseRefreshCollStmt AlterDatabaseSetStmt AlterDatabaseStmt
    AlterDefaultPrivilegesStmt AlterDomainStmt AlterEnumStmt AlterEventTrigStmt AlterExtensionContentsStmt
    AlterExtensionStmt AlterFdwStmt AlterForeignServerStmt AlterFunctionStmt AlterObjectDependsStmt
    AlterObjectSchemaStmt AlterOpFamilyStmt AlterOperatorStmt AlterOwnerStmt AlterPolicyStmt
    AlterPublicationStmt AlterRoleSetStmt AlterRoleStmt AlterSeqStmt AlterStatsStmt AlterSubscriptionStmt
    AlterSystemStmt AlterTSConfigurationStmt AlterTSDictionaryStmt AlterTableMoveAllStmt
    AlterTableSpaceOptionsStmt AlterTableStmt AlterTypeStmt AlterUserMappingStmt CallStmt CheckPointStmt
    ClosePortalStmt ClusterStmt CommentStmt ConstraintsSetStmt CopyStmt CreateCastStmt
    CreateForeignTableStmt CreateTableAsStmt CreateTransformStmt CreateUserMappingStmt DeallocateStmt
    DeclareCursorStmt DefineStmt DeleteStmt DiscardStmt DoStmt DropOwnedStmt DropRoleStmt DropStmt
    DropUserMappingStmt ExecuteStmt ExplainStmt FetchStmt GrantRoleStmt GrantStmt ImportForeignSchemaStmt
    InsertStmt ListenStmt LoadStmt LockStmt MergeStmt NotifyStmt PrepareStmt ReassignOwnedStmt
    RefreshMatViewStmt ReindexStmt RenameStmt SecLabelStmt SelectStmt TransactionStmt TruncateStmt
    UnlistenStmt UpdateStmt VacuumStmt VariableSetStmt VariableShowStmt
  `
    .trim()
    .split(/\s+/),
);
