import { expect, test } from "vitest";
import { fingerprintOf, newPlans } from "../../../src/mcp/plans.ts";

const COURSE = { direction: "up", to: null } as const;
const WORK = { migrations: [{ version: "1", name: "a", checksum: "c" }], repeatables: [] };

async function issued(now = () => 0) {
  const plans = newPlans(now);
  return { plans, ...plans.issue(COURSE, await fingerprintOf(COURSE, WORK, undefined)) };
}

const reason = (word: string) => ({ code: "MCP_002", context: { details: { reason: word } } });

test("a hash is good once, for its direction, and only if this server gave it", async () => {
  const { plans, hash } = await issued();
  expect(() => plans.redeem("0".repeat(32), "up")).toThrow(expect.objectContaining(reason("unknown")));
  expect(() => plans.redeem(hash, "down")).toThrow(expect.objectContaining(reason("direction")));
  await plans.redeem(hash, "up").onWork(WORK, undefined);
  expect(() => plans.redeem(hash, "up")).toThrow(expect.objectContaining(reason("used")));
  expect(() => newPlans(() => 0).redeem(hash, "up")).toThrow(expect.objectContaining(reason("unknown")));
});

test("the same plan made twice has two hashes", async () => {
  const { plans, hash } = await issued();
  expect(plans.issue(COURSE, await fingerprintOf(COURSE, WORK, undefined)).hash).not.toBe(hash);
});

test("it is good for ten minutes, and it can be told later that it was", async () => {
  let now = 0;
  const { plans, hash, expires_at } = await issued(() => now);
  expect(expires_at).toBe("1970-01-01T00:10:00.000Z");
  now = 600_000;
  expect(() => plans.redeem(hash, "up")).toThrow(expect.objectContaining(reason("expired")));
  now = 599_999;
  expect(plans.redeem(hash, "up")).toMatchObject(COURSE);
});

test.each([
  ["another file", { ...WORK, migrations: [{ version: "1", name: "a", checksum: "d" }] }],
  ["one more", { ...WORK, migrations: [...WORK.migrations, { version: "2", name: "b", checksum: "c" }] }],
  ["a repeatable file", { ...WORK, repeatables: [{ path: "v.sql", checksum: "c" }] }],
])("what is to run has changed: %s", async (_what, work) => {
  const { plans, hash } = await issued();
  await expect(plans.redeem(hash, "up").onWork(work, undefined)).rejects.toMatchObject(reason("changed"));
});
