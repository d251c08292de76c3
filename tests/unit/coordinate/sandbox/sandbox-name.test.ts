import { expect, test } from "vitest";
import { sandboxName } from "../../../../src/coordinate/sandbox/sandbox-name.ts";

const name = (intent: string | null, agent: string | null = null, nonce = "n") =>
  sandboxName({ intent, agent, nonce });

test("an intent goes before an agent, and what needs quotes is replaced", () => {
  expect(name("ACME-17/add email", "me")).toMatch(/^sandbox_acme_17_add_email_[0-9a-f]{10}$/);
  expect(name(null, "Claire")).toMatch(/^sandbox_claire_[0-9a-f]{10}$/);
  expect(name("日本", "Zoë")).toMatch(/^sandbox_zo_[0-9a-f]{10}$/);
  expect(name(null)).toMatch(/^sandbox_agent_[0-9a-f]{10}$/);
});

test("names of 100 characters that differ at the end only stay apart in 63 bytes", () => {
  const names = ["a", "b"].map((end) => name("x".repeat(99) + end));
  expect(new Set(names).size).toBe(2);
  for (const one of names) expect(Buffer.byteLength(one)).toBe(63);
  expect(name("x".repeat(100), null, "1")).not.toBe(name("x".repeat(100), null, "2"));
});
