/** Letters, marks and digits beyond ASCII. */
const FOREIGN = /[\p{L}\p{M}\p{N}]/u;

export const isForeignLetter = (character: string): boolean =>
  character > "\u007f" && FOREIGN.test(character);

/** Letters that can stand in for each other, numbered by one digit or two. */
export interface Letters {
  readonly radices: readonly number[];
  digitsOf(character: string): readonly number[];
  characterOf(digits: readonly number[]): string;
}

/** Scripts of more letters than a digit tells apart: the first one, and two radices that make up their number. */
const LARGE: readonly (readonly [first: number, high: number, low: number])[] = [
  [0x3400, 64, 103], // CJK, extension A
  [0x4e00, 82, 256], // CJK
  [0xa000, 5, 233], // Yi
  [0xac00, 98, 114], // Hangul
  [0x20000, 178, 240], // CJK, extension B
];

const BLOCK = 256;

/** The letters that a foreign letter is one of: of its script if that is large, else those of its sort in its 256 characters. */
export function lettersOf(character: string): Letters {
  const large = largeOf(character);
  const id = large?.[0] ?? `${Math.floor(character.codePointAt(0)! / BLOCK)}${sortOf(character)}`;
  let letters = known.get(id);
  if (letters === undefined) {
    letters = large === undefined ? smallLetters(character) : largeLetters(large);
    known.set(id, letters);
  }
  return letters;
}

const known = new Map<number | string, Letters>();

function largeOf(character: string) {
  const code = character.codePointAt(0)!;
  return LARGE.find(([first, high, low]) => code >= first && code < first + high * low);
}

/** Small letters become small ones, so that text without capitals stays without. */
const sortOf = (character: string): string =>
  /[\p{Lu}\p{Lt}]/u.test(character) ? "upper" : /\p{Ll}/u.test(character) ? "lower" : "other";

function smallLetters(character: string): Letters {
  const first = Math.floor(character.codePointAt(0)! / BLOCK) * BLOCK;
  const letters = Array.from({ length: BLOCK }, (_, i) => String.fromCodePoint(first + i)).filter(
    (one) => isForeignLetter(one) && largeOf(one) === undefined && sortOf(one) === sortOf(character),
  );
  return {
    radices: [letters.length],
    digitsOf: (one) => [letters.indexOf(one)],
    characterOf: ([digit]) => letters[digit!]!,
  };
}

function largeLetters([first, high, low]: readonly [number, number, number]): Letters {
  return {
    radices: [high, low],
    digitsOf: (one) => {
      const place = one.codePointAt(0)! - first;
      return [Math.floor(place / low), place % low];
    },
    characterOf: ([upper, lower]) => String.fromCodePoint(first + upper! * low + lower!),
  };
}
