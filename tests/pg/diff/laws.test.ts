import { beforeAll, expect, inject, test } from "vitest";
import { changeText } from "../../../src/diff/change.ts";
import { compare } from "../../../src/diff/compare.ts";
import { planSteps } from "../../../src/diff/plan.ts";
import { provePlan } from "../../../src/diff/prove.ts";
import { readLinkedSnapshot } from "../../../src/schema/snapshot.ts";
import { type LoadedSide, loadSide, makeCorpusRoles } from "../../support/corpus.ts";
import { dumpDifferences, dumpOf, hasPgDump } from "../../support/pg-dump.ts";
import { assertLaw } from "../../support/random-schema.ts";

beforeAll(makeCorpusRoles);

const snapshotOf = ({ db }: LoadedSide) => readLinkedSnapshot(db, { builder: db.server.user });

const judgement = async ({ url }: LoadedSide): Promise<string[]> =>
  hasPgDump(inject("serverMajor")) ? await dumpOf(url) : [];

test("nothing lies between two databases of one schema, and there is nothing to plan", () =>
  assertLaw(async (ddl) => {
    await using one = await loadSide(ddl);
    await using other = await loadSide(ddl);
    const [from, to] = [await snapshotOf(one), await snapshotOf(other)];
    expect(changeText(compare(from, to))).toBe("");
    expect(planSteps(from, to)).toEqual([]);
  }));

test("a plan leads to the other schema, and the way back to the first one", () =>
  assertLaw(async (a, b) => {
    await using side = await loadSide(a);
    await using target = await loadSide(b);
    const [from, to] = [await snapshotOf(side), await snapshotOf(target)];
    const before = await judgement(side);
    await provePlan(side.db, from, to);
    expect(dumpDifferences(await judgement(side), await judgement(target), side.db.server.user)).toEqual([]);
    const there = await snapshotOf(side);
    expect(planSteps(there, to)).toEqual([]);
    await provePlan(side.db, there, from);
    expect(dumpDifferences(await judgement(side), before, side.db.server.user)).toEqual([]);
    expect(planSteps(await snapshotOf(side), from)).toEqual([]);
  }));
