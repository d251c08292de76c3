import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { type Change, changeText } from "../../../src/diff/change.ts";
import { compare } from "../../../src/diff/compare.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { KINDS } from "../../../src/schema/kinds/index.ts";
import { planSteps, type Step } from "../../../src/diff/plan.ts";
import { provePlan } from "../../../src/diff/prove.ts";
import {
  type LinkedSnapshot,
  readLinkedSnapshot,
  readSnapshot,
  type Snapshot,
} from "../../../src/schema/snapshot.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testDatabase } from "../../support/database.ts";

const CORPUS = "tests/corpus";
const pairs = readdirSync(CORPUS).sort();

/** A pair for newer servers only says so in the first line of a.sql, e.g. `-- postgresql >= 15`. */
const neededMajor = (a: string): number => Number(a.match(/^-- postgresql >= (\d+)\n/)?.[1] ?? 13);

async function snapshotOf(ddl: string): Promise<Snapshot> {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  if (ddl !== "") await db.run(sql.raw(ddl));
  return await readSnapshot(db, { builder: db.server.user });
}

/** One line per change, indented when it comes with another. */
const shapes = (changes: readonly Change[]): string[] =>
  changes.map(({ op, kind, object, within, attributes }) => {
    const names = attributes.length === 0 ? "" : ` [${attributes.map(({ name }) => name).join(", ")}]`;
    return `${within === null ? "" : "  "}${op} ${kind} ${object}${names}`;
  });

const OPPOSITE = { "+": "-", "-": "+", "~": "~" } as const;

const mirrored = (change: Change): Change => ({
  ...change,
  op: OPPOSITE[change.op],
  attributes: change.attributes.map(({ name, from, to }) => ({ name, from: to, to: from })),
});

const sorted = (changes: readonly Change[]) => changes.map((change) => JSON.stringify(change)).sort();

beforeAll(async () => {
  await using db = await Connection.open(inject("serverUrl"));
  for (const role of ["corpus_other", "corpus_owner", "corpus_reader"])
    await db.run(sql.raw(`do $$ begin create role ${role}; exception when duplicate_object then end $$`));
});

/** Plans the way from one side to the other on a copy, which must end there with nothing left to plan. */
async function stepsBetween(from: string, to: LinkedSnapshot): Promise<Step[]> {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  if (from !== "") await db.run(sql.raw(from));
  const before = await readLinkedSnapshot(db, { builder: db.server.user });
  const steps = await provePlan(db, before, to);
  const after = await readLinkedSnapshot(db, { builder: db.server.user });
  expect(planSteps(after, to)).toEqual([]);
  return steps;
}

async function linkedSnapshotOf(ddl: string): Promise<LinkedSnapshot> {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  if (ddl !== "") await db.run(sql.raw(ddl));
  return await readLinkedSnapshot(db, { builder: db.server.user });
}

describe.concurrent("plans", () => {
  test.for(pairs)("%s", async (pair, { expect, skip }) => {
    const read = (side: string) => readFileSync(`${CORPUS}/${pair}/${side}.sql`, "utf8");
    const [a, b] = [read("a"), read("b")];
    skip(inject("serverMajor") < neededMajor(a), `needs PostgreSQL ${neededMajor(a)}`);
    const [snapshotA, snapshotB] = await Promise.all([linkedSnapshotOf(a), linkedSnapshotOf(b)]);
    const up = await stepsBetween(a, snapshotB);
    const down = await stepsBetween(b, snapshotA);
    await stepsBetween("", snapshotB);
    await stepsBetween(b, await linkedSnapshotOf(""));
    expect(up).not.toEqual([]);
    expect(down).not.toEqual([]);
  });
});

describe.concurrent("corpus", () => {
  test.for(pairs)("%s", async (pair, { expect, skip }) => {
    const read = (side: string) => readFileSync(`${CORPUS}/${pair}/${side}.sql`, "utf8");
    const [a, b] = [read("a"), read("b")];
    skip(inject("serverMajor") < neededMajor(a), `needs PostgreSQL ${neededMajor(a)}`);
    const [snapshotA, again, snapshotB] = await Promise.all([snapshotOf(a), snapshotOf(a), snapshotOf(b)]);
    expect(changeText(compare(snapshotA, again))).toBe("");
    expect(again.objects).toEqual(snapshotA.objects);
    const changes = compare(snapshotA, snapshotB);
    expect(changes).not.toEqual([]);
    expect(sorted(compare(snapshotB, snapshotA))).toEqual(sorted(changes.map(mirrored)));
    await expect(`${JSON.stringify(shapes(changes), null, 2)}\n`).toMatchFileSnapshot(
      `../../corpus/${pair}/expect.json`,
    );
  });
});

test("every kind has a pair", () => {
  const without = KINDS.filter(({ name }) => !pairs.some((pair) => pair.startsWith(`${name}-`)));
  expect(without.map(({ name }) => name)).toEqual([]);
});
