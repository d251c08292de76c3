import { expect, test } from "vitest";
import { masterKey } from "../../../../src/sync/keyed/master-key.ts";

test.each([undefined, "", "too short"])("a key %j is refused", (text) => {
  expect(() => masterKey(text)).toThrow(expect.objectContaining({ code: "ANON_1402" }));
});

test("the key itself is in nothing that it gives", () => {
  const text = "sixteen characters, at least";
  const key = masterKey(text);
  expect(key.id).toMatch(/^[0-9a-f]{12}$/);
  expect(JSON.stringify(key)).not.toContain(text);
});

test("each domain and purpose has a key of its own, the same in every process", () => {
  const key = masterKey("sixteen characters, at least");
  const keys = (["draw", "permute"] as const).flatMap((purpose) =>
    ["a", "b", "draw"].map((domain) => Buffer.from(key.derive(domain, purpose)).toString("hex")),
  );
  expect(new Set(keys).size).toBe(6);
  expect(keys[0]).toBe("916a61efca76a40462ea59983e2779eb");
});
