import { expect, test } from "vitest";
import { completionScript } from "../../../src/cli/completion-script.ts";

const COMMANDS = [
  { path: "build", flags: ["--apply"] },
  { path: "coordinate sandbox drop", flags: ["--all-expired"] },
  { path: "coordinate sandbox list", flags: [] },
];

test("bash: the words of every depth, each once", () => {
  const script = completionScript("bash", COMMANDS);
  expect(script).toContain('"coordinate") words="sandbox" ;;');
  expect(script).toContain('"coordinate sandbox") words="drop list" ;;');
  expect(script).toContain('"coordinate sandbox drop") words="--all-expired" ;;');
  expect(script).toContain('"") words="build coordinate --version --help" ;;');
});

test("fish: the last word of a command after those before it", () => {
  expect(completionScript("fish", COMMANDS)).toContain(
    'complete -c confiture -n "__fish_seen_subcommand_from coordinate; and __fish_seen_subcommand_from sandbox" -a drop',
  );
});
