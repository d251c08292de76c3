import { expect, test } from "vitest";
import { mayGive, namedDomain } from "../../../../src/sync/column-masker.ts";
import { parseRule } from "../../../../src/sync/rule.ts";
import { IDENTITY, masked, TEXT_COLUMN } from "../../../support/mask.ts";

const JSON_COLUMN = { type: "json" };

const one = async (options: object, document: string): Promise<string | null> => {
  const [result] = await masked({ anonymizer: "json", ...options }, [document], JSON_COLUMN);
  return result!;
};

const redact = { anonymizer: "redact", replacement: "x" };

test("each path has its rule, and all else becomes null", async () => {
  const options = { paths: { "a.b": redact, "list.*.n": redact, 'c."d.e"': redact, "0": redact } };
  expect(
    await one(
      options,
      '{"a": {"b": "1", "c": "2"}, "list": [{"n": "3"}, {"n": "4", "m": true}], "c": {"d.e": "5"}}',
    ),
  ).toBe('{"a": {"b": "x", "c": null}, "list": [{"n": "x"}, {"n": "x", "m": null}], "c": {"d.e": "x"}}');
  expect(await one(options, '["1", "2", 3, null]')).toBe('["x", null, null, null]');
  expect(await one(options, '"a name"')).toBe("null");
});

test("an exact key goes before any, and a path that ends before one that goes on", async () => {
  const options = { paths: { "*": "keep", "a.b": redact, c: redact, "*.d": "keep" } };
  expect(await one(options, '{"a": "1", "b": "2", "c": {"d": "3"}}')).toBe('{"a": "1", "b": "2", "c": null}');
  expect(await one({ paths: { "*.b": "keep", "a.*": redact } }, '{"a": {"b": "1"}, "z": {"b": "2"}}')).toBe(
    '{"a": {"b": "x"}, "z": {"b": "2"}}',
  );
});

test("what is kept stays as it is written", async () => {
  const document =
    ' {"10": 1.00, "2": -0, "big": 12345678901234567890.10, "e": [1E+400, 1e5], "__proto__": {"a": 1},\n "u": "\\u00e9é\\ud800", "a": 1, "a": 2} ';
  expect(await one({ others: "keep" }, document)).toBe(document);
  expect(await one({ paths: { "*": "keep", "e.*": "keep" } }, document)).toBe(document);
  expect(await one({ others: "keep", paths: { x: redact } }, document)).toBe(document);
});

test("text with any characters is read and written as JSON", async () => {
  const rule = { anonymizer: "pattern" };
  const result = await one({ paths: { "*": rule } }, '["tab\\t\\"quoted\\" \\u00e9 \\\\ é", "\\u0000"]');
  const [text, zero] = JSON.parse(result!) as string[];
  expect(text).toMatch(/^[a-z]{3}\t"[a-z]{6}" [a-z] \\ [a-z]$/);
  expect(zero).toBe("\0");
});

test("numbers become numbers, and truth values what their rule makes of them", async () => {
  const rule = { anonymizer: "constant", value: 7 };
  expect(await one({ paths: { "*": rule } }, "[1, 2.50, 1e3]")).toBe("[7, 7, 7]");
  expect(await one({ paths: { "*": "phone" } }, "[true, null]")).toBe("[null, null]");
  expect(await one({ paths: { "*": { anonymizer: "choice" } } }, "[true]")).toMatch(/^\[(?:true|false)\]$/);
  expect(JSON.parse((await one({ paths: { "*": "phone" } }, "[491234567]"))!)).toEqual([expect.anything()]);
});

test("a value has the replacement that it has in a column of the same domain", async () => {
  const named = { paths: { email: { anonymizer: "email", domain: "address" }, other: "email" } };
  const document = '{"email": "ada@lovelace.org", "other": "ada@lovelace.org"}';
  const result = JSON.parse((await one(named, document))!) as Record<string, string>;
  const inDomain = { ...IDENTITY, domain: namedDomain("address") };
  expect(result["email"]).toBe((await masked("email", ["ada@lovelace.org"], { identity: inDomain }))[0]);
  expect(result["other"]).toBe((await masked("email", ["ada@lovelace.org"]))[0]);
  expect(result["email"]).not.toBe(result["other"]);
});

test("it is permuted where the columns of that domain must stay unique", async () => {
  const shared = (domain: string) => (domain === namedDomain("code") ? { isUnique: true } : {});
  const rule = { anonymizer: "json", paths: { code: { anonymizer: "pattern", domain: "code" } } };
  const [document] = await masked(rule, ['{"code": "K-2041"}'], {
    ...JSON_COLUMN,
    identity: { ...IDENTITY, shared },
  });
  const [code] = await masked("pattern", ["K-2041"], {
    isUnique: true,
    identity: { ...IDENTITY, domain: namedDomain("code") },
  });
  expect(document).toBe(`{"code": "${code}"}`);
});

test("an object or array that a rule names is one value, null unless its anonymizer takes those", async () => {
  const document = '{"a": {"name": "Ada", "keys": [1]}, "b": ["Ada"]}';
  expect(await one({ paths: { a: "keep", b: "email" }, others: "keep" }, document)).toBe(
    '{"a": {"name": "Ada", "keys": [1]}, "b": null}',
  );
  expect(await one({ paths: { a: { anonymizer: "constant", value: "{}" }, b: "null" } }, document)).toBe(
    '{"a": {}, "b": null}',
  );
  const inner = { anonymizer: "json", paths: { name: redact } };
  expect(await one({ paths: { a: inner } }, document)).toBe(
    '{"a": {"name": "x", "keys": [null]}, "b": [null]}',
  );
  expect(await one({ paths: { a: { anonymizer: "constant", value: "no JSON" } } }, document)).toBe(
    '{"a": null, "b": [null]}',
  );
});

test("keys stay unless a rule is given for those of an object", async () => {
  const options = { keys: { votes: redact }, paths: { "votes.*": "keep" } };
  expect(await one(options, '{"votes": {"ada@lovelace.org": 1}, "n": {"k": "v"}}')).toBe(
    '{"votes": {"x": 1}, "n": {"k": null}}',
  );
});

test("what is no JSON becomes null, and any depth is read", async () => {
  const [empty, broken, word] = await masked("json", ["", '{"a" 1', "name"], JSON_COLUMN);
  expect([empty, broken, word]).toEqual(["null", "null", "null"]);
  const deep = `${"[".repeat(100_000)}"name"${"]".repeat(100_000)}`;
  expect(await one({}, deep)).toBe(deep.replace('"name"', "null"));
});

test.each([
  [{ paths: { "a..b": "keep" } }, "a path is keys"],
  [{ paths: { 'a."b': "keep" } }, "a path is keys"],
  [{ keys: { "": "keep" } }, "a path is keys"],
  [{ paths: { a: { anonymizer: "mac", keep_flag: true } } }, "keep_flag"],
  [{ paths: { a: { anonymizer: "sql", expression: "1" } } }, "path a: sql is evaluated at the source"],
  [{ paths: { a: { name: "email" } } }, "paths"],
  [{ others: "drop" }, "others"],
])("%j is refused", async (options, message) => {
  await expect(one(options, "{}")).rejects.toMatchObject({
    code: "ANON_1400",
    message: expect.stringContaining(message) as string,
  });
});

test("an unknown anonymizer at a path is told as such", async () => {
  await expect(one({ paths: { a: "emial" } }, "{}")).rejects.toMatchObject({
    code: "ANON_1401",
    message: "path a: there is no anonymizer emial; did you mean email?",
  });
});

test("a document may be a result when each of its values may be", async () => {
  const rule = parseRule({ anonymizer: "json", paths: { kept: "keep", a: redact } });
  const may = await mayGive(rule, { ...TEXT_COLUMN, type: "json" });
  expect(['{"kept": "Ada"}', '{"a": "x", "b": null}', "[]"].map(may)).toEqual([true, true, true]);
  expect(['{"a": "Ada"}', '{"kept": 1, "b": 2}'].map(may)).toEqual([false, false]);
});
