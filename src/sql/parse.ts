import type * as LibPgQuery from "libpg-query";
import { ConfitureError, type ErrorCode } from "../base/errors.ts";
import { lastTokenEnd, skipBlank } from "./lexer.ts";
import { pointerAt, positionAt } from "./position.ts";
import type { Source } from "./script.ts";
import { byteToIndex, characterToIndex } from "./utf8.ts";

/** One statement as the parser sees it; indices are UTF-16 ones of the source, blanks and comments around left out. */
export interface Tree {
  readonly kind: string;
  readonly node: object;
  readonly start: number;
  readonly end: number;
  /** Where the statement begins in the UTF-8 offsets that locations inside `node` count. */
  readonly byteStart: number;
}

/** A token of SQL text, by UTF-16 indices; comments are tokens too. */
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** What the grammar keeps the word for; null for what is no keyword. */
  readonly keyword: "unreserved" | "column name" | "type or function name" | "reserved" | null;
}

/** As libpg_query numbers them. */
const KEYWORDS = [null, "unreserved", "column name", "type or function name", "reserved"] as const;

/** A stretch of a source, by UTF-16 indices. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

let parser: typeof LibPgQuery | undefined;

/** Load libpg_query, once; some 30 ms, paid only by those who parse. */
export async function loadParser(): Promise<void> {
  if (parser) return;
  const module = await import("libpg-query");
  await module.loadModule();
  parser = module;
}

/** Whether `parseTrees` can be called. */
export const isParserLoaded = (): boolean => parser !== undefined;

function loaded(): typeof LibPgQuery {
  if (!parser) throw new ConfitureError("INTERNAL_ERROR", "The SQL parser was used before it was loaded");
  return parser;
}

/** Parse a source, or a stretch of it; throws an error of `code` with file, line and pointer. Needs `loadParser`. */
export function parseTrees(source: Source, code: ErrorCode, range?: Range): readonly Tree[] {
  const { start, end } = range ?? { start: 0, end: source.text.length };
  const text = source.text.slice(start, end);
  if (text === "") return [];
  const toIndex = byteToIndex(text);
  return (parseRaw(source, code, { start, end }).stmts ?? []).map((raw) => {
    const { stmt, stmt_location: from = 0, stmt_len: length = 0 } = raw;
    const [kind, node] = Object.entries(stmt ?? {})[0] as [string, object];
    const first = skipBlank(text, toIndex(from));
    const last = lastTokenEnd(text, first, length === 0 ? text.length : toIndex(from + length));
    const byteStart = from + Buffer.byteLength(text.slice(toIndex(from), first));
    return { kind, node, start: start + first, end: start + last, byteStart };
  });
}

function parseRaw(source: Source, code: ErrorCode, { start, end }: Range): LibPgQuery.ParseResult {
  const { parseSync, hasSqlDetails } = loaded();
  const text = source.text.slice(start, end);
  const nul = text.indexOf("\0"); // the parser takes it for the end of the text
  if (nul !== -1) throw syntaxError(source, code, start + nul, "invalid character U+0000");
  try {
    return parseSync(text);
  } catch (error) {
    if (hasSqlDetails(error)) {
      const { message, cursorPosition } = error.sqlDetails!;
      throw syntaxError(source, code, start + characterToIndex(text, cursorPosition), message);
    }
    if (!(error instanceof RangeError)) throw error;
    const first = start + skipBlank(text, 0);
    throw syntaxError(source, code, first, "an expression is nested too deeply for the parser");
  }
}

/** An error of `code` about one spot of a source, with file, line and pointer. */
export function syntaxError(source: Source, code: ErrorCode, index: number, message: string): ConfitureError {
  return new ConfitureError(code, `${source.file ?? "SQL"} does not parse: ${message}`, {
    file: source.file,
    line: positionAt(source.text, index).line,
    pointer: pointerAt(source.text, index),
  });
}

/** The tokens of a text that parses; loads the parser. */
export async function scanTokens(text: string): Promise<readonly Token[]> {
  await loadParser();
  return tokensOf(text);
}

/** The same. Needs `loadParser`. */
export function tokensOf(text: string): readonly Token[] {
  const toIndex = byteToIndex(text);
  return loaded()
    .scanSync(text)
    .tokens.map((token) => {
      const [start, end] = [toIndex(token.start), toIndex(token.end)];
      return { start, end, text: text.slice(start, end), keyword: KEYWORDS[token.keywordKind] ?? null };
    });
}

const PLACES: ReadonlySet<string> = new Set([
  "location",
  "stmt_location",
  "stmt_len",
  "list_start",
  "list_end",
]);

/** What a text means, the same for all ways to write it; null when it does not parse. Needs `loadParser`. */
export function meaningOf(text: string): string | null {
  try {
    const { stmts } = loaded().parseSync(text);
    return JSON.stringify(stmts, (key, value: unknown) => (PLACES.has(key) ? undefined : value));
  } catch (error) {
    if (loaded().hasSqlDetails(error) || error instanceof RangeError) return null;
    throw error;
  }
}

/** The trees of the PL/pgSQL in CREATE FUNCTION or DO; null where it needs types that only a database knows. Needs `loadParser`. */
export function parsePlpgsql(statement: string): unknown {
  try {
    return loaded().parsePlPgSQLSync(statement);
  } catch (error) {
    if (error instanceof ConfitureError) throw error;
    return null;
  }
}
