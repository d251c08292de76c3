/** Character codes that begin or end something in SQL's lexical rules. */
const LF = 10;
const CR = 13;
const DOUBLE_QUOTE = 34;
const DOLLAR = 36;
const QUOTE = 39;
const STAR = 42;
const DASH = 45;
const SLASH = 47;
const BACKSLASH = 92;

const SPACE = 1;
const SIGN = 2;
const DIGIT = 3;
const LETTER = 4;

/** Class of every ASCII code: blank, dollar sign, digit, letter or underscore, or 0 for the rest. */
const CLASS = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (" \t\n\r\f\v".includes(char)) return SPACE;
  if (char === "$") return SIGN;
  if (/[0-9]/.test(char)) return DIGIT;
  return /[A-Za-z_]/.test(char) ? LETTER : 0;
});

/** What PostgreSQL's lexer calls whitespace; NO-BREAK SPACE and the like are letters to it. */
export const isSpace = (code: number): boolean => CLASS[code] === SPACE;

/** Whether a name or keyword may begin with this character; everything outside ASCII counts as a letter. */
export const isWordStart = (code: number): boolean => code > 127 || CLASS[code] === LETTER;

const isWordPart = (code: number): boolean => code > 127 || CLASS[code]! >= SIGN;

const isLineBreak = (code: number): boolean => code === LF || code === CR;

/** Whether a comment begins at `at`, inside an operator too. */
export const isComment = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  const next = code === DASH || code === SLASH ? text.charCodeAt(at + 1) : 0;
  return code === DASH ? next === DASH : next === STAR;
};

/**
 * Index after the token or comment that begins at `at`: a comment, a quoted thing, a word, a number, or one
 * character of anything else; -1 when it is never closed. Rules of psqlscan.l, standard_conforming_strings on.
 */
export function tokenEnd(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (isWordStart(code)) return wordEnd(text, at);
  switch (code) {
    case QUOTE:
    case DOUBLE_QUOTE:
      return plainQuoteEnd(text, at);
    case DOLLAR:
      return dollarEnd(text, at);
    case DASH:
      return isComment(text, at) ? lineEnd(text, at) : at + 1;
    case SLASH:
      return isComment(text, at) ? blockCommentEnd(text, at) : at + 1;
    default:
      return CLASS[code] === DIGIT ? numberEnd(text, at) : at + 1;
  }
}

/** Index of the line break that ends the line of `at`, or the text's length. */
export function lineEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && !isLineBreak(text.charCodeAt(end))) end++;
  return end;
}

function skipWordParts(text: string, at: number): number {
  let end = at;
  while (end < text.length && isWordPart(text.charCodeAt(end))) end++;
  return end;
}

/** A word; `E'…'` is the one word that belongs to the quote after it. */
function wordEnd(text: string, at: number): number {
  const end = skipWordParts(text, at + 1);
  if (end !== at + 1 || text.charCodeAt(end) !== QUOTE) return end;
  const isE = text[at] === "e" || text[at] === "E";
  return isE ? escapeStringEnd(text, end) : end;
}

/** A number with whatever letters touch it, so that neither `1e'` nor `1a$$` opens a quote but `1$$` does. */
function numberEnd(text: string, at: number): number {
  let end = at + 1;
  while (CLASS[text.charCodeAt(end)] === DIGIT || text[end] === "." || text[end] === "_") end++;
  return end < text.length && isWordStart(text.charCodeAt(end)) ? skipWordParts(text, end) : end;
}

/** `'…'` and `"…"`, where only the doubled quote is special; a doubled one reads as two quotes side by side. */
function plainQuoteEnd(text: string, at: number): number {
  const quote = text[at]!;
  for (let from = at + 1; ;) {
    const close = text.indexOf(quote, from);
    if (close === -1) return -1;
    if (text[close + 1] !== quote) return close + 1;
    from = close + 2;
  }
}

/** `E'…'` from its quote on, with the parts that continue it on later lines. */
function escapeStringEnd(text: string, quote: number): number {
  for (let at = quote + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) {
      if (text.charCodeAt(at + 1) === QUOTE) at++;
      else {
        const next = continuation(text, at + 1);
        if (next === -1) return at + 1;
        at = next;
      }
    }
  }
  return -1;
}

/** Index of a quote that continues the string closed before `from`: only blanks, `--` comments and a line break between. */
function continuation(text: string, from: number): number {
  let broken = false;
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DASH && isComment(text, at)) at = lineEnd(text, at) - 1;
    else if (isLineBreak(code)) broken = true;
    else if (!isSpace(code)) break;
  }
  return broken && text.charCodeAt(at) === QUOTE ? at : -1;
}

/** `$tag$…$tag$`; anything else that begins with a dollar sign is one character. */
function dollarEnd(text: string, at: number): number {
  let close = at + 1;
  if (isWordStart(text.charCodeAt(close))) {
    while (close < text.length && text.charCodeAt(close) !== DOLLAR && isWordPart(text.charCodeAt(close)))
      close++;
  }
  if (text.charCodeAt(close) !== DOLLAR) return at + 1;
  const tag = text.slice(at, close + 1);
  const end = text.indexOf(tag, close + 1);
  return end === -1 ? -1 : end + tag.length;
}

function blockCommentEnd(text: string, at: number): number {
  let open = text.indexOf("/*", at + 2);
  let from = at + 2;
  for (let depth = 1; ;) {
    const close = text.indexOf("*/", from);
    if (close === -1) return -1;
    if (open !== -1 && open < from) open = text.indexOf("/*", from);
    if (open !== -1 && open < close) {
      depth++;
      from = open + 2;
    } else {
      from = close + 2;
      if (--depth === 0) return from;
    }
  }
}
