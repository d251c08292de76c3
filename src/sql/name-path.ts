import { scanTokens } from "./parse.ts";
import { isWordStart, tokenEnd } from "./token.ts";

/** The parts of dotted names with `=` between them, as SQL spells them; null for anything else. */
export async function readNames(text: string): Promise<string[][] | null> {
  const tokens = await scanTokens(text).catch(() => null);
  if (tokens === null) return null;
  const names: string[][] = [[]];
  for (const [i, token] of tokens.entries()) {
    const isNameDue = i % 2 === 0;
    const part = partOf(token.text);
    if (isNameDue !== (part !== null)) return null;
    if (part !== null) names.at(-1)!.push(part);
    else if (token.text === "=") names.push([]);
    else if (token.text !== ".") return null;
  }
  return tokens.length % 2 === 1 ? names : null;
}

/** A quoted word as it is, any other in lower case. */
function partOf(text: string): string | null {
  if (tokenEnd(text, 0) !== text.length && !text.includes('""')) return null;
  if (text.startsWith('"')) return text.slice(1, -1).replaceAll('""', '"');
  return isWordStart(text.charCodeAt(0)) && !text.includes("'") ? text.toLowerCase() : null;
}
