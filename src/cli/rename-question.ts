import { ConfitureError } from "../base/errors.ts";
import type { LikelyRename } from "../diff/likely-renames.ts";
import { ident } from "../sql/tag.ts";
import type { AskName } from "../workflows/asked-renames.ts";
import type { Context } from "./command.ts";

const [RENAME, DROP, STOP] = ["r", "d", "s"] as const;

/** Asks the person at the terminal, if there is one; the answer is said as the flag that spares the question. */
export function askNameOf({ ask, log }: Context): AskName | undefined {
  if (!ask) return undefined;
  return async (likely) => {
    const { kind, path, object, names } = likely;
    const word = await ask({ text: textOf(likely), answers: answersOf(likely) });
    if (word === STOP) throw new ConfitureError("INTERRUPTED", `stopped at the question about ${object}`);
    if (word === DROP) return null;
    const name = word === RENAME ? names[0]! : names[Number(word) - 1]!;
    log.info(`--rename ${kind.name}:${ident(...path)}=${ident(name)} says so without a question`);
    return name;
  };
}

const textOf = ({ object, names }: LikelyRename): string => {
  const news = listOf(names);
  return `${object} is gone, and ${news} of the same shape ${names.length === 1 ? "is" : "are"} new in its place. Has it another name now?`;
};

function answersOf({ names }: LikelyRename): Map<string, string> {
  const renames = names.map(
    (name, i) => [names.length === 1 ? RENAME : `${i + 1}`, `rename it to ${ident(name)}`] as const,
  );
  return new Map([...renames, [DROP, `drop it and add ${listOf(names)}`], [STOP, "stop"]]);
}

const listOf = (names: readonly string[]): string => names.map((name) => ident(name)).join(", ");
