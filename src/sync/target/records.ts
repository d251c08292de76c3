import type { Connection } from "../../pg/connection.ts";
import { sql } from "../../sql/tag.ts";
import type { Copied } from "../copy/copy-unit.ts";
import type { Unit } from "../source/units.ts";

/** Schema of the target that holds what a sync has loaded and written down; nobody else uses it. */
export const SYNC_SCHEMA = "confiture";

/** What a sync is about: another one cannot go on with its work. */
export interface RunFacts {
  /** Hash of the source's identity, the rules, the key, the tables and their columns. */
  readonly fingerprint: string;
  readonly mode: "staged" | "in place";
  /** What must be run to give an emptied target its keys and indexes back. */
  readonly restore: readonly string[];
}

/** A unit that was copied, committed together with its rows. */
export interface FinishedUnit {
  readonly unit: Unit;
  readonly copied: Copied;
  /** Table that holds its rows until they are switched in; null in place. */
  readonly stage: string | null;
  /** Moment at which it was read, as pg_current_snapshot() gives it. */
  readonly snapshot: string;
}

/** Tables of the records, made when the first run begins; everything in them is dropped with the last step of a run. */
const CREATE = sql`
  create schema if not exists confiture;
  create table if not exists confiture.sync_run (facts jsonb not null, started_at timestamptz not null default now());
  create table if not exists confiture.sync_unit (unit jsonb not null, copied jsonb not null, stage text, snapshot text not null)`;

export const createRecords = (db: Connection): Promise<number> => db.run(CREATE);

/** The run that has not come to its end; null when there is none. */
export async function readRun(db: Connection): Promise<RunFacts | null> {
  const [there] = await db.rows<{ is: boolean }>(
    sql`select to_regclass('confiture.sync_run') is not null as is`,
  );
  if (!there?.is) return null;
  const [run] = await db.rows<{ facts: RunFacts }>(sql`select facts from confiture.sync_run`);
  return run?.facts ?? null;
}

export const writeRun = (db: Connection, facts: RunFacts): Promise<number> =>
  db.run(sql`insert into confiture.sync_run (facts) values (${JSON.stringify(facts)})`);

export const readFinished = (db: Connection): Promise<FinishedUnit[]> =>
  db.rows<FinishedUnit & Record<string, unknown>>(
    sql`select unit, copied, stage, snapshot from confiture.sync_unit`,
  );

export const writeFinished = (
  db: Connection,
  { unit, copied, stage, snapshot }: FinishedUnit,
): Promise<number> =>
  db.run(sql`insert into confiture.sync_unit (unit, copied, stage, snapshot)
    values (${JSON.stringify(unit)}, ${JSON.stringify(copied)}, ${stage}, ${snapshot})`);

/** Drop the staged rows of some units and forget them. */
export async function forgetUnits(db: Connection, finished: readonly FinishedUnit[]): Promise<void> {
  for (const { unit } of finished)
    await db.run(sql`delete from confiture.sync_unit where unit = ${JSON.stringify(unit)}::jsonb`);
  const stages = finished.flatMap(({ stage }) => stage ?? []);
  if (stages.length > 0) await db.run(sql.raw(`drop table if exists ${stages.join(", ")}`));
}

/** Drop all that a run left: stages, records, and the schema where nothing else is in it. */
export async function dropRecords(db: Connection): Promise<void> {
  const rows = await db.rows<{ name: string }>(sql`
    select c.oid::regclass::text as name from pg_class c
    where c.relnamespace = to_regnamespace('confiture') and c.relkind = 'r' and c.relname ~ '^sync_(run|unit|stage_[0-9]+)$'`);
  if (rows.length === 0) return;
  await db.run(sql.raw(`drop table ${rows.map(({ name }) => name).join(", ")}`));
  const [left] = await db.rows(sql`
    select from pg_depend where refclassid = 'pg_namespace'::regclass and refobjid = to_regnamespace('confiture')`);
  if (left === undefined) await db.run(sql`drop schema confiture`);
}
