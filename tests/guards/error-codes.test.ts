import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ERROR_CODES } from "../../src/base/errors.ts";

const textOf = (folder: string, but = "") =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && file !== but && !file.includes("node_modules"))
    .map((file) => readFileSync(`${folder}/${file}`, "utf8"))
    .join("\n");

const codes = Object.keys(ERROR_CODES);

test("every code is thrown somewhere", () => {
  const sources = textOf("src", "base/errors.ts");
  expect(codes.filter((code) => !sources.includes(`"${code}"`))).toEqual([]);
});

test("every code has a test that triggers it", () => {
  const tests = textOf("tests");
  expect(codes.filter((code) => !tests.includes(`"${code}"`))).toEqual([]);
});

test("the table is in alphabetical order", () => {
  expect(codes).toEqual(codes.toSorted());
});
