import { ConfitureError, type ErrorCode } from "../base/errors.ts";
import { type Cut, dataBlock, nextStatement, skipBlank, type Unterminated } from "./lexer.ts";
import { loadParser, parseTrees, syntaxError, type Tree } from "./parse.ts";
import { pointerAt, positionAt, positionReader } from "./position.ts";
import type { Script, Source, Statement } from "./script.ts";
import { lineEnd } from "./token.ts";

/** A stretch that ends with a semicolon, and the data below it. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly copyData?: string;
}

/**
 * Parse an SQL file: plain SQL, or what pg_dump writes for psql, with COPY data in it.
 * Throws an error of `code` for SQL that does not parse, SCHEMA_206 for something never closed, and
 * SCHEMA_207 for a psql command; each with file, line and pointer.
 */
export async function parseScript(source: Source, code: ErrorCode): Promise<Script> {
  const { pieces, plain } = cutSource(source, code);
  if (pieces.length === 0) return { source, statements: [] };
  await loadParser();
  const position = positionReader(source.text);
  const statement = (tree: Tree, copyData?: string): Statement => {
    const { kind, node, start, end, byteStart } = tree;
    const placed = { text: source.text.slice(start, end), start, position: position(start), byteStart };
    return { kind, node, ...placed, ...(copyData !== undefined && { copyData }) };
  };
  if (plain) {
    const range = { start: textStart(source.text), end: source.text.length };
    return { source, statements: parseTrees(source, code, range).map((tree) => statement(tree)) };
  }
  const statements = pieces.flatMap((piece) => {
    const trees = parseTrees(source, code, piece);
    return trees.map((tree) => statement(tree, tree === trees.at(-1) ? piece.copyData : undefined));
  });
  return { source, statements };
}

/** Cut a source at its semicolons; `plain` when nothing but SQL stands in it. */
function cutSource(source: Source, code: ErrorCode): { pieces: Piece[]; plain: boolean } {
  const { text } = source;
  const pieces: Piece[] = [];
  let plain = true;
  for (let at = textStart(text); ;) {
    const cut = nextStatement(text, at);
    if (cut.unterminated) throw unterminatedError(source, cut.unterminated);
    at = cut.next;
    if (cut.stop === "\\") {
      if (cut.start < cut.end || !isDumpGuard(text, at)) throw psqlCommandError(source, at);
      at = lineEnd(text, at);
      plain = false;
    } else if (cut.copiesFromStdin) {
      const data = dataOf(source, code, cut);
      pieces.push({ start: cut.start, end: cut.next, copyData: text.slice(data.start, data.end) });
      at = data.next;
      plain = false;
    } else if (cut.start < cut.end) pieces.push({ start: cut.start, end: cut.next });
    if (cut.stop === "end of text") return { pieces, plain };
  }
}

/** A byte order mark is no part of the SQL. */
const textStart = (text: string): number => (text.startsWith("\uFEFF") ? 1 : 0);

/** `\restrict` and `\unrestrict`, which pg_dump writes around its output since August 2025. */
function isDumpGuard(text: string, at: number): boolean {
  const [command] = text.slice(at, lineEnd(text, at)).split(" ", 1);
  return command === "\\restrict" || command === "\\unrestrict";
}

function dataOf(source: Source, code: ErrorCode, cut: Cut): { start: number; end: number; next: number } {
  const data = cut.stop === ";" ? dataBlock(source.text, cut.next) : undefined;
  if (!data) throw unterminatedError(source, { what: "COPY data block", start: cut.start });
  const rest = skipBlank(source.text, cut.next);
  if (rest < data.start) throw syntaxError(source, code, rest, "SQL between COPY … FROM stdin and its data");
  return data;
}

function unterminatedError(source: Source, { what, start }: Unterminated): ConfitureError {
  return new ConfitureError("SCHEMA_206", `${source.file ?? "SQL"} ends inside a ${what}`, {
    file: source.file,
    line: positionAt(source.text, start).line,
    pointer: pointerAt(source.text, start),
  });
}

function psqlCommandError(source: Source, at: number): ConfitureError {
  const { text, file } = source;
  const command = text.slice(at, Math.min(lineEnd(text, at), at + 40)).split(/[\s;]/, 1)[0];
  return new ConfitureError("SCHEMA_207", `${file ?? "SQL"} holds the psql command ${command}`, {
    file,
    line: positionAt(text, at).line,
    pointer: pointerAt(text, at),
    details: { command },
  });
}
