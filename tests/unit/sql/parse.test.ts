import { beforeAll, expect, test } from "vitest";
import { isParserLoaded, loadParser, parseTrees, scanTokens } from "../../../src/sql/parse.ts";
import { caught } from "./caught.ts";

beforeAll(async () => {
  expect(isParserLoaded()).toBe(false);
  await loadParser();
});

test("statements come with indices of the source, not of UTF-8 bytes", () => {
  const text = "select 'é😀'; -- é\n /* 😀 */ select 2 -- x\n;";
  const trees = parseTrees({ text }, "SCHEMA_200");
  expect(trees.map(({ kind, start, end }) => [kind, text.slice(start, end)])).toEqual([
    ["SelectStmt", "select 'é😀'"],
    ["SelectStmt", "select 2"],
  ]);
});

test("a stretch of a source keeps the indices of the whole", () => {
  const text = "😀 select 1";
  expect(parseTrees({ text }, "SCHEMA_200", { start: 2, end: text.length })[0]?.start).toBe(3);
});

test.each([
  ["select 'é😀',\n 'x' fro m", 'syntax error at or near "m"', 2, "2 |  'x' fro m\n  |          ^"],
  ["select 1 +", "syntax error at end of input", 1, "1 | select 1 +\n  |           ^"],
  ["select 1;\0 drop", "invalid character U+0000", 1, "1 | select 1;\0 drop\n  |          ^"],
])("an error points at its spot: %j", (text, message, line, pointer) => {
  const error = caught(() => parseTrees({ text, file: "a.sql" }, "MIGR_108"));
  expect(error).toMatchObject({ code: "MIGR_108", context: { file: "a.sql", line, pointer } });
  expect(error.message).toBe(`a.sql does not parse: ${message}`);
});

test("nesting that exhausts the parser is an error, and the parser survives it", () => {
  for (const deep of [`select 1${"+1".repeat(100_000)}`, `select ${"(".repeat(20_000)}`]) {
    expect(() => parseTrees({ text: deep }, "SCHEMA_200")).toThrow("does not parse");
  }
  expect(parseTrees({ text: "select 1" }, "SCHEMA_200")).toHaveLength(1);
});

test("tokens lie where they stand in the text", async () => {
  expect(await scanTokens("select 'é😀' as x")).toEqual([
    { start: 0, end: 6, text: "select", keyword: "reserved" },
    { start: 7, end: 12, text: "'é😀'", keyword: null },
    { start: 13, end: 15, text: "as", keyword: "reserved" },
    { start: 16, end: 17, text: "x", keyword: null },
  ]);
});
