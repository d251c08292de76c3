import type { Connection } from "../../pg/connection.ts";
import { ident, identSql, type Sql, sql } from "../../sql/tag.ts";
import { BESIDE, isBeside, type Ledger, onLedger } from "../ledger/ledger.ts";
import type { RepeatableFile } from "./repeatable-files.ts";

/** Stands beside the ledger; holds what each repeatable file was when it ran last. */
const TABLE = BESIDE.repeatable;

const tableOf = (ledger: Ledger): Sql => identSql(ledger.path[0], TABLE);

/** Hash by path of every repeatable file that ran; writes nothing. */
export async function readRepeatables(db: Connection, ledger: Ledger): Promise<Map<string, string>> {
  if (!(await isBeside(db, ledger, TABLE))) return new Map();
  const rows = await onLedger(
    ledger,
    db.rows<{ path: string; checksum: string }>(
      sql`select path, checksum from ${tableOf(ledger)} where ledger = ${ledger.path[1]}`,
    ),
  );
  return new Map(rows.map(({ path, checksum }) => [path, checksum]));
}

/** A rollback may drop what repeatable files made, so all of them run again with the next `up`. */
export async function forgetRepeatables(db: Connection, ledger: Ledger): Promise<void> {
  if ((await readRepeatables(db, ledger)).size === 0) return;
  await onLedger(ledger, db.run(sql`delete from ${tableOf(ledger)} where ledger = ${ledger.path[1]}`));
}

/** Create the table where it is needed for the first time. */
export const ensureRepeatables = (db: Connection, ledger: Ledger): Promise<number> =>
  onLedger(ledger, db.run(sql.raw(CREATE(ledger))));

const CREATE = (ledger: Ledger): string => `
  create table if not exists ${ident(ledger.path[0], TABLE)} (
    ledger text not null,
    path text not null,
    checksum text not null,
    applied_at timestamptz not null default now(),
    applied_by text not null default current_user,
    primary key (ledger, path)
  )`;

/** That a file ran as it is. */
export const recordRepeatable = (ledger: Ledger, { path, checksum }: RepeatableFile): Sql => sql`
  insert into ${tableOf(ledger)} (ledger, path, checksum) values (${ledger.path[1]}, ${path}, ${checksum})
  on conflict (ledger, path) do update
    set checksum = excluded.checksum, applied_at = excluded.applied_at, applied_by = excluded.applied_by`;
