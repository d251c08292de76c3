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
  "tb_pggit_intent",
  "tb_pggit_intent_history",
];

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
