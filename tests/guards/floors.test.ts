import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, test } from "vitest";

const FEATURES = ["build", "migrate", "diff", "lint", "seed", "sync", "cutover", "coordinate"];
const BELOW = {
  sql: ["base"],
  pg: ["base", "sql"],
  schema: ["base", "sql", "pg"],
  feature: ["base", "sql", "pg", "schema", "scratch"],
};

/** Each folder of src/ and the folders it may import besides itself; "" is the library's front, beside cli/. */
const FLOORS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  sql: BELOW.sql,
  pg: BELOW.pg,
  schema: BELOW.schema,
  scratch: BELOW.schema,
  config: BELOW.schema,
  ...Object.fromEntries(FEATURES.map((feature) => [feature, BELOW.feature])),
  workflows: [...BELOW.feature, ...FEATURES],
  mcp: [...BELOW.feature, ...FEATURES, "workflows", "config"],
  cli: [...BELOW.feature, ...FEATURES, "workflows", "config", "mcp"],
  "": [...BELOW.feature, ...FEATURES, "workflows", "config"],
};

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".ts"));

const floorOf = (file: string) => (file.includes("/") ? file.split("/")[0]! : "");

/** Every relative module that a file imports, statically, dynamically or as a re-export. */
function importsOf(file: string): string[] {
  const text = readFileSync(`src/${file}`, "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, specifier]) =>
    posix.join(posix.dirname(file), specifier!),
  );
}

test("imports go down the floors only, and features never import each other", () => {
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter(
        (target) => floorOf(target) !== floorOf(file) && !FLOORS[floorOf(file)]?.includes(floorOf(target)),
      )
      .map((target) => `${file} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test("every folder stands on a floor", () => {
  expect(files.map(floorOf).filter((floor) => !(floor in FLOORS))).toEqual([]);
});

test("nothing below cli/ touches the process, but for the one door of scratch/", () => {
  const doors = new Set(["scratch/host.ts"]);
  const wrong = files.filter(
    (file) => floorOf(file) !== "cli" && !doors.has(file) && /\bprocess\.(?!hrtime)/.test(codeOf(file)),
  );
  expect(wrong).toEqual([]);
});

/** A file's text without its comments. */
const codeOf = (file: string) =>
  readFileSync(`src/${file}`, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");

test("every source file is read by the guard", () => {
  expect(files.length).toBeGreaterThan(50);
  expect(importsOf("cli/main.ts").length).toBeGreaterThan(3);
});
