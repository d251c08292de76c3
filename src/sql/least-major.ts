import { isNode, type Node, optionsOf, unwrap } from "./node.ts";

/** What a statement uses that older servers do not have. */
export interface Newer {
  /** First major version of PostgreSQL that has it. */
  readonly major: number;
  readonly what: string;
}

type Rule = readonly [major: number, what: string, isUsed: (node: Node) => boolean];

const action =
  (subtype: string, also: (node: Node) => boolean = () => true) =>
  (node: Node): boolean =>
    node["subtype"] === subtype && also(node);

const isNotEnforced = ({ contype, is_enforced }: Node): boolean =>
  (contype === "CONSTR_CHECK" || contype === "CONSTR_FOREIGN") && is_enforced !== true;

/** By the node that shows it, what came after PostgreSQL 13. */
const RULES: Readonly<Record<string, readonly Rule[]>> = {
  ATAlterConstraint: [[18, "ALTER CONSTRAINT … ENFORCED", (node) => node["alterEnforceability"] === true]],
  AccessPriv: [[17, "the privilege MAINTAIN", (node) => node["priv_name"] === "maintain"]],
  AlterTableCmd: [
    [
      14,
      "DETACH PARTITION CONCURRENTLY",
      action("AT_DetachPartition", (node) => unwrap(node["def"], "PartitionCmd")?.["concurrent"] === true),
    ],
    [14, "DETACH PARTITION FINALIZE", action("AT_DetachPartitionFinalize")],
    [14, "SET COMPRESSION", action("AT_SetCompression")],
    [15, "SET ACCESS METHOD", action("AT_SetAccessMethod")],
    [17, "SET EXPRESSION", action("AT_SetExpression")],
  ],
  ColumnDef: [[14, "COMPRESSION", (node) => node["compression"] !== undefined]],
  Constraint: [
    [15, "NULLS NOT DISTINCT", (node) => node["nulls_not_distinct"] === true],
    [15, "ON DELETE SET … for some columns", (node) => node["fk_del_set_cols"] !== undefined],
    [
      18,
      "virtual generated columns",
      (node) => node["contype"] === "CONSTR_GENERATED" && node["generated_kind"] === "v",
    ],
    [18, "NOT ENFORCED", isNotEnforced],
    [
      18,
      "NOT NULL as a constraint of a table",
      (node) => node["contype"] === "CONSTR_NOTNULL" && node["keys"] !== undefined,
    ],
    [18, "WITHOUT OVERLAPS", (node) => node["without_overlaps"] === true],
    [18, "PERIOD", (node) => node["fk_with_period"] === true],
  ],
  CreateFunctionStmt: [[14, "a body in SQL", (node) => node["sql_body"] !== undefined]],
  CreateTrigStmt: [[14, "CREATE OR REPLACE TRIGGER", (node) => node["replace"] === true]],
  IndexStmt: [[15, "NULLS NOT DISTINCT", (node) => node["nulls_not_distinct"] === true]],
  PublicationObjSpec: [
    [15, "TABLES IN SCHEMA", (node) => node["pubobjtype"] === "PUBLICATIONOBJ_TABLES_IN_SCHEMA"],
  ],
  PublicationTable: [
    [15, "columns of a publication", (node) => node["columns"] !== undefined],
    [15, "a WHERE of a publication", (node) => node["whereClause"] !== undefined],
  ],
  ViewStmt: [[15, "security_invoker", (node) => optionsOf(node["options"]).has("security_invoker")]],
};

/** What a statement uses that came after PostgreSQL 13, as far as its grammar shows it. */
export function newerThings(kind: string, node: Node): Newer[] {
  const found = new Map<string, Newer>();
  const look = (name: string, value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) look(name, item);
    if (!isNode(value)) return;
    for (const [major, what, isUsed] of RULES[name] ?? [])
      if (isUsed(value)) found.set(what, { major, what });
    for (const [key, inner] of Object.entries(value)) look(isKind(key) ? key : (FIELDS[key] ?? ""), inner);
  };
  look(kind, node);
  return [...found.values()];
}

const isKind = (key: string): boolean => key in RULES;

/** Fields that hold a node without the wrapper that says its kind. */
const FIELDS: Readonly<Record<string, string>> = { pubtable: "PublicationTable" };
