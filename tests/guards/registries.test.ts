import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { TOOLS as MCP_TOOLS } from "../../src/mcp/tools/index.ts";
import { CHECKS } from "../../src/migrate/checks/index.ts";
import { TOOLS } from "../../src/migrate/adopt/tools/index.ts";
import { KINDS } from "../../src/schema/kinds/index.ts";
import { ANONYMIZERS } from "../../src/sync/anonymizers/index.ts";

/** A kind called `index` cannot stand in index.ts, which is the registry. */
const nameOf = (file: string) => (file === "index-kind.ts" ? "index" : file.slice(0, -".ts".length));

const names = (folder: string) =>
  readdirSync(`src/${folder}`, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && file !== "index.ts")
    .map((file) => nameOf(file).replaceAll(/[\\/]/g, " "))
    .sort();

/** A folder that grows, and the names its index.ts registers. */
const REGISTRIES: readonly (readonly [folder: string, registered: readonly string[]])[] = [
  ["cli/commands", Object.keys(COMMANDS)],
  ["mcp/tools", MCP_TOOLS.map((tool) => tool.name.replaceAll("_", "-"))],
  ["migrate/checks", CHECKS.map((check) => check.name)],
  ["migrate/adopt/tools", TOOLS.map((tool) => tool.name)],
  ["sync/anonymizers", ANONYMIZERS.map((anonymizer) => anonymizer.name)],
  ["schema/kinds", KINDS.map((kind) => kind.name)],
];

test.each(REGISTRIES)("%s: one file per entry, one entry per file, same name", (folder, registered) => {
  expect(existsSync(`src/${folder}/index.ts`)).toBe(true);
  expect([...registered].sort()).toEqual(names(folder));
});

test("every command's path is the words it is registered under", async () => {
  const commands = await Promise.all(
    Object.entries(COMMANDS).map(async ([path, load]) => [path, (await load()).command.path]),
  );
  expect(commands.filter(([registered, own]) => registered !== own)).toEqual([]);
});

test("the anonymizers stand in alphabetical order, and nothing outside their folder names one's file", () => {
  const names = ANONYMIZERS.map(({ name }) => name);
  expect(names).toEqual(names.toSorted());
  const files = readdirSync("src", { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".ts") && !file.startsWith("sync/anonymizers/"));
  const naming = files.filter((file) =>
    /\/anonymizers\/(?!index\.ts)/.test(readFileSync(`src/${file}`, "utf8")),
  );
  expect(naming).toEqual([]);
});

test("the tools of the MCP server stand in alphabetical order", () => {
  const names = MCP_TOOLS.map((tool) => tool.name);
  expect(names).toEqual(names.toSorted());
});

test("the migration tools stand in alphabetical order, and nothing outside their folder names one", () => {
  const names = TOOLS.map((tool) => tool.name);
  expect(names).toEqual(names.toSorted());
  const word = new RegExp(`["'\`](?:${names.join("|")})["'\`]|/tools/(?!index\\.ts)`);
  const files = readdirSync("src", { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".ts") && !file.startsWith("migrate/adopt/tools/"));
  const naming = files.filter((file) => word.test(readFileSync(`src/${file}`, "utf8")));
  expect(naming).toEqual([]);
});
