import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { ConfitureError } from "../../base/errors.ts";
import { decodeUtf8 } from "../../sql/decode-utf8.ts";

/** One line of a file, without its newline, and where it stands. */
export interface Line {
  readonly text: string;
  /** 1-based. */
  readonly number: number;
}

/** SQL that is carried as it stands: what is left of a file without the tool's own marker lines. */
export interface Part {
  /** File it stands in, below the directory. */
  readonly file: string;
  readonly lines: readonly Line[];
  /** The tool's marker for running outside a transaction. */
  readonly noTransaction?: boolean | undefined;
  /** It says nothing on purpose. */
  readonly isNothing?: boolean | undefined;
}

/** A file that cannot be carried, and why. */
export interface Refusal {
  readonly file: string;
  readonly reason: string;
  readonly line?: number | undefined;
}

/** Another tool's migrations directory, read. */
export interface SourceDir {
  /** Paths below the directory with `/`, in text order; hidden ones left out. */
  readonly files: readonly string[];
  readonly unreadable: readonly Refusal[];
  has(file: string): boolean;
  lines(file: string): readonly Line[];
}

/** Read a directory and all below it; throws CONFIG_004. What is not UTF-8 is told as `unreadable`. */
export async function readSourceDir(dir: string): Promise<SourceDir> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch((cause: Error) => {
    throw new ConfitureError("CONFIG_004", `${dir} cannot be read: ${cause.message}`, { file: dir, cause });
  });
  const all = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(dir, sep).length).replaceAll(sep, "/"))
    .filter((file) => !file.split("/").some((part) => part.startsWith(".") || part === "node_modules"))
    .toSorted((a, b) => (a < b ? -1 : 1));
  const texts = new Map<string, string>();
  const unreadable: Refusal[] = [];
  for (const file of all) {
    try {
      texts.set(file, decodeUtf8(await readFile(join(dir, file)), file));
    } catch (error) {
      if (!file.endsWith(".sql")) texts.set(file, "");
      else if (error instanceof ConfitureError) unreadable.push(refusalOf(file, error));
      else throw error;
    }
  }
  return {
    files: [...texts.keys()],
    unreadable,
    has: (file) => texts.has(file),
    lines: (file) => (texts.get(file) ?? "").split("\n").map((text, i) => ({ text, number: i + 1 })),
  };
}

const refusalOf = (file: string, { message, context }: ConfitureError): Refusal => ({
  file,
  reason: message,
  line: context.line,
});

/** A whole file. */
export const wholeFile = (source: SourceDir, file: string): Part => ({ file, lines: source.lines(file) });

/** The bytes a part becomes. */
export const textOf = (part: Part): string => part.lines.map((line) => line.text).join("\n");

/** Lines out of the middle of a file, with the newline that ends the last. */
export const closed = (lines: readonly Line[]): readonly Line[] => {
  const last = lines.at(-1);
  return last === undefined || last.text === "" ? lines : [...lines, { text: "", number: last.number + 1 }];
};

/** What stands below one marker line. */
export interface Section {
  /** The words of the marker; null above the first. */
  readonly words: string | null;
  readonly number: number;
  readonly lines: readonly Line[];
}

/** Cut lines at the tool's marker comments; `wordsOf` gives a marker's words, undefined for any other line. */
export function cutSections(
  lines: readonly Line[],
  wordsOf: (text: string) => string | undefined,
): readonly Section[] {
  const sections: { words: string | null; number: number; lines: Line[] }[] = [
    { words: null, number: 0, lines: [] },
  ];
  for (const line of lines) {
    const words = wordsOf(line.text.replace(/\r$/, ""));
    if (words === undefined) sections.at(-1)!.lines.push(line);
    else sections.push({ words, number: line.number, lines: [] });
  }
  return sections;
}

/** The first line that is neither blank nor a line comment. */
export const firstSql = (lines: readonly Line[]): Line | undefined =>
  lines.find(({ text }) => text.trim() !== "" && !text.trimStart().startsWith("--"));
