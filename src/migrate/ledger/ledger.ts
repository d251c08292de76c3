import { ConfitureError } from "../../base/errors.ts";
import type { Connection } from "../../pg/connection.ts";
import { findTable, type FoundTable, requireLedgerShape, requireWritable } from "./ledger-table.ts";
import { ident, identSql, literal, sql, type Sql } from "../../sql/tag.ts";

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

/**
 * Find the ledger without writing: by search_path for a bare name, exactly for `schema.name`.
 * Throws MIGR_012 when what bears the name is no ledger, or when row security hides rows of it.
 */
export async function findLedger(db: Connection, table: string): Promise<Ledger> {
  return (await lookFor(db, table)).ledger;
}

async function lookFor(db: Connection, table: string): Promise<{ ledger: Ledger; found: FoundTable }> {
  const name = table.split(".");
  const found = await refusedAs(table, findTable(db, name));
  if (found.path !== null) {
    requireLedgerShape(found);
    return { ledger: { table, resolved: found.path.join("."), path: found.path }, found };
  }
  const [first = "", second] = name;
  const path = second === undefined ? ([found.home ?? "", first] as const) : ([first, second] as const);
  return { ledger: { table, resolved: null, path }, found };
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
const refusedAs = <T>(name: string, work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    if (!(error instanceof ConfitureError) || error.code !== "SQL_001") throw error;
    throw new ConfitureError("MIGR_012", `the ledger ${name}: ${error.message}`, error.context);
  });

export const onLedger = <T>({ path }: Ledger, work: Promise<T>): Promise<T> =>
  refusedAs(path.join("."), work);

const ledgerAbsent = (db: Connection, ledger: Ledger): ConfitureError =>
  new ConfitureError("PRECON_1001", `there is no ledger ${ledger.table} in database ${db.server.database}`, {
    details: { tracking_table: ledger.table, database: db.server.database },
  });

/**
 * Create the ledger, or add what an older tool's lacks. Call it under the migration lock only.
 * Throws MIGR_012 when rows could not be written to it, before anything else is done.
 */
export async function ensureLedger(db: Connection, table: string): Promise<Ledger> {
  const { ledger, found } = await lookFor(db, table);
  const [schema, name] = ledger.path;
  if (ledger.resolved !== null) {
    requireWritable(db, found);
    if (!found.columns.includes("applied_by")) {
      await onLedger(ledger, db.run(sql`alter table ${identSql(schema, name)} add column applied_by text`));
    }
    return ledger;
  }
  const schemas = await db.rows(sql`select from pg_catalog.pg_namespace where nspname = ${schema}`);
  if (schemas.length === 0) throw schemaMissing(table, schema);
  await onLedger(ledger, db.run(sql.raw(createLedger(schema, name))));
  // What an earlier ledger of this name left there is not true of the new one.
  await clearBeside(db, ledger);
  return { ...ledger, resolved: `${schema}.${name}` };
}

/** Another session of the same database must be able to write what this one found; throws MIGR_012. */
export async function requireLedgerWritableBy(db: Connection, { path }: Ledger): Promise<void> {
  const found = await refusedAs(path.join("."), findTable(db, path));
  requireLedgerShape(found);
  requireWritable(db, found);
}

const schemaMissing = (table: string, schema: string): ConfitureError =>
  schema === ""
    ? new ConfitureError("MIGR_012", `no schema of the search path exists, so ${table} has no place`, {
        actionable: "Set a search_path, or name the schema: `migration.tracking_table: public.tb_confiture`.",
        details: { tracking_table: table },
      })
    : new ConfitureError("MIGR_001", `schema ${schema} for the ledger ${table} does not exist`, {
        actionable: `Create it first: create schema ${ident(schema)}`,
        details: { tracking_table: table },
      });

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
  readonly reason: "applied" | "baseline" | "auto-baseline" | "reinit";
  /** Of rows that one transaction marks: how many come before, so that no two have one `applied_at`. */
  readonly place?: number;
  /** ISO 8601; the start of the transaction, and `place` microseconds, when absent. */
  readonly appliedAt?: string | undefined;
  /** How long it ran, in ms; of one that ran in this transaction, the time since its start when absent. */
  readonly executionMs?: number | undefined;
}

const SINCE_BEGIN = "extract(epoch from clock_timestamp() - transaction_timestamp()) * 1000";

/** The insert of one row as text without parameters, so that it can travel in one message with the migration. */
export function insertRow(ledger: Ledger, row: NewRow): string {
  const ran = row.reason === "applied";
  const suffix = ran ? "" : ` || '_${row.reason}'`;
  const now = `now() + interval '1 microsecond' * ${row.place ?? 0}`;
  const appliedAt = row.appliedAt === undefined ? now : `${literal(row.appliedAt)}::timestamptz`;
  return `insert into ${ident(...ledger.path)}
      (id, slug, version, name, applied_at, execution_time_ms, checksum, applied_by)
    select gen_random_uuid(),
      ${literal(`${row.version}_${row.name}_`)} || to_char(clock_timestamp(), 'YYYYMMDD_HH24MISS_US')${suffix},
      ${literal(row.version)}, ${literal(row.name)}, ${appliedAt},
      ${ran ? (row.executionMs ?? SINCE_BEGIN) : "0"}, ${literal(row.checksum)},
      ${ran ? "current_user" : "null"}`;
}

export const deleteRows = (ledger: Ledger, versions: readonly string[]): string =>
  `delete from ${ident(...ledger.path)} where version in (${versions.map(literal).join(", ")})`;

/** Forget every applied migration, and what stands beside the ledger about it. */
export async function deleteAllRows(db: Connection, ledger: Ledger): Promise<void> {
  await onLedger(ledger, db.run(sql`delete from ${identSql(...ledger.path)}`));
  await clearBeside(db, ledger);
}

/** Tables of our own in the ledger's schema, which hold rows of every ledger there. */
export const BESIDE = { progress: "confiture_progress", repeatable: "confiture_repeatable" } as const;

/** A table beside the ledger, if it is there; writes nothing. */
export async function isBeside(db: Connection, ledger: Ledger, table: string): Promise<boolean> {
  const name = ident(ledger.path[0], table);
  const [found] = await db.rows<{ there: boolean }>(sql`select to_regclass(${name}) is not null as there`);
  return found?.there === true;
}

async function clearBeside(db: Connection, ledger: Ledger): Promise<void> {
  const [schema, name] = ledger.path;
  for (const table of Object.values(BESIDE)) {
    if (await isBeside(db, ledger, table))
      await onLedger(ledger, db.run(sql`delete from ${identSql(schema, table)} where ledger = ${name}`));
  }
}

/** Take a file as it is now for what was applied. */
export const updateChecksum = (
  db: Connection,
  ledger: Ledger,
  row: Pick<NewRow, "version" | "checksum">,
): Promise<number> =>
  onLedger(
    ledger,
    db.run(
      sql`update ${identSql(...ledger.path)} set checksum = ${row.checksum} where version = ${row.version}`,
    ),
  );

/** A row taken over from another database's ledger, with its time and hash. */
export const copyRow = (ledger: Ledger, row: LedgerRow): Sql => sql`
  insert into ${identSql(...ledger.path)} (id, slug, version, name, applied_at, execution_time_ms, checksum)
  values (gen_random_uuid(), ${`${row.version}_${row.name}_baseline_from_db`}, ${row.version}, ${row.name},
          ${row.applied_at}, ${row.execution_time_ms ?? 0}, ${row.checksum})`;
