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
import { sql } from "../../src/sql/tag.ts";

/** SQL that runs on the base, and what it touches there. */
export interface RandomChange {
  readonly text: string;
  readonly footprint: Footprint;
}

export const footprintIn = async (text: string, catalog: Catalog | null): Promise<Footprint> =>
  footprintOf([await parseScript({ text }, "SQL_001")], catalog);

/** The catalog after changes in this order, in a transaction that is rolled back; the error's text when one fails. */
async function after(db: Connection, changes: readonly string[]): Promise<Snapshot | string> {
  await db.run(sql`begin`);
  try {
    for (const change of changes) await db.run(sql.raw(change));
    return await readSnapshot(db);
  } catch (error) {
    if (error instanceof ConfitureError && error.code === "SQL_001") return error.message;
    throw error;
  } finally {
    await db.run(sql`rollback`);
  }
}

export async function runs(db: Connection, text: string): Promise<boolean> {
  await db.run(sql`begin`);
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
  const differences = compare(one, other);
  return differences.length === 0 ? null : changeText(differences);
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
