import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { withFileLock } from "../../../src/scratch/file-lock.ts";
import { currentHost } from "../../../src/scratch/host.ts";
import { processIdentity } from "../../../src/scratch/processes.ts";
import { tempDir } from "./temp-dir.ts";

const host = currentHost();

test("one at a time, and nothing is left behind", async () => {
  using dir = tempDir();
  const events: string[] = [];
  const work = (name: string) =>
    withFileLock(host, join(dir.path, "lock"), async () => {
      events.push(`${name} in`);
      await sleep(20);
      events.push(`${name} out`);
    });
  await Promise.all([work("a"), work("b"), work("c")]);
  const [first, , third, , fifth] = events.map((event) => event[0]);
  expect(events).toEqual([first, third, fifth].flatMap((name) => [`${name} in`, `${name} out`]));
  expect(readdirSync(dir.path)).toEqual([]);
});

test("work that fails gives the lock back", async () => {
  using dir = tempDir();
  const lock = join(dir.path, "lock");
  await expect(withFileLock(host, lock, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await withFileLock(host, lock, () => Promise.resolve("yes"))).toBe("yes");
});

test.each([
  ["a dead process", "4194000 1"],
  ["a process whose number was given to another", `${host.pid} 1`],
  ["nobody", ""],
])("a lock of %s is broken", async (_, owner) => {
  using dir = tempDir();
  const lock = join(dir.path, "lock");
  writeFileSync(lock, owner);
  expect(await withFileLock({ ...host, platform: "linux" }, lock, () => Promise.resolve(1))).toBe(1);
});

test("a lock of a living process is waited for, but not for ever", async () => {
  using dir = tempDir();
  const lock = join(dir.path, "lock");
  writeFileSync(lock, processIdentity(host, host.pid)!);
  let got = false;
  let now = Date.now();
  const waiting = withFileLock({ ...host, now: () => now }, lock, async () => void (got = true));
  await sleep(100);
  expect(got).toBe(false);
  now += 3_600_000;
  await waiting;
  expect(got).toBe(true);
});
