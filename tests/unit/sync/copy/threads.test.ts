import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { startThreads, threadCount } from "../../../../src/sync/copy/threads.ts";
import type { UnitTask } from "../../../../src/sync/copy/lane.ts";
import { testProject } from "../../../support/project.ts";

const BUILT = { isBuilt: true };

test("threads begin with the third core", () => {
  const counts = [1, 2, 3, 4, 16].map((cores) => threadCount(undefined, 4, { cores, ...BUILT }));
  expect(counts).toEqual([0, 0, 1, 1, 1]);
  expect(threadCount(undefined, 1, { cores: 16, ...BUILT })).toBe(0);
});

test("who asks for threads gets them, as far as there are lanes beside the one here", () => {
  const counts = [0, 1, 3, 8].map((wanted) => threadCount(wanted, 4, { cores: 1, ...BUILT }));
  expect(counts).toEqual([0, 1, 3, 3]);
  expect(threadCount(8, 0, { cores: 1, ...BUILT })).toBe(0);
});

test("sources that run as they are have none, and say so where they are asked for", () => {
  expect([threadCount(undefined, 4), threadCount(0, 4)]).toEqual([0, 0]);
  expect(() => threadCount(2, 4)).toThrow(expect.objectContaining({ code: "CONFIG_008" }));
});

const SETUP = {
  ends: { source: { url: "", exported: "", snapshot: "" }, targetUrl: "", connection: {} },
  treatments: [],
  secret: new Uint8Array(32),
};

test.each([
  ["process.exit(3)", "exit code 3"],
  ["throw new Error('no way')", "no way"],
])("who waits for a thread is told that it ended: %s", async (text, why) => {
  using project = testProject();
  const file = project.path("thread.mjs");
  writeFileSync(file, text);
  await using threads = startThreads(SETUP, { count: 1, entry: pathToFileURL(file) });
  const lane = threads.openLane();
  const copied = lane.copy({ query: "" } as UnitTask);
  await expect(copied).rejects.toMatchObject({ code: "SYNC_307", message: expect.stringContaining(why) });
  await lane[Symbol.asyncDispose]();
});
