import { ConfitureError } from "../../src/base/errors.ts";
import { footprintOf } from "../../src/coordinate/footprint/footprint.ts";
import type { Catalog } from "../../src/coordinate/footprint/catalog.ts";
import type { Footprint } from "../../src/coordinate/footprint/touch.ts";
import { judge } from "../../src/coordinate/verdict/judge.ts";
import { changeText } from "../../src/diff/change.ts";
import { compare } from "../../src/diff/compare.ts";
import type { Connection } from "../../src/pg/connection.ts";
import { readSnapshot, type Snapshot } from "../../src/schema/snapshot.ts";
import { parseScript } from "../../src/sql/parse-script.ts";
import { literal, sql } from "../../src/sql/tag.ts";

/** SQL that runs on the base, and what it touches there. */
export interface RandomChange {
  readonly text: string;
  readonly footprint: Footprint;
}

export const footprintIn = async (text: string, catalog: Catalog | null): Promise<Footprint> =>
  footprintOf([await parseScript({ text }, "SQL_001")], catalog);

interface End {
  readonly snapshot: Snapshot;
  /** By table, as text. */
  readonly rows: ReadonlyMap<string, string>;
}

/** What a sequence gave out it does not take back. */
const BEGIN = sql`begin; select setval('public.counter', 1000)`;

/** What is there after changes in this order, in a transaction that is rolled back; the error's text when one fails. */
async function after(db: Connection, changes: readonly string[]): Promise<End | string> {
  await db.run(BEGIN);
  try {
    for (const change of changes) await db.run(sql.raw(change));
    return { snapshot: await readSnapshot(db), rows: await rowsOf(db) };
  } catch (error) {
    if (error instanceof ConfitureError && error.code === "SQL_001") return error.message;
    throw error;
  } finally {
    await db.run(sql`rollback`);
  }
}

async function rowsOf(db: Connection): Promise<Map<string, string>> {
  const tables = await db.rows<{ name: string }>(sql`
    select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('m', 'r') and c.relispopulated and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`);
  const each = tables.map(
    ({ name }) => `select ${literal(name)} as name,
    (select string_agg(row, ', ' order by row) from (select to_jsonb(t)::text as row from only ${name} t) rows) as rows`,
  );
  const found = await db.rows<{ name: string; rows: string | null }>(sql.raw(each.join("\nunion all\n")));
  return new Map(found.map(({ name, rows }) => [name, rows ?? ""]));
}

export async function runs(db: Connection, text: string): Promise<boolean> {
  await db.run(BEGIN);
  try {
    await db.run(sql.raw(text));
    return true;
  } catch (error) {
    if (error instanceof ConfitureError && error.code === "SQL_001") return false;
    throw error;
  } finally {
    await db.run(sql`rollback`);
  }
}

/** What shows that the order of changes matters; null when nothing does. */
export async function orderMatters(db: Connection, changes: readonly string[]): Promise<string | null> {
  const one = await after(db, changes);
  if (typeof one === "string") return `fails: ${one}`;
  const other = await after(db, changes.toReversed());
  if (typeof other === "string") return `fails in the other order: ${other}`;
  const differences = compare(one.snapshot, other.snapshot);
  if (differences.length > 0) return changeText(differences);
  const table = [...one.rows.keys()].find((name) => one.rows.get(name) !== other.rows.get(name));
  return table === undefined ? null : `rows of ${table}: ${one.rows.get(table)} | ${other.rows.get(table)}`;
}

/**
 * Changes in groups whose members the rules call independent of each other: forwards and backwards, a group tries both
 * orders of each of its pairs.
 */
export function independentGroups(changes: readonly RandomChange[], size: number): RandomChange[][] {
  const groups: RandomChange[][] = [];
  for (const change of changes) {
    const group = groups.find(
      (members) =>
        members.length < size &&
        members.every((one) => judge(one.footprint, change.footprint).relation === "independent"),
    );
    if (group) group.push(change);
    else groups.push([change]);
  }
  return groups;
}

export const pairsIn = (groups: readonly (readonly unknown[])[]): number =>
  groups.reduce((sum, { length }) => sum + (length * (length - 1)) / 2, 0);
