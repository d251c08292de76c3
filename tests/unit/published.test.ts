import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ERROR_CODES } from "../../src/base/errors.ts";
import { toJsonSchema } from "../../src/base/output.ts";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { exitCodesOutput } from "../../src/cli/exit-codes.ts";
import { flagsOf } from "../../src/cli/options.ts";
import { envelopeOutput } from "../../src/base/issue.ts";

const commands = await Promise.all(Object.values(COMMANDS).map(async (load) => (await load()).command));
/** A command under two names has one output. */
const outputs = [...new Set([...commands.map((command) => command.output), envelopeOutput, exitCodesOutput])];

describe("published files follow the code (npm run published:update rewrites them)", () => {
  test.each(outputs)("schemas/$id.v$version.json", async (output) => {
    await expect(`${JSON.stringify(toJsonSchema(output), null, 2)}\n`).toMatchFileSnapshot(
      `../../schemas/${output.id}.v${output.version}.json`,
    );
  });

  test("schemas/ holds nothing else", () => {
    expect(readdirSync("schemas").toSorted()).toEqual(
      outputs.map((o) => `${o.id}.v${o.version}.json`).toSorted(),
    );
  });

  test("docs/errors.md", async () => {
    const rows = Object.entries(ERROR_CODES).map(
      ([code, { exit, means, fix }]) => `| <a id="${code}"></a>${code} | ${exit} | ${means} | ${fix} |`,
    );
    const page = [
      "# Error codes",
      "",
      "What each command answers in which situation, by exit code: [exit-codes.md](exit-codes.md).",
      "",
      "| code | exit | what it means | what to do |",
      "|---|---|---|---|",
      ...rows,
      "",
    ];
    await expect(page.join("\n")).toMatchFileSnapshot("../../docs/errors.md");
  });

  test("docs/commands.md", async () => {
    const sections = commands.map((command) => {
      const words = (command.arguments ?? [])
        .map((a) => (a.required ? ` <${a.name}>` : ` [${a.name}]`))
        .join("");
      const flags = flagsOf(command).map(
        (flag) => `| \`${flag.flags.replaceAll("|", "\\|")}\` | ${flag.description} |`,
      );
      return [
        `## confiture ${command.path}${words}`,
        "",
        `${command.summary}. ${command.stream ? "Each line" : "Result"}: [\`${command.output.id}\`](../schemas/${command.output.id}.v${command.output.version}.json).`,
        "",
        ...(flags.length > 0 ? ["| flag | meaning |", "|---|---|", ...flags, ""] : []),
      ].join("\n");
    });
    await expect(`# Commands\n\n${INTRO}\n\n${sections.join("\n")}`).toMatchFileSnapshot(
      "../../docs/commands.md",
    );
  });
});

const INTRO = [
  "Every command takes `--format text|json`, `--output FILE` (for `build`: `--report FILE`) and `--help`.",
  "In JSON mode stdout, or the file, carries one document and nothing else; progress and hints go to stderr.",
  "Of a command that tells what happens as it happens, each line is a document.",
].join("\n");
