import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { type Change, changeText } from "../../../src/diff/change.ts";
import { compare } from "../../../src/diff/compare.ts";
import { KINDS } from "../../../src/schema/kinds/index.ts";
import { readSnapshot, type Snapshot } from "../../../src/schema/snapshot.ts";
import { loadSide, makeCorpusRoles, pairNames, readPair } from "../../support/corpus.ts";

async function snapshotOf(ddl: string): Promise<Snapshot> {
  await using side = await loadSide(ddl);
  return await readSnapshot(side.db, { builder: side.db.server.user });
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

/** What an altered object is a part of is told of the target alone. */
const sorted = (changes: readonly Change[]) =>
  changes.map((change) => JSON.stringify(change.op === "~" ? { ...change, part_of: null } : change)).sort();

beforeAll(makeCorpusRoles);

describe.concurrent("corpus", () => {
  test.for(pairNames)("%s", async (pair, { expect, skip }) => {
    const { a, b, major } = readPair(pair);
    skip(inject("serverMajor") < major, `needs PostgreSQL ${major}`);
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

/** No server of the tests has a module that provides labels; tests/pg/schema/kinds/ has a test of its own. */
const UNSETTABLE = "security-label";

const PAIRS_PER_KIND = 3;

/** Kinds of which the sides of a pair differ in an object, as the test above wrote them down. */
function kindsIn(pair: string): Set<string> {
  const lines = JSON.parse(readFileSync(`tests/corpus/${pair}/expect.json`, "utf8")) as string[];
  return new Set(lines.map((line) => line.trim().split(" ")[1]!));
}

test("every kind has three pairs, one of them named for it", () => {
  const found = pairNames.map((pair) => ({ pair, kinds: kindsIn(pair) }));
  const few = KINDS.filter(({ name }) => name !== UNSETTABLE).filter(({ name }) => {
    const pairs = found.filter(({ kinds }) => kinds.has(name));
    return pairs.length < PAIRS_PER_KIND || !pairs.some(({ pair }) => pair.startsWith(`${name}-`));
  });
  expect(few.map(({ name }) => name)).toEqual([]);
});
