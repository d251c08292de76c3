import { isComment, isSpace, isWordStart, lineEnd, tokenEnd } from "./token.ts";

/** Something that is opened at `start` and never closed. */
export interface Unterminated {
  readonly what: "comment" | "string" | "dollar quote" | "quoted identifier" | "COPY data block";
  readonly start: number;
}

/** One statement as psql would cut it; all numbers are UTF-16 indices. */
export interface Cut {
  /** First token; equals `end` when there is none. */
  readonly start: number;
  /** After the last token: the closing semicolon and comments around are left out. */
  readonly end: number;
  /** Where the next statement may begin; at a backslash, the backslash itself. */
  readonly next: number;
  readonly stop: ";" | "\\" | "end of text";
  /** It is a `COPY … FROM stdin`, so that lines of data follow its line. */
  readonly copiesFromStdin: boolean;
  readonly unterminated?: Unterminated;
}

/** The data lines below a `COPY … FROM stdin`. */
export interface DataBlock {
  readonly start: number;
  readonly end: number;
  /** After the closing `\.` line. */
  readonly next: number;
}

const OPEN = 40;
const CLOSE = 41;
const DOT = 46;
const SEMICOLON = 59;
const BACKSLASH = 92;

/** Index of the first token at or after `at`: blanks and comments are skipped, an unclosed comment is not. */
export function skipBlank(text: string, at: number): number {
  while (at < text.length) {
    if (isSpace(text.charCodeAt(at))) at++;
    else if (isComment(text, at)) {
      const end = tokenEnd(text, at);
      if (end === -1) return at;
      at = end;
    } else return at;
  }
  return at;
}

/** Index after the last token that lies before `to`; `from` when there is none. */
export function lastTokenEnd(text: string, from: number, to: number): number {
  let end = from;
  for (let at = skipBlank(text, from); at < to; at = skipBlank(text, at)) {
    const after = tokenEnd(text, at);
    if (after === -1 || after > to) break;
    end = at = after;
  }
  return end;
}

/** Cut the statement that begins at or after `from`. */
export function nextStatement(text: string, from: number): Cut {
  const words: Words = { head: [], follows: false, previous: "", openBlocks: 0, copiesFromStdin: false };
  let start = -1;
  let end = from;
  let depth = 0;
  let afterDot = false;
  for (let at = from; at < text.length;) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) {
      at++;
      continue;
    }
    if (code === BACKSLASH) return cutOf(words, { start, end }, at, "\\");
    if (code === SEMICOLON && depth === 0 && words.openBlocks === 0) {
      return cutOf(words, { start, end }, at + 1, ";");
    }
    const after = tokenEnd(text, at);
    if (after === -1) {
      const cut = cutOf(words, { start, end }, text.length, "end of text");
      return { ...cut, unterminated: { what: whatOpens(text, at), start: at } };
    }
    if (!isComment(text, at)) {
      if (start === -1) start = at;
      if (code === OPEN) depth++;
      else if (code === CLOSE && depth > 0) depth--;
      else if (depth === 0 && isWordStart(code) && matters(words)) {
        noteWord(words, text.slice(at, after), afterDot);
      }
      afterDot = code === DOT;
      end = after;
    }
    at = after;
  }
  return cutOf(words, { start, end }, text.length, "end of text");
}

const cutOf = (
  words: Words,
  bounds: { start: number; end: number },
  next: number,
  stop: Cut["stop"],
): Cut => {
  const { end } = bounds;
  return {
    start: bounds.start === -1 ? end : bounds.start,
    end,
    next,
    stop,
    copiesFromStdin: words.copiesFromStdin,
  };
};

function whatOpens(text: string, at: number): Unterminated["what"] {
  if (text[at] === "/") return "comment";
  if (text[at] === '"') return "quoted identifier";
  return text[at] === "$" ? "dollar quote" : "string";
}

/** The words of a statement outside of parentheses, as far as they tell where it ends. */
interface Words {
  /** The first four, in lower case. */
  readonly head: string[];
  /** Whether more words matter: in a COPY up to the one after FROM, in a routine to the end. */
  follows: boolean;
  previous: string;
  /** `BEGIN ATOMIC` and the `CASE`s inside it that still lack their `END`. */
  openBlocks: number;
  copiesFromStdin: boolean;
}

const isRoutine = ([create, ...rest]: readonly string[]): boolean => {
  const what = rest[0] === "or" && rest[1] === "replace" ? rest[2] : rest[0];
  return create === "create" && (what === "function" || what === "procedure");
};

const matters = (words: Words): boolean => words.head.length < 4 || words.follows;

function noteWord(words: Words, spelled: string, afterDot: boolean): void {
  const word = spelled.length < 10 ? spelled.toLowerCase() : "";
  const { head, previous } = words;
  words.previous = word;
  if (head.length < 4) {
    head.push(word);
    if (isRoutine(head) || (head.length === 1 && word === "copy")) words.follows = true;
  }
  if (!words.follows) return;
  if (head[0] === "copy") {
    if (previous !== "from") return;
    words.copiesFromStdin = word === "stdin" || word === "stdout"; // the grammar takes either
    words.follows = false;
  } else {
    if (word === "atomic" && previous === "begin") words.openBlocks = 1;
    const isLabel = afterDot || previous === "as";
    if (words.openBlocks === 0 || isLabel) return;
    if (word === "case") words.openBlocks++;
    else if (word === "end") words.openBlocks--;
  }
}

/** The first comment, quote or data block that is never closed; one look at every character, no parser needed. */
export function findUnterminated(text: string): Unterminated | undefined {
  for (let at = 0; ;) {
    const cut = nextStatement(text, at);
    if (cut.unterminated) return cut.unterminated;
    if (cut.stop === "end of text") return undefined;
    at = cut.stop === "\\" ? lineEnd(text, cut.next) : cut.next;
    if (cut.stop === ";" && cut.copiesFromStdin) {
      const data = dataBlock(text, cut.next);
      if (!data) return { what: "COPY data block", start: cut.start };
      at = data.next;
    }
  }
}

/** The data below a COPY whose semicolon stands before `from`; undefined when no `\.` line closes it. */
export function dataBlock(text: string, from: number): DataBlock | undefined {
  const newline = text.indexOf("\n", from);
  if (newline === -1) return undefined;
  for (let at = text.indexOf("\n\\.", newline); at !== -1; at = text.indexOf("\n\\.", at + 1)) {
    const after = text.startsWith("\r\n", at + 3) ? at + 4 : at + 3;
    if (after < text.length && text[after] !== "\n") continue;
    return { start: newline + 1, end: at + 1, next: Math.min(after + 1, text.length) };
  }
  return undefined;
}
