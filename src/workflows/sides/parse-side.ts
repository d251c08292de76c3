import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { ConfitureError } from "../../base/errors.ts";
import { redactWithin } from "../../pg/dsn.ts";
import { emptySide } from "./built-side.ts";
import { chainSide } from "./chain-side.ts";
import { pathSide } from "./ddl-side.ts";
import { gitSide } from "./git-side.ts";
import { liveSide } from "./live-side.ts";
import type { Side, SideContext } from "./side.ts";

const CHAIN = "migrations";

/**
 * The side that a word of the user's means: `empty`, `migrations`, `migrations@VERSION`, `git:REF`,
 * `git:REF:PATH`, a connection string, or a folder or `.sql` file. Throws DIFFER_402 for any other word,
 * CONFIG_003 for a malformed connection string, MIGR_100 for an unknown version, else as `chainSide`.
 */
export async function parseSide(word: string, context: SideContext): Promise<Side> {
  if (word === "empty") return emptySide(context.target);
  if (word === CHAIN) return chainSide(undefined, context);
  if (word.startsWith(`${CHAIN}@`)) return chainSide(word.slice(CHAIN.length + 1), context);
  if (word.startsWith("git:")) return gitSide(word, context);
  const isUrl = /^postgres(ql)?:\/\//.test(word);
  if (!isUrl && existsSync(resolve(context.cwd, word))) return pathSide(word, context);
  if (isUrl || /^\s*[a-z_]+\s*=/.test(word)) return liveSide({ ...context.target, url: word });
  throw new ConfitureError("DIFFER_402", `there is no ${redactWithin(word)} to compare`, {
    actionable: `${word.endsWith("/") || word.includes("/") ? "No such folder or file exists. " : ""}A side is a folder, an .sql file, a connection string, migrations, migrations@VERSION, git:REF, git:REF:PATH or empty.`,
  });
}
