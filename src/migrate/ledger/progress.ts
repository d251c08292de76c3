import { ConfitureError } from "../../base/errors.ts";
import { sha256 } from "../../base/hash.ts";
import type { Connection } from "../../pg/connection.ts";
import type { Statement } from "../../sql/script.ts";
import { ident, identSql, literal, type Sql, sql } from "../../sql/tag.ts";
import type { MigrationFiles } from "../files.ts";
import { BESIDE, isBeside, type Ledger, type LedgerRow, onLedger } from "./ledger.ts";

/** A migration that runs statement by statement and is not through yet. */
export interface Progress {
  readonly version: string;
  readonly name: string;
  readonly direction: "up" | "down";
  readonly statements_done: number;
  readonly statements_total: number;
  /** Hash of the statements done, so that a resumed file is known to begin with them. */
  readonly done_hash: string;
  /** Beginning of the statement that was under way outside a transaction when this was written. */
  readonly running: string | null;
  /** What the server said to the statement that failed. */
  readonly error: string | null;
  readonly updated_at: string;
}

/** Stands beside the ledger, which other tools share and which is never altered for this. */
const TABLE = BESIDE.progress;

const tableOf = (ledger: Ledger): Sql => identSql(ledger.path[0], TABLE);

const CREATE = (ledger: Ledger): string => `
  create table if not exists ${ident(ledger.path[0], TABLE)} (
    ledger text not null,
    version text not null,
    name text not null,
    direction text not null check (direction in ('up', 'down')),
    statements_done integer not null,
    statements_total integer not null,
    done_hash text not null,
    running text,
    error text,
    started_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (ledger, version)
  )`;

/** What identifies statements across runs: their texts and data, whatever their line endings. */
export const hashOf = (statements: readonly Statement[]): string => {
  const texts = statements.map(({ text, copyData }) => `${text}\0${copyData ?? ""}\0`);
  return sha256(texts.join("").replaceAll("\r\n", "\n"));
};

/** Every migration of this ledger that is half-way; writes nothing, and none when the table is not there. */
export async function readProgress(db: Connection, ledger: Ledger): Promise<Progress[]> {
  if (!(await isBeside(db, ledger, TABLE))) return [];
  return onLedger(
    ledger,
    db.rows<Progress & Record<string, unknown>>(sql`
      select version, name, direction, statements_done, statements_total, done_hash, running, error,
        to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as updated_at
      from ${tableOf(ledger)} where ledger = ${ledger.path[1]} order by started_at, version`),
  );
}

/** Record that a migration begins; creates the table where it is needed for the first time. */
export async function beginProgress(
  db: Connection,
  ledger: Ledger,
  row: Pick<Progress, "version" | "name" | "direction" | "statements_total">,
): Promise<void> {
  await onLedger(ledger, db.run(sql.raw(CREATE(ledger))));
  await onLedger(
    ledger,
    db.run(sql`
      insert into ${tableOf(ledger)} (ledger, version, name, direction, statements_done, statements_total, done_hash)
      values (${ledger.path[1]}, ${row.version}, ${row.name}, ${row.direction}, 0, ${row.statements_total}, ${hashOf([])})`),
  );
}

/** The part of a row that changes while the migration goes on. */
export type ProgressChange = Partial<
  Pick<Progress, "statements_done" | "statements_total" | "done_hash" | "running" | "error">
>;

/** A row that is known to be so far. */
export type KnownProgress = Pick<Progress, "version" | "statements_done">;

/** Changes the row if it is as known, as text without parameters, so that it can stand in one transaction with a statement. */
export const updateProgress = (ledger: Ledger, known: KnownProgress, change: ProgressChange): Sql => {
  const set = Object.entries(change).map(
    ([column, value]) => `${column} = ${value === null ? "null" : literal(String(value))}`,
  );
  return sql.raw(`update ${ident(ledger.path[0], TABLE)} set ${set.join(", ")}, updated_at = now()
    where ${isKnown(ledger, known)}`);
};

const isKnown = (ledger: Ledger, { version, statements_done: done }: KnownProgress): string =>
  `ledger = ${literal(ledger.path[1])} and version = ${literal(version)} and statements_done = ${done}`;

/** Takes the row away if it is as known. */
export const dropProgress = (ledger: Ledger, known: KnownProgress): Sql =>
  sql.raw(`delete from ${ident(ledger.path[0], TABLE)} where ${isKnown(ledger, known)}`);

/** That there is nothing to go on with. */
export const endProgress = (ledger: Ledger, version: string): Sql =>
  sql.raw(
    `delete from ${ident(ledger.path[0], TABLE)} where ledger = ${literal(ledger.path[1])} and version = ${literal(version)}`,
  );

/** What is half-way of these versions is settled otherwise; gives those it was known of. */
export async function forgetProgress(
  db: Connection,
  ledger: Ledger,
  versions: readonly string[],
): Promise<Progress[]> {
  const forgotten = (await readProgress(db, ledger)).filter(({ version }) => versions.includes(version));
  for (const { version } of forgotten) await onLedger(ledger, db.run(endProgress(ledger, version)));
  return forgotten;
}

interface Recorded {
  readonly progress: readonly Progress[];
  readonly rows: readonly LedgerRow[];
}

/** What was begun in one direction must be finished in it before the other is taken; throws MIGR_111. */
export function refuseHalfWay(
  ledger: Ledger,
  { progress, rows }: Recorded,
  begun: Progress["direction"],
): void {
  const applied = new Set(rows.map(({ version }) => version));
  // A record that the ledger has overtaken says nothing.
  const isOpen = ({ version }: Progress) => applied.has(version) === (begun === "down");
  const half = progress.find((one) => one.direction === begun && isOpen(one));
  if (half === undefined) return;
  const { version, statements_done: done, statements_total: total } = half;
  const what = begun === "down" ? `the rollback of ${version}` : version;
  throw new ConfitureError("MIGR_111", `${what} stopped after ${done} of ${total} statements`, {
    migration: version,
    details: { progress: half },
    actionable:
      begun === "down"
        ? "Finish it first: confiture migrate down"
        : `Finish it first: confiture migrate up; or undo its statements by hand, and then: ${endProgress(ledger, version).text}`,
  });
}

/** What is half-way and cannot go on, because its file is gone. */
export const strandedWarnings = (rows: readonly Progress[], { migrations }: MigrationFiles): string[] =>
  rows
    .filter(({ version }) => !migrations.some((migration) => migration.version === version))
    .map(
      ({ version, name, statements_done: done, statements_total: total }) =>
        `${version}_${name} stopped after ${done} of ${total} statements, and its file is gone: restore it, or undo them by hand`,
    );
