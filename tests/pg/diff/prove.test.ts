import { beforeAll, describe, inject, test } from "vitest";
import { planSteps, type Step } from "../../../src/diff/plan.ts";
import { provePlan } from "../../../src/diff/prove.ts";
import { readLinkedSnapshot } from "../../../src/schema/snapshot.ts";
import { loadParser } from "../../../src/sql/parse.ts";
import { type Contents, lossesSince, readContents } from "../../support/contents.ts";
import { type LoadedSide, loadSide, makeCorpusRoles, pairNames, readPair } from "../../support/corpus.ts";
import { dumpDifferences, dumpOf, hasPgDump } from "../../support/pg-dump.ts";
import { misspelled } from "../../support/spelling.ts";

beforeAll(makeCorpusRoles);
beforeAll(loadParser);

/** Ways from and to nothing hardly differ from server to server; they are gone on one. */
const NEWEST = 18;

const linkedSnapshot = ({ db }: LoadedSide) => readLinkedSnapshot(db, { builder: db.server.user });

interface Way {
  readonly steps: readonly Step[];
  /** What a next plan would still do. */
  readonly left: readonly Step[];
  readonly losses: readonly string[];
  /** What pg_dump says, where there is one. */
  readonly dump: readonly string[];
}

/** Plans the way to another side on a copy, and looks at what that copy has become. */
async function wayTo(to: LoadedSide, from: readonly string[]): Promise<Way> {
  await using copy = await loadSide(...from);
  const before: Contents = await readContents(copy.db);
  const target = await linkedSnapshot(to);
  const steps = await provePlan(copy.db, await linkedSnapshot(copy), target);
  const left = planSteps(await linkedSnapshot(copy), target);
  return { steps, left, losses: await lossesSince(before, copy.db), dump: await judgement(copy) };
}

const judgement = async ({ url }: LoadedSide): Promise<string[]> =>
  hasPgDump(inject("serverMajor")) ? await dumpOf(url) : [];

describe.concurrent("plans lead from side to side, and keep rows", () => {
  test.for(pairNames)("%s", async (pair, { expect, skip }) => {
    const { a, b, seed, major, refused, gaps } = readPair(pair);
    skip(inject("serverMajor") < major, `needs PostgreSQL ${major}`);
    await using sideA = await loadSide(a);
    await using sideB = await loadSide(b);
    await using empty = await loadSide();
    const dumps = { a: await judgement(sideA), b: await judgement(sideB), empty: await judgement(empty) };
    const ways: [string, LoadedSide, string[], string[]][] = [
      ["a → b", sideB, [a, seed], dumps.b],
      ["b → a", sideA, [b], dumps.a],
    ];
    if (inject("serverMajor") === NEWEST)
      ways.push(["empty → b", sideB, [], dumps.b], ["b → empty", empty, [b], dumps.empty]);
    for (const [name, to, from, dump] of ways) {
      if (refused[name] !== undefined) {
        await expect(wayTo(to, from), name).rejects.toMatchObject({ code: refused[name] });
        continue;
      }
      const way = await wayTo(to, from);
      expect({ left: way.left, losses: way.losses }, name).toEqual({ left: [], losses: [] });
      expect(way.steps.length, name).toBeGreaterThan(0);
      expect(misspelled(way.steps.map((step) => step.sql))).toEqual([]);
      const missed = dumpDifferences(way.dump, dump, to.db.server.user);
      const isGap = hasPgDump(inject("serverMajor")) && inject("serverMajor") >= (gaps[name] ?? Infinity);
      expect(missed.length > 0 ? missed : "the dump", name).toEqual(isGap ? expect.any(Array) : "the dump");
    }
    skip(!hasPgDump(inject("serverMajor")), "no pg_dump is there to judge the plans");
  });
});
