/** A name as words in small letters without accents, `_` between: `KundenStraße` is `kunden_strasse`. */
export const nameWords = (name: string): string =>
  plain(name)
    .replaceAll(/([a-z\d])(?=[A-Z])/g, "$1_")
    .replaceAll(/([A-Z])(?=[A-Z][a-z])/g, "$1_")
    .toLowerCase()
    .replaceAll(/[^\p{L}\d]+/gu, "_")
    .replaceAll(/^_+|_+$/g, "");

const plain = (name: string): string => name.replaceAll("ß", "ss").normalize("NFD").replaceAll(/\p{M}/gu, "");

export interface NameMatch {
  readonly length: number;
  /** Of the name, nothing is left. */
  readonly isWhole: boolean;
  /** It does without the first words. */
  readonly isEnd: boolean;
}

/** How much of a name an expression is about; null for nothing. */
export function matchName(expression: RegExp, name: string): NameMatch | null {
  const words = nameWords(name);
  for (const form of new Set([words, plain(name).toLowerCase()])) {
    const found = expression.exec(form);
    const length = found?.[0].length;
    if (length !== undefined) return { length, isWhole: length === form.length, isEnd: false };
  }
  for (let at = words.indexOf("_"); at >= 0; at = words.indexOf("_", at + 1)) {
    const found = expression.exec(words.slice(at + 1));
    if (found !== null) return { length: found[0].length, isWhole: false, isEnd: true };
  }
  return null;
}
