import { beforeAll, describe, inject, test } from "vitest";
import type { Step } from "../../../src/diff/plan.ts";
import { provePlan } from "../../../src/diff/prove.ts";
import { type LinkedSnapshot, readLinkedSnapshot } from "../../../src/schema/snapshot.ts";
import { loadParser } from "../../../src/sql/parse.ts";
import { lossesSince, readContents } from "../../support/contents.ts";
import { type LoadedSide, loadSide, makeCorpusRoles, pairNames, readPair } from "../../support/corpus.ts";
import { dumpDifferences, dumpOf, hasPgDump } from "../../support/pg-dump.ts";
import { misspelled } from "../../support/spelling.ts";

/** Ways from and to nothing hardly differ from server to server; they are gone on one. */
const NEWEST = 18;

/** What there is at one end of a way. */
interface End {
  readonly scripts: readonly string[];
  readonly snapshot: LinkedSnapshot;
  /** What pg_dump says, where there is one. */
  readonly dump: readonly string[];
}

const judgement = async ({ url }: LoadedSide): Promise<string[]> =>
  hasPgDump(inject("serverMajor")) ? await dumpOf(url) : [];

async function endOf(...scripts: readonly string[]): Promise<End> {
  await using side = await loadSide(...scripts);
  const { db } = side;
  const snapshot = await readLinkedSnapshot(db, { builder: db.server.user });
  return { scripts, snapshot, dump: await judgement(side) };
}

interface Way {
  readonly steps: readonly Step[];
  readonly losses: readonly string[];
  /** In which pg_dump sees another end. */
  readonly missed: readonly string[];
}

/** Plans the way to another end on a copy that has rows, and looks at what that copy has become. */
async function wayTo(to: End, from: End, seed: string): Promise<Way> {
  await using copy = await loadSide(...from.scripts, seed);
  const before = await readContents(copy.db);
  const steps = await provePlan(copy.db, from.snapshot, to.snapshot);
  const losses = await lossesSince(before, copy.db);
  return { steps, losses, missed: dumpDifferences(await judgement(copy), to.dump, copy.db.server.user) };
}

let empty: End;
beforeAll(async () => {
  await makeCorpusRoles();
  await loadParser();
  empty = await endOf();
});

describe.concurrent("plans lead from side to side, and keep rows", () => {
  test.for(pairNames)("%s", async (pair, { expect, skip }) => {
    const { a, b, seed, major, refused, gaps } = readPair(pair);
    skip(inject("serverMajor") < major, `needs PostgreSQL ${major}`);
    const [sideA, sideB] = [await endOf(a), await endOf(b)];
    const ways: [name: string, to: End, from: End, seed: string][] = [
      ["a → b", sideB, sideA, seed],
      ["b → a", sideA, sideB, ""],
    ];
    if (inject("serverMajor") === NEWEST)
      ways.push(["empty → b", sideB, empty, ""], ["b → empty", empty, sideB, ""]);
    for (const [name, to, from, rows] of ways) {
      if (refused[name] !== undefined) {
        await expect(wayTo(to, from, rows), name).rejects.toMatchObject({ code: refused[name] });
        continue;
      }
      const { steps, losses, missed } = await wayTo(to, from, rows);
      expect(losses, name).toEqual([]);
      expect(steps.length, name).toBeGreaterThan(0);
      expect(misspelled(steps.map((step) => step.sql))).toEqual([]);
      const isGap = hasPgDump(inject("serverMajor")) && inject("serverMajor") >= (gaps[name] ?? Infinity);
      expect(missed.length > 0 ? missed : "the dump", name).toEqual(isGap ? expect.any(Array) : "the dump");
    }
    skip(!hasPgDump(inject("serverMajor")), "no pg_dump is there to judge the plans");
  });
});
