import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { KINDS } from "../../src/schema/kinds/index.ts";

const FOLDERS = ["schema", "diff", "workflows", "migrate", "build", "cli"];

const files = FOLDERS.filter((folder) => existsSync(`src/${folder}`)).flatMap((folder) =>
  readdirSync(`src/${folder}`, { recursive: true, encoding: "utf8" })
    .map((file) => `src/${folder}/${file.replaceAll("\\", "/")}`)
    .filter((file) => file.endsWith(".ts") && !file.startsWith("src/schema/kinds/")),
);

const names = KINDS.map((kind) => kind.name);
const literal = (name: string) => `["'\`]${name}["'\`]`;

/** Names that are no words of English, such as `foreign-key`, can mean nothing but the kind. */
const compound = new RegExp(
  names
    .filter((name) => name.includes("-"))
    .map(literal)
    .join("|"),
);
const anyName = names.map(literal).join("|");

/** A kind's name compared with, looked up by, or listed beside another. */
const asKind = [
  new RegExp(`\\b(?:kind|KINDS)\\b.*(?:${anyName})`, "i"),
  new RegExp(`(?:${anyName}).*\\b(?:kind|KINDS)\\b`, "i"),
  new RegExp(`objects(?:\\?\\.)?\\[(?:${anyName})\\]`),
];

const namesOfKinds = (line: string): boolean => compound.test(line) || asKind.some((form) => form.test(line));

test("the guard sees a name", () => {
  const seen = ['if (row.kind === "policy")', 'snapshot.objects["table"]', 'const late = ["foreign-key"];'];
  expect(seen.map(namesOfKinds)).toEqual([true, true, true]);
  expect(['typeof x === "function"', 'join("db", "schema")'].map(namesOfKinds)).toEqual([false, false]);
});

test.each(files)("%s knows no kind by name", (file) => {
  const text = readFileSync(file, "utf8");
  const singleKinds = [...text.matchAll(/from "([^"]*\/kinds\/[^"]*)"/g)].filter(
    ([, from]) => !from!.endsWith("/kinds/index.ts"),
  );
  expect(singleKinds.map(([, from]) => from)).toEqual([]);
  expect(text.split("\n").filter(namesOfKinds)).toEqual([]);
});
