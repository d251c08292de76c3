import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Path } from "./key-path.ts";

/** A YAML mapping that remembers where its keys stand. */
export interface YamlFile {
  readonly value: Readonly<Record<string, unknown>>;
  /** Line of the key, or of the innermost part of the path that is there. */
  readonly lineOf: (path: Path) => number;
}

/** What keeps a text from being a YAML mapping; message and pointer repeat no value, which may be secret. */
export interface YamlProblem {
  /** Empty for the text as a whole. */
  readonly key: string;
  readonly line: number;
  readonly message: string;
  readonly pointer?: string | undefined;
}

/** One YAML document whose top is a mapping; throws what `failure` makes of its problems. */
export function parseYaml(text: string, failure: (problems: readonly YamlProblem[]) => Error): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const wrong = [...document.errors, ...document.warnings];
  if (wrong.length > 0) throw failure(wrong.map((error) => syntaxProblem(text, error, lines)));
  const value = toValue(document, (message) => failure([{ key: "", line: 1, message }]));
  const lineOf = (path: Path) => {
    const offset = offsetOf(document, path);
    return offset === undefined ? 1 : lines.linePos(offset).line;
  };
  return { value, lineOf };
}

function syntaxProblem(
  text: string,
  error: { readonly code: string; readonly message: string; readonly pos: readonly [number, number] },
  lines: LineCounter,
): YamlProblem {
  const { line, col } = lines.linePos(error.pos[0]);
  const source = text.split("\n")[line - 1] ?? "";
  const key = error.code === "DUPLICATE_KEY" ? keyAt(source, col) : "";
  const message = error.code === "DUPLICATE_KEY" ? `${key} is given twice` : withoutValues(error);
  return { key, line, message, pointer: pointerTo(source, line, col) };
}

/** Errors whose text from the parser repeats a piece of the file. */
const SYNTAX_MESSAGES: Readonly<Record<string, string>> = {
  BAD_DIRECTIVE: "a line begins with % as YAML directives do; quote the value if it is one",
  BAD_DQ_ESCAPE: "a backslash in double quotes begins no known escape; write \\\\ or use single quotes",
  TAG_RESOLVE_FAILED: "tags are not supported; quote a value that begins with !",
};

/** The parser's words, cut where it goes on to quote the file: an unquoted password may begin with `!` or `*`. */
const withoutValues = ({ code, message }: { readonly code?: string; readonly message: string }): string =>
  SYNTAX_MESSAGES[code ?? ""] ??
  message.replace(/(?<! ): .*$/s, "").replace(/^./, (first) => first.toLowerCase());

const keyAt = (source: string, column: number): string =>
  /^["']?([^:"']+)/.exec(source.slice(column - 1))?.[1]?.trim() ?? "a key";

/** The line with a caret below the spot; what stands where values stand is masked, for it may be secret. */
function pointerTo(source: string, line: number, column: number): string {
  const trimmed = source.replace(/\r$/, "");
  const [key = ""] = /^[\s-]*["']?[A-Za-z_][\w-]*["']?\s*:/.exec(trimmed) ?? [];
  const shown = key + trimmed.slice(key.length).replaceAll(/[\p{L}\p{N}]/gu, "*");
  const label = `${line} | `;
  const pad = trimmed.slice(0, column - 1).replaceAll(/[^\t]/g, " ");
  return `${label}${shown}\n${" ".repeat(label.length - 2)}| ${pad}^`;
}

function toValue(
  document: Document,
  notMapping: (message: string) => Error,
): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = document.toJS() ?? {};
  } catch (error) {
    throw notMapping(withoutValues(error as Error));
  }
  if (typeof value !== "object" || Array.isArray(value))
    throw notMapping("the file is not a mapping of keys to values");
  return value as Readonly<Record<string, unknown>>;
}

/** Where the key stands (list entries: where the entry stands). */
function offsetOf(document: Document, path: Path): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (pair === undefined) return offset;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      if (isNode(node)) offset = node.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}
