import { ConfitureError } from "../base/errors.ts";

/** What `-- confiture: …` lines in a file's leading comment ask for. */
export interface Directives {
  readonly noTransaction: boolean;
  readonly requiresSuperuser: boolean;
  readonly irreversible: boolean;
  readonly runAs: string | undefined;
  readonly lockTimeoutMs: number | undefined;
}

const WORDS = "no-transaction, requires-superuser, irreversible, run-as <role>, lock-timeout <ms>";

/** Read the directives above a file's first statement; an unknown one is MIGR_102, never ignored. */
export function readDirectives(text: string, file: string): Directives {
  const found: { -readonly [K in keyof Directives]: Directives[K] } = {
    noTransaction: false,
    requiresSuperuser: false,
    irreversible: false,
    runAs: undefined,
    lockTimeoutMs: undefined,
  };
  for (const [i, line] of leadingComment(text).entries()) {
    const words = /^--\s*confiture:\s*(.*?)\s*$/.exec(line)?.[1];
    if (words === undefined) continue;
    const [word, value] = words.split(/\s+/);
    if (word === "no-transaction") found.noTransaction = true;
    else if (word === "requires-superuser") found.requiresSuperuser = true;
    else if (word === "irreversible") found.irreversible = true;
    else if (word === "run-as" && value) found.runAs = value;
    else if (word === "lock-timeout" && /^\d+$/.test(value ?? "")) found.lockTimeoutMs = Number(value);
    else if (!LINTER_WORDS.has(word ?? "")) {
      throw new ConfitureError("MIGR_102", `"confiture: ${words}" is not a directive; there are ${WORDS}`, {
        file,
        line: i + 1,
      });
    }
  }
  return found;
}

/** Directives of the linter, which mean nothing to the runner. */
const LINTER_WORDS: ReadonlySet<string> = new Set([
  "owner-only",
  "owner-skip",
  "func-allow-duplicate",
  "secdef-allow-unpinned",
]);

function leadingComment(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const end = lines.findIndex((line) => line.trim() !== "" && !line.trimStart().startsWith("--"));
  return (end === -1 ? lines : lines.slice(0, end)).map((line) => line.trim());
}
