import { ConfitureError } from "../base/errors.ts";

/** What `-- confiture: …` lines in a file's leading comment ask for. */
export interface Directives {
  readonly noTransaction: boolean;
  readonly requiresSuperuser: boolean;
  readonly irreversible: boolean;
  readonly runAs: string | undefined;
  readonly lockTimeoutMs: number | undefined;
  /** Versions whose migrations this file replaces, its own among them; empty when it is no squash. */
  readonly squashes: readonly string[];
  /** Those of them that an earlier squash replaced, so that a ledger may lack them. */
  readonly squashedBefore: readonly string[];
  /** The ledger's hash of the migration that had this version before the squash. */
  readonly squashedChecksum: string | undefined;
}

const WORDS =
  "no-transaction, requires-superuser, irreversible, run-as <role>, lock-timeout <ms>, squashes <version> …, squashed-before <version> …, squashed-checksum <hash>";

const DIRECTIVE = /^--\s*confiture:\s*(.*?)\s*$/;

/** What a file without directives asks for. */
export const NO_DIRECTIVES: Directives = {
  noTransaction: false,
  requiresSuperuser: false,
  irreversible: false,
  runAs: undefined,
  lockTimeoutMs: undefined,
  squashes: [],
  squashedBefore: [],
  squashedChecksum: undefined,
};

/** Read the directives above a file's first statement; an unknown one is MIGR_102, never ignored. */
export function readDirectives(text: string, file: string): Directives {
  const found: { -readonly [K in keyof Directives]: Directives[K] } = { ...NO_DIRECTIVES };
  for (const [i, line] of leadingComment(text).entries()) {
    const words = DIRECTIVE.exec(line)?.[1];
    if (words === undefined) continue;
    const [word, ...values] = words.split(/\s+/);
    const [value] = values;
    if (word === "no-transaction") found.noTransaction = true;
    else if (word === "requires-superuser") found.requiresSuperuser = true;
    else if (word === "irreversible") found.irreversible = true;
    else if (word === "run-as" && value) found.runAs = value;
    else if (word === "lock-timeout" && /^\d+$/.test(value ?? "")) found.lockTimeoutMs = Number(value);
    else if (word === "squashes" && value) found.squashes = values;
    else if (word === "squashed-before" && value) found.squashedBefore = values;
    else if (word === "squashed-checksum" && value) found.squashedChecksum = value;
    else if (!LINTER_WORDS.has(word ?? "")) {
      throw new ConfitureError("MIGR_102", `"confiture: ${words}" is not a directive; there are ${WORDS}`, {
        file,
        line: i + 1,
        actionable: "Correct its spelling, or reword the comment.",
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

/** The lines of a text without those that hold a directive of the runner. */
export function withoutDirectives(text: string): string {
  const lines = text.split("\n");
  const leading = leadingComment(text).length;
  return lines.filter((line, i) => i >= leading || !isRunnerDirective(line)).join("\n");
}

function isRunnerDirective(line: string): boolean {
  const word = DIRECTIVE.exec(line.trim())?.[1]?.split(/\s+/)[0];
  return word !== undefined && !LINTER_WORDS.has(word);
}

function leadingComment(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const end = lines.findIndex((line) => line.trim() !== "" && !line.trimStart().startsWith("--"));
  return (end === -1 ? lines : lines.slice(0, end)).map((line) => line.trim());
}
