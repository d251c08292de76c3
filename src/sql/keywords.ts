import { meaningOf, type Token, tokensOf } from "./parse.ts";

export type KeywordCase = "lower" | "upper";

/** Words of the names of built-in types; a type looks the same whether its name is a keyword or not. */
const TYPE_WORDS: ReadonlySet<string> = new Set(
  `bigint bit boolean char character dec decimal double float int integer interval national nchar numeric
  precision real smallint time timestamp varchar varying zone`.split(/\s+/),
);

/**
 * SQL with its keywords in one case. Strings, comments and quoted names stay as they are; upper case leaves names and
 * types alone too. It means the same, or it is not touched. Needs `loadParser`.
 */
export function withKeywords(sql: string, to: KeywordCase): string {
  const spell = (word: string) => (to === "lower" ? word.toLowerCase() : word.toUpperCase());
  const tokens = tokensOf(sql);
  const meaning = meaningOf(sql);
  const isLeft = (token: Token, i: number) =>
    token.keyword === null ||
    token.text === spell(token.text) ||
    (to === "upper" && (isOfType(tokens, i) || isName(sql, token, meaning)));
  const others = tokens.filter((token, i) => !isLeft(token, i));
  const spelled = replaced(sql, others, ({ text }) => spell(text));
  return spelled === sql || meaning === null || meaningOf(spelled) !== meaning ? sql : spelled;
}

function replaced(sql: string, tokens: readonly Token[], by: (token: Token) => string): string {
  let [text, end] = ["", 0];
  for (const token of tokens) {
    text += sql.slice(end, token.start) + by(token);
    end = token.end;
  }
  return text + sql.slice(end);
}

function isOfType(tokens: readonly Token[], i: number): boolean {
  const word = (at: number) => tokens[at]?.text.toLowerCase() ?? "";
  if (word(i) === "with" || word(i) === "without") return word(i + 1) === "time";
  const isAtTimeZone = word(i - 1) === "at" || (word(i - 2) === "at" && word(i) === "zone");
  return TYPE_WORDS.has(word(i)) && !isAtTimeZone;
}

/** A word of the grammar means something else, or nothing, in quotes. */
function isName(sql: string, token: Token, meaning: string | null): boolean {
  const mayBe = token.keyword === "unreserved" || token.keyword === "type or function name";
  return mayBe && meaningOf(replaced(sql, [token], ({ text }) => `"${text.toLowerCase()}"`)) === meaning;
}
