import { ConfitureError } from "../../base/errors.ts";
import type { Connection } from "../../pg/connection.ts";
import { ident, sql } from "../../sql/tag.ts";

/** What bears the ledger's name, as the session sees it. */
export interface FoundTable {
  /** Null when nothing does. */
  readonly path: readonly [schema: string, name: string] | null;
  /** `pg_class.relkind`. */
  readonly kind: string | null;
  /** Where a bare name would be created; null when no schema of the search path exists. */
  readonly home: string | null;
  readonly columns: readonly string[];
  /** Columns that an insert has to fill. */
  readonly required: readonly string[];
  /** Of select, insert and update, what the role may not. */
  readonly denied: readonly string[];
  /** Row security hides rows from the role. */
  readonly filtered: boolean | null;
}

/** Columns of every ledger; `applied_by` is younger, and added where it is missing. */
const COLUMNS = [
  "id",
  "pk_confiture",
  "slug",
  "version",
  "name",
  "applied_at",
  "execution_time_ms",
  "checksum",
];

/** Throws SQL_001 where the role may not even look. */
export async function findTable(db: Connection, name: readonly string[]): Promise<FoundTable> {
  const [row] = await db.rows<FoundTable>(sql`
    select case when c.oid is not null then array[n.nspname, c.relname]::text[] end as path,
           c.relkind::text as kind, current_schema()::text as home,
           pg_catalog.row_security_active(c.oid) as filtered,
           array(select attname::text from pg_catalog.pg_attribute
                 where attrelid = c.oid and attnum > 0 and not attisdropped order by attnum) as columns,
           array(select attname::text from pg_catalog.pg_attribute
                 where attrelid = c.oid and attnum > 0 and not attisdropped and attnotnull and not atthasdef
                   and attidentity = '' order by attnum) as required,
           array(select privilege from unnest(array['select', 'insert', 'update']) as privilege
                 where not pg_catalog.has_any_column_privilege(c.oid, privilege)) as denied
    from (select pg_catalog.to_regclass(${ident(...name)}) as oid) as wanted
    left join pg_catalog.pg_class c on c.oid = wanted.oid
    left join pg_catalog.pg_namespace n on n.oid = c.relnamespace`);
  return row!;
}

const KINDS: Readonly<Record<string, string>> = {
  c: "a composite type",
  f: "a foreign table",
  i: "an index",
  I: "an index",
  m: "a materialized view",
  S: "a sequence",
  v: "a view",
};

/** Throws MIGR_012 unless it is a table with a ledger's columns, of which the role sees every row. */
export function requireLedgerShape({ path, kind, columns, filtered }: FoundTable): void {
  const other = KINDS[kind ?? ""];
  if (other !== undefined) {
    throw refused(path, `is ${other}, not a table`, {
      actionable: "Rename it, or give the ledger another name with `migration.tracking_table`.",
    });
  }
  const missing = COLUMNS.filter((column) => !columns.includes(column));
  if (missing.length > 0) {
    throw refused(path, `is no ledger: it has no column ${missing.join(", ")}`, {
      actionable: "Give the ledger another name with `migration.tracking_table`.",
      details: { missing_columns: missing },
    });
  }
  if (filtered === true) {
    throw refused(path, "has row security, which may hide applied migrations from this role", {
      actionable: "Let the ledger's owner run the migrations, or grant the role BYPASSRLS.",
    });
  }
}

/** Throws MIGR_012 when the role, or a column that nobody fills, stands in the way of new rows. */
export function requireWritable(db: Connection, { path, required, denied }: FoundTable): void {
  const table = ident(...(path ?? []));
  const { user } = db.server;
  if (denied.length > 0) {
    throw refused(path, `may be read only: ${user} lacks ${denied.join(", ")} on it`, {
      actionable: `grant select, insert, update, delete on ${table} to ${ident(user)}`,
      details: { role: user, missing_privileges: denied },
    });
  }
  const unknown = required.filter((column) => ![...COLUMNS, "applied_by"].includes(column));
  if (unknown.length > 0) {
    throw refused(path, `has columns that must be filled and are not known: ${unknown.join(", ")}`, {
      actionable: `Give them defaults, or: alter table ${table} alter column ${ident(unknown[0]!)} drop not null`,
      details: { columns: unknown },
    });
  }
}

type Path = FoundTable["path"];

const refused = (path: Path, why: string, context: ConfitureError["context"]): ConfitureError =>
  new ConfitureError("MIGR_012", `${(path ?? []).join(".")} ${why}`, context);
