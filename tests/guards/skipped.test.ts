import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** What a machine or a server may lack; a server itself is never missing, as npm brings it. */
const REASONS: readonly RegExp[] = [
  /^(runIf|skipIf)\(!?(isRoot|canMount|usesEnumValues|hasScript)\)$/,
  /^if \(inject\("serverMajor"\) < \d+\) skip\(\);$/,
  /^skip\(inject\("serverMajor"\) < major, /,
  /^skip\(!hasPgDump\(inject\("serverMajor"\)\), /,
  /^skip\(!hasRegressionTests\(inject\("serverMajor"\)\), /,
];

const SKIPPING = /(?:runIf|skipIf)\([^)]*\)|if \(.*\) skip\(.*|\bskip\(.*|\.(?:skip|only|todo|fails)\b.*/g;

const files = readdirSync("tests", { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter(
    (file) =>
      file.endsWith(".test.ts") && !file.includes("node_modules") && file !== "guards/skipped.test.ts",
  );

test("no test is left out but for what this machine or this major version cannot have", () => {
  const found = files.flatMap((file) =>
    [...readFileSync(`tests/${file}`, "utf8").matchAll(SKIPPING)].map(
      ([text]) => [file, text.trim()] as const,
    ),
  );
  expect(found.length).toBeGreaterThan(3);
  expect(found.filter(([, text]) => !REASONS.some((reason) => reason.test(text)))).toEqual([]);
});

test("a run without a server fails", () => {
  const setup = readFileSync("tests/support/cluster.ts", "utf8");
  expect(setup).toContain("throw new Error(`no npm package holds PostgreSQL");
  expect(readFileSync("vitest.config.ts", "utf8")).toContain('globalSetup: "tests/support/cluster.ts"');
});
