import type { CommanderError } from "commander";
import { ConfitureError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";

const NO_BATCHES =
  "Leave it out: nothing is cut into batches. A migration in TypeScript can update rows a part at a time.";
const ALWAYS_TOLD = "Leave it out: every migration is told on stderr as it is done.";

/** Flags that Confiture for Python takes and that changed nothing there. */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  "--batch-size": NO_BATCHES,
  "--batch-sleep": NO_BATCHES,
  "--batched": NO_BATCHES,
  "--verbose": ALWAYS_TOLD,
  "-v": ALWAYS_TOLD,
};

/** Where the help for these words is. */
export const helpFor = (path: string | undefined): string =>
  `See \`confiture ${path === undefined ? "" : `${path} `}--help\`.`;

/** What was called wrongly, and what was probably meant. */
export function usageError(
  error: Pick<CommanderError, "code" | "message">,
  { argv, path, paths }: { argv: readonly string[]; path: string | undefined; paths: readonly string[] },
): ConfitureError {
  const [message = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
  const isCommand = error.code === "commander.unknownCommand";
  const meant = isCommand ? commandMeant(argv, paths) : /Did you mean (.*)\?/.exec(suggestion ?? "")?.[1];
  const group = paths.some((known) => known.startsWith(`${argv[0]} `)) ? argv[0] : undefined;
  const flag = /'(--?[^' ]+)/.exec(message)?.[1] ?? "";
  return new ConfitureError("CONFIG_008", message, {
    actionable:
      (isCommand ? undefined : WITHOUT_EFFECT[flag]) ??
      `${meant === undefined ? "" : `Did you mean ${meant}? `}${helpFor(path ?? group)}`,
  });
}

/** A command of the same name elsewhere (`confiture up`), else one that is spelt almost so. */
function commandMeant(argv: readonly string[], paths: readonly string[]): string | undefined {
  const [first = "", second = ""] = argv;
  const inGroup = paths.filter((path) => path.startsWith(`${first} `));
  const word = inGroup.length > 0 ? second : first;
  const elsewhere = paths.find((path) => path.split(" ").at(-1) === word);
  if (elsewhere !== undefined) return `\`confiture ${elsewhere}\``;
  const names =
    inGroup.length > 0 ? inGroup.map((path) => path.slice(first.length + 1)) : paths.map(firstWord);
  const near = nearest(word, [...new Set(names)]);
  if (near === undefined) return undefined;
  return `\`confiture ${inGroup.length > 0 ? `${first} ${near}` : near}\``;
}

const firstWord = (path: string): string => path.split(" ")[0]!;
