import { afterAll, expect, test } from "vitest";
import { ERROR_CODES } from "../../src/base/errors.ts";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import type { CliAnswer } from "../support/project.ts";
import { ALL } from "./exit-codes/all.ts";
import { COMPARE } from "./exit-codes/compare.ts";
import { COORDINATE } from "./exit-codes/coordinate.ts";
import { COORDINATE_CHANGE } from "./exit-codes/coordinate-change.ts";
import { DOWN } from "./exit-codes/down.ts";
import { FILES } from "./exit-codes/files.ts";
import { LEDGER } from "./exit-codes/ledger.ts";
import { LINEAR } from "./exit-codes/linear.ts";
import { MCP } from "./exit-codes/mcp.ts";
import { PREFLIGHT } from "./exit-codes/preflight.ts";
import { PROJECT } from "./exit-codes/project.ts";
import { READS } from "./exit-codes/reads.ts";
import { ANEW } from "./exit-codes/rebuild.ts";
import { dropDatabases, openPlace, type Situation } from "./exit-codes/situation.ts";
import { SANDBOX } from "./exit-codes/sandbox.ts";
import { SYNC } from "./exit-codes/sync.ts";
import { UP } from "./exit-codes/up.ts";
import { UP_REFUSES } from "./exit-codes/up-refuses.ts";

const byCommandThenExit = (a: Situation, b: Situation) =>
  a.command < b.command ? -1 : a.command > b.command ? 1 : a.exit - b.exit;

const SITUATIONS = [
  ...ALL,
  ...UP,
  ...UP_REFUSES,
  ...DOWN,
  ...READS,
  ...COMPARE,
  ...PREFLIGHT,
  ...LEDGER,
  ...ANEW,
  ...FILES,
  ...LINEAR,
  ...PROJECT,
  ...SANDBOX,
  ...MCP,
  ...SYNC,
  ...COORDINATE,
  ...COORDINATE_CHANGE,
].toSorted(byCommandThenExit);

afterAll(dropDatabases);

/** Of the envelope, or in text mode of the line on stderr; a stream ends with the document that tells. */
function codeOf(answer: CliAnswer): unknown {
  if (!answer.out.startsWith("{")) return /^error (\w+): /.exec(answer.err)?.[1] ?? null;
  const lines = answer.out.trimEnd().split("\n");
  const document = lines[0] === "{" ? answer.out : lines.at(-1)!;
  return (JSON.parse(document) as CliAnswer["json"]).error?.["code"] ?? null;
}

test.concurrent.each(SITUATIONS.map((s) => [`${s.command}: ${s.situation}: exit ${s.exit}`, s] as const))(
  "as published: %s",
  async (_title, { exit, code, run }) => {
    await using place = openPlace();
    const answers = [await run(place)].flat();
    expect(answers.length).toBeGreaterThan(0);
    for (const answer of answers) {
      expect({ exit: answer.exit, code: codeOf(answer) }, answer.out + answer.err).toEqual({ exit, code });
    }
  },
);

test.each(Object.keys(COMMANDS))("%s has a line for success and one for failure", (path) => {
  const exits = SITUATIONS.filter(({ command }) => command === path).map(({ exit }) => exit);
  expect(exits).toContain(0);
  expect(exits.some((exit) => exit > 0)).toBe(true);
});

test("every exit number has a line", () => {
  expect([...new Set(SITUATIONS.map(({ exit }) => exit))].toSorted((a, b) => a - b)).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8, 130,
  ]);
});

test("2 says that the ledger is absent, and nothing else does", () => {
  const codes = Object.entries(ERROR_CODES).filter(([, { exit }]) => exit === 2);
  expect(codes.map(([code]) => code)).toEqual(["PRECON_1001"]);
  const others = SITUATIONS.filter(({ exit, code }) => exit === 2 && code !== "PRECON_1001");
  expect(others.map(({ command, situation }) => `${command}: ${situation}`)).toEqual([
    "migrate status: there is no ledger",
  ]);
});

test("docs/exit-codes.md", async () => {
  const rows = SITUATIONS.map(
    ({ command, situation, exit, code }) =>
      `| ${command.startsWith("(") ? command : `\`${command}\``} | ${situation} | ${exit} | ${code === null ? "" : `[${code}](errors.md#${code})`} |`,
  );
  const page = [...HEAD, "| command | situation | exit | error code |", "|---|---|---|---|", ...rows, ""];
  await expect(page.join("\n")).toMatchFileSnapshot("../../docs/exit-codes.md");
});

const HEAD = [
  "# Exit codes",
  "",
  "What each command answers, by situation. Every line is a test that runs the command so and looks at what it answers",
  "(`tests/cli/exit-codes/`); the page is written from that list.",
  "",
  "The numbers are frozen: a script may rely on them, and so may it on the error codes, which [errors.md](errors.md)",
  "explains. Several causes share a number; the error code tells them apart. With `--format json` it is `error.code` of",
  "the one document on stdout, or in the file that `--output` names. A line without an error code is the command's own",
  "result: the answer is in it, e.g. in `issues` of preflight.",
  "",
];
