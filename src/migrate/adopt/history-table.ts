import type { Connection } from "../../pg/connection.ts";
import { ident, identSql, sql, type Sql } from "../../sql/tag.ts";

/** A table that may be a tool's history, as the catalog knows it. */
export interface HistoryTable {
  readonly path: readonly [schema: string, name: string];
  /** Types by column, e.g. `bigint`. */
  readonly columns: ReadonlyMap<string, string>;
  /** Names of the tables beside it. */
  readonly siblings: ReadonlySet<string>;
}

/** Look a table up: by search_path for a bare name, exactly for `schema.name`. */
export async function findHistoryTable(db: Connection, table: string): Promise<HistoryTable | undefined> {
  const [found] = await db.rows<{
    schema: string;
    name: string;
    columns: Record<string, string>;
    siblings: string[];
  }>(sql`
    select n.nspname as schema, c.relname as name,
           (select json_object_agg(a.attname, pg_catalog.format_type(a.atttypid, null))
            from pg_catalog.pg_attribute a
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
           (select json_agg(s.relname) from pg_catalog.pg_class s
            where s.relnamespace = c.relnamespace and s.relkind in ('r', 'p')) as siblings
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.oid = to_regclass(${ident(...table.split("."))}) and c.relkind in ('r', 'p')`);
  return (
    found && {
      path: [found.schema, found.name],
      columns: new Map(Object.entries(found.columns)),
      siblings: new Set(found.siblings),
    }
  );
}

export const tableSql = ({ path }: HistoryTable): Sql => identSql(...path);

/** A table of the same schema. */
export const siblingSql = ({ path: [schema] }: HistoryTable, name: string): Sql => identSql(schema, name);

/** A time as the ledger tells it; one without a zone is taken in the session's. */
export const utc = (column: Sql): Sql =>
  sql`to_char(${column}::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
