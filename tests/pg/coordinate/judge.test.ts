import fc from "fast-check";
import { beforeAll, afterAll, expect, test } from "vitest";
import { ConfitureError } from "../../../src/base/errors.ts";
import { type Catalog, readCatalog } from "../../../src/coordinate/footprint/catalog.ts";
import { footprintOf } from "../../../src/coordinate/footprint/footprint.ts";
import type { Footprint } from "../../../src/coordinate/footprint/touch.ts";
import { judge } from "../../../src/coordinate/verdict/judge.ts";
import { compare } from "../../../src/diff/compare.ts";
import { changeText } from "../../../src/diff/change.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { readSnapshot, type Snapshot } from "../../../src/schema/snapshot.ts";
import { parseScript } from "../../../src/sql/parse-script.ts";
import { sql } from "../../../src/sql/tag.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { BASE, randomChange } from "../../support/random-changes.ts";

let database: TestDatabase;
let db: Connection;
let catalog: Catalog;

beforeAll(async () => {
  database = await testDatabase();
  db = await Connection.open(database.url);
  await db.run(sql.raw(BASE));
  catalog = await readCatalog(db);
});
afterAll(async () => {
  await db?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});

const footprint = async (text: string): Promise<Footprint> =>
  footprintOf([await parseScript({ text }, "SQL_001")], catalog);

/** The catalog after changes in this order, in a transaction that is rolled back; an error's text when one fails. */
async function after(changes: readonly string[]): Promise<Snapshot | string> {
  await db.run(sql`begin`);
  try {
    for (const change of changes) await db.run(sql.raw(change));
    return await readSnapshot(db);
  } catch (error) {
    if (error instanceof ConfitureError) return error.message;
    throw error;
  } finally {
    await db.run(sql`rollback`);
  }
}

/** What proves that the order of changes matters; null when it does not. */
async function proofAgainst(changes: readonly string[]): Promise<string | null> {
  const one = await after(changes);
  if (typeof one === "string") return `fails: ${one}`;
  const other = await after(changes.toReversed());
  if (typeof other === "string") return `fails in the other order: ${other}`;
  const differences = compare(one, other);
  return differences.length === 0 ? null : changeText(differences);
}

const PAIRS = Number(process.env["CONFITURE_TEST_PAIRS"] ?? 300);
const SEED = Number(process.env["SEED"] ?? 1);

interface Work {
  text: string;
  print: Footprint;
}
test("explore", async () => {
  const works: Work[] = [];
  const t0 = Date.now();
  for (const text of fc.sample(randomChange, { numRuns: PAIRS, seed: SEED })) {
    await db.run(sql`begin`);
    const ok = await db.run(sql.raw(text)).then(
      () => true,
      () => false,
    );
    await db.run(sql`rollback`);
    if (ok) works.push({ text, print: await footprint(text) });
  }
  console.log("made", works.length, Date.now() - t0);
  // groups whose members are independent of each other
  const groups: Work[][] = [];
  let verdicts = 0;
  let independent = 0;
  const t1 = Date.now();
  for (const work of works) {
    let placed = false;
    for (const group of groups) {
      if (group.length >= 14) continue;
      let all = true;
      for (const one of group) {
        verdicts++;
        const is = judge(one.print, work.print).relation === "independent";
        if (!is) {
          all = false;
          break;
        }
      }
      if (all) {
        group.push(work);
        placed = true;
        break;
      }
    }
    if (!placed) groups.push([work]);
  }
  for (const g of groups) independent += (g.length * (g.length - 1)) / 2;
  console.log({ groups: groups.length, verdicts, independent, judged: Date.now() - t1 });
  let shown = 0;
  for (const group of groups) {
    if (group.length < 2 || shown > 25) continue;
    const against = await proofAgainst(group.map((w) => w.text));
    if (against === null) continue;
    let pairs = 0;
    for (let i = 0; i < group.length && shown < 25; i++)
      for (let j = i + 1; j < group.length; j++) {
        const [a, b] = [group[i]!, group[j]!];
        const pair = await proofAgainst([a.text, b.text]);
        if (pair !== null) {
          pairs++;
          shown++;
          console.log(`LAX\nA: ${a.text}\nB: ${b.text}\n=> ${pair}`);
        }
      }
    if (pairs === 0) {
      shown++;
      console.log("GROUP ONLY", against, group.map((w) => w.text).join("\n---\n"));
    }
  }
  console.log({ lax: shown, ms: Date.now() - t0 });
  expect(works.length).toBeGreaterThan(0);
}, 900_000);
