import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { ident, identSql, literal, sql, type Sql } from "../sql/tag.ts";

/** One applied migration. */
export interface LedgerRow {
  readonly version: string;
  readonly name: string;
  /** ISO 8601, UTC, microseconds. */
  readonly applied_at: string;
  readonly execution_time_ms: number | null;
  readonly checksum: string | null;
}

/** The ledger of one database: where it is, or where it would be created. */
export interface Ledger {
  /** As configured. */
  readonly table: string;
  /** `schema.name` of the table found; null while it does not exist. */
  readonly resolved: string | null;
  readonly path: readonly [schema: string, name: string];
}

const split = (table: string): string[] => table.split(".");

/** Find the ledger without writing: by search_path for a bare name, exactly for `schema.name`. */
export async function findLedger(db: Connection, table: string): Promise<Ledger> {
  const [found] = await db.rows<{ schema: string | null; name: string | null; home: string | null }>(sql`
    select n.nspname as schema, c.relname as name, current_schema() as home
    from (select to_regclass(${ident(...split(table))}) as oid) as wanted
    left join pg_catalog.pg_class c on c.oid = wanted.oid and c.relkind in ('r', 'p')
    left join pg_catalog.pg_namespace n on n.oid = c.relnamespace`);
  const [first, second] = split(table);
  if (found?.schema && found.name) {
    return { table, resolved: `${found.schema}.${found.name}`, path: [found.schema, found.name] };
  }
  return {
    table,
    resolved: null,
    path: second === undefined ? [found?.home ?? "public", first!] : [first!, second],
  };
}

/** The applied migrations in the order they were applied; throws PRECON_1001 without a ledger. */
export async function readLedger(db: Connection, ledger: Ledger): Promise<LedgerRow[]> {
  if (ledger.resolved === null) throw ledgerAbsent(db, ledger);
  // One JSON value: a thousand rows cost a tenth of what the driver takes for them one by one.
  const [answer] = await onLedger(
    ledger,
    db.rows<{ rows: LedgerRow[] }>(sql`
    select coalesce(json_agg(json_build_object(
      'version', version, 'name', name, 'execution_time_ms', execution_time_ms, 'checksum', checksum,
      'applied_at', to_char(applied_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    ) order by ledger.applied_at, pk_confiture), '[]') as rows
    from ${identSql(...ledger.path)} as ledger`),
  );
  return answer!.rows;
}

/** What the server refuses about the ledger is told as such: MIGR_012. */
const onLedger = <T>({ path }: Ledger, work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    if (!(error instanceof ConfitureError) || error.code !== "SQL_001") throw error;
    throw new ConfitureError("MIGR_012", `the ledger ${path.join(".")}: ${error.message}`, error.context);
  });

const ledgerAbsent = (db: Connection, ledger: Ledger): ConfitureError =>
  new ConfitureError("PRECON_1001", `there is no ledger ${ledger.table} in database ${db.server.database}`, {
    details: { tracking_table: ledger.table, database: db.server.database },
  });

/** Create the ledger, or add what an older tool's lacks. Call it under the migration lock only. */
export async function ensureLedger(db: Connection, table: string): Promise<Ledger> {
  const ledger = await findLedger(db, table);
  const [schema, name] = ledger.path;
  if (ledger.resolved !== null) {
    const columns = await db.rows(sql`
      select from pg_catalog.pg_attribute
      where attrelid = ${ident(schema, name)}::regclass and attname = 'applied_by' and not attisdropped`);
    if (columns.length === 0) {
      await onLedger(ledger, db.run(sql`alter table ${identSql(schema, name)} add column applied_by text`));
    }
    return ledger;
  }
  const schemas = await db.rows(sql`select from pg_catalog.pg_namespace where nspname = ${schema}`);
  if (schemas.length === 0) {
    throw new ConfitureError("MIGR_001", `schema ${schema} for the ledger ${table} does not exist`, {
      actionable: `Create it first: create schema ${ident(schema)}`,
      details: { tracking_table: table },
    });
  }
  await onLedger(ledger, db.run(sql.raw(createLedger(schema, name))));
  return { ...ledger, resolved: `${schema}.${name}` };
}

const createLedger = (schema: string, name: string): string => `
  create table ${ident(schema, name)} (
    id uuid not null default gen_random_uuid() primary key,
    pk_confiture bigint generated always as identity unique,
    slug text not null unique,
    version varchar(255) not null unique,
    name varchar(255) not null,
    applied_at timestamptz not null default now(),
    execution_time_ms integer,
    checksum varchar(64),
    applied_by text
  );
  create index ${ident(`idx_${name}_pk_confiture`)} on ${ident(schema, name)} (pk_confiture);
  create index ${ident(`idx_${name}_slug`)} on ${ident(schema, name)} (slug);
  create index ${ident(`idx_${name}_version`)} on ${ident(schema, name)} (version);
  create index ${ident(`idx_${name}_applied_at`)} on ${ident(schema, name)} (applied_at desc)`;

/** A row to be written; `appliedBy` is recorded for migrations that really ran. */
export interface NewRow {
  readonly version: string;
  readonly name: string;
  readonly checksum: string;
  /** Why the row is there: it ran, or it was only marked. */
  readonly reason: "applied" | "baseline";
  /** ISO 8601; the start of the transaction when absent. */
  readonly appliedAt?: string | undefined;
}

/** The insert of one row as text without parameters, so that it can travel in one message with the migration. */
export function insertRow(ledger: Ledger, row: NewRow): string {
  const ran = row.reason === "applied";
  const suffix = ran ? "" : ` || '_${row.reason}'`;
  const appliedAt = row.appliedAt === undefined ? "now()" : `${literal(row.appliedAt)}::timestamptz`;
  return `insert into ${ident(...ledger.path)} (id, slug, version, name, applied_at, execution_time_ms, checksum, applied_by)
    select gen_random_uuid(),
      ${literal(`${row.version}_${row.name}_`)} || to_char(clock_timestamp(), 'YYYYMMDD_HH24MISS_US')${suffix},
      ${literal(row.version)}, ${literal(row.name)}, ${appliedAt}, ${ran ? "null" : "0"}, ${literal(row.checksum)},
      ${ran ? "current_user" : "null"}`;
}

/** Record how long the migration of this transaction took. */
export const recordTime = (ledger: Ledger, version: string): string =>
  `update ${ident(...ledger.path)}
    set execution_time_ms = extract(epoch from clock_timestamp() - transaction_timestamp()) * 1000
    where version = ${literal(version)}`;

export const deleteRow = (ledger: Ledger, version: string): string =>
  `delete from ${ident(...ledger.path)} where version = ${literal(version)}`;

/** A row taken over from another database's ledger, with its time and hash. */
export const copyRow = (ledger: Ledger, row: LedgerRow): Sql => sql`
  insert into ${identSql(...ledger.path)} (id, slug, version, name, applied_at, execution_time_ms, checksum)
  values (gen_random_uuid(), ${`${row.version}_${row.name}_baseline_from_db`}, ${row.version}, ${row.name},
          ${row.applied_at}, ${row.execution_time_ms ?? 0}, ${row.checksum})`;
