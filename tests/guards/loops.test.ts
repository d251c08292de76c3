import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);

/** Lines with `await using` or `using` inside the body of a loop, told by indentation: the formatter keeps it true. */
function usingInLoops(text: string): string[] {
  const loops: number[] = [];
  return text.split("\n").filter((line) => {
    if (line.trim() === "") return false;
    const indent = line.length - line.trimStart().length;
    while (loops.length > 0 && indent <= loops.at(-1)!) loops.pop();
    const found = loops.length > 0 && /^\s*(await )?using \w+ = /.test(line);
    if (/^\s*(for|while|do)\b.*\{$/.test(line)) loops.push(indent);
    if (/=> \{$|\bfunction\b.*\{$/.test(line)) loops.length = 0;
    return found;
  });
}

test("the guard finds one", () => {
  expect(usingInLoops("for (const a of b) {\n  await using c = d();\n}\n")).toHaveLength(1);
  expect(usingInLoops("for (const a of b) {\n}\nawait using c = d();\n")).toEqual([]);
});

test("no loop body owns a resource: esbuild carries an error from one round to the next", () => {
  const found = files.flatMap((file) =>
    usingInLoops(readFileSync(`src/${file}`, "utf8")).map((line) => `${file}: ${line}`),
  );
  expect(found).toEqual([]);
});
