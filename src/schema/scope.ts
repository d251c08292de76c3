import { type Sql, sql } from "../sql/tag.ts";

/** Schema that holds nothing but tables of the tool. */
const OUR_SCHEMA = "confiture";

/** Tables of the tool that are made in the first schema of the search path, wherever that is. */
export const OUR_TABLES: readonly string[] = [
  "confiture_audit_log",
  "confiture_lock_holder",
  "confiture_progress",
  "confiture_repeatable",
  "confiture_version",
  "tb_pggit_conflict",
  "tb_pggit_conflict_0_20",
  "tb_pggit_intent",
  "tb_pggit_intent_0_20",
  "tb_pggit_intent_history",
  "tb_pggit_intent_history_0_20",
];

/** Views of the tool, made in the first schema of the search path too. */
const OUR_VIEWS: readonly string[] = ["tb_pggit_conflict", "tb_pggit_intent", "tb_pggit_intent_history"];

/** Whether a row of pg_class is a table or view of the tool that lies among the user's. */
export const isOurs = (alias: string): Sql => {
  const relation = sql.raw(alias);
  return sql`(${relation}.relkind in ('r', 'p') and ${relation}.relname = any (${[...OUR_TABLES]}::text[])
    or ${relation}.relkind = 'v' and ${relation}.relname = any (${[...OUR_VIEWS]}::text[]))`;
};

/** Keeps a query on the user's own schemas; `n` is pg_namespace. Temporary schemas are `pg_` ones too. */
export const userSchema: Sql = sql.raw(
  `n.nspname !~ '^pg_' and n.nspname not in ('information_schema', '${OUR_SCHEMA}')`,
);

/** Leaves out members of extensions, and what PostgreSQL made for another object, e.g. a constraint's index. */
export const standsAlone = (catalog: string, alias: string): Sql =>
  sql.raw(`not exists (
    select from pg_depend made where made.classid = '${catalog}'::regclass and made.objid = ${alias}.oid
      and made.objsubid = 0 and made.deptype in ('e', 'i'))`);

/** The name of a role column, null for the builder. */
export const ownerName = (column: string, builder: string | null): Sql => {
  const name = sql.raw(`pg_get_userbyid(${column})::text`);
  return builder === null ? name : sql`nullif(${name}, ${builder}::text)`;
};
