import { drawText, LETTERS_AND_DIGITS } from "./drawn-text.ts";
import type { Draw } from "../keyed/draw.ts";

/** What stands in for a part of a hash. */
type Part = (found: string, draw: Draw) => string;

/** Alphabet of bcrypt, and that of crypt(3) with its other order. */
const BCRYPT = `./${LETTERS_AND_DIGITS}`;
const CRYPT = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const characters =
  (alphabet: string): Part =>
  ({ length }, draw) =>
    drawText(alphabet, length, draw);

/** So many characters, the last of which stands for a few bits only and is one of these. */
const ending =
  (alphabet: string, last: string): Part =>
  ({ length }, draw) =>
    drawText(alphabet, length - 1, draw) + drawText(last, 1, draw);

const hex = characters("0123456789abcdef");
const letters = characters(LETTERS_AND_DIGITS);

/** Base64 of as many bytes, padded as it was; some write a point for the plus sign. */
const base64 =
  (plus = "+"): Part =>
  (found, draw) => {
    const size = Math.floor((found.replace(/=+$/, "").length * 6) / 8);
    const text = Buffer.from(Array.from({ length: size }, () => draw.below(256))).toString("base64");
    return (found.endsWith("=") ? text : text.replace(/=+$/, "")).replaceAll("+", plus);
  };

interface Scheme {
  /** Its groups, one behind the other, are the parts that are replaced; what is between them stays. */
  readonly pattern: RegExp;
  readonly parts: readonly Part[];
}

/** Every digest has 128 bits or more, so that no password is known for a drawn one. */
const SCHEMES: readonly Scheme[] = [
  {
    pattern:
      /^(?:bcrypt(?:_sha256)?\$)?\$2[abxy]?\$(?:0[4-9]|[12]\d|3[01])\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$/d,
    parts: [ending(BCRYPT, ".Oeu"), ending(BCRYPT, ".CGKOSWaeimquy26")],
  },
  {
    pattern:
      /^(?:argon2)?\$argon2(?:id|i|d)\$(?:v=\d{1,3}\$)?m=\d{1,10},t=\d{1,10},p=\d{1,8}\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,172})$/d,
    parts: [base64(), base64()],
  },
  {
    pattern: /^\$scrypt\$ln=\d{1,2},r=\d{1,3},p=\d{1,3}\$([A-Za-z0-9+/]{1,86})\$([A-Za-z0-9+/]{43})$/d,
    parts: [base64(), base64()],
  },
  {
    pattern: /^scrypt\$\d{1,9}\$([!-#%-~]{1,64})\$\d{1,3}\$\d{1,3}\$([A-Za-z0-9+/]{43,88}={0,2})$/d,
    parts: [letters, base64()],
  },
  {
    pattern: /^scrypt:\d{1,9}:\d{1,3}:\d{1,3}\$([!-#%-~]{1,64})\$([0-9a-f]{128})$/d,
    parts: [letters, hex],
  },
  {
    pattern: /^pbkdf2_sha(?:1|256)\$\d{1,9}\$([!-#%-~]{1,64})\$([A-Za-z0-9+/]{27,43}={0,2})$/d,
    parts: [letters, base64()],
  },
  {
    pattern: /^\$pbkdf2(?:-sha(?:256|512))?\$\d{1,9}\$([A-Za-z0-9./]{1,86})\$([A-Za-z0-9./]{27,86})$/d,
    parts: [base64("."), base64(".")],
  },
  {
    pattern: /^pbkdf2:sha(?:1|256|512)(?::\d{1,9})?\$([!-#%-~]{1,64})\$([0-9a-f]{40,128})$/d,
    parts: [letters, hex],
  },
  {
    pattern: /^\$6\$(?:rounds=\d{4,9}\$)?([./A-Za-z0-9]{1,16})\$([./A-Za-z0-9]{86})$/d,
    parts: [characters(CRYPT), ending(CRYPT, "./01")],
  },
  {
    pattern: /^\$5\$(?:rounds=\d{4,9}\$)?([./A-Za-z0-9]{1,16})\$([./A-Za-z0-9]{43})$/d,
    parts: [characters(CRYPT), ending(CRYPT, "./0123456789ABCD")],
  },
  {
    pattern: /^\$(?:1|apr1)\$([./A-Za-z0-9]{1,8})\$([./A-Za-z0-9]{22})$/d,
    parts: [characters(CRYPT), ending(CRYPT, "./01")],
  },
  { pattern: /^((?:[0-9a-f]{8}){4,5}|(?:[0-9a-f]{32}){2,4})$/d, parts: [hex] },
  { pattern: /^!([A-Za-z0-9]{40})$/d, parts: [letters] },
];

/** What becomes of a text that is no hash of a known scheme. */
const MODEL = `$2b$12$${".".repeat(53)}`;

export const MODEL_LENGTH = MODEL.length;

/** A hash of the same scheme with another salt and digest, which is that of no password that anyone knows. */
export function otherHash(value: string, draw: Draw): string {
  for (const { pattern, parts } of SCHEMES) {
    const indices = pattern.exec(value)?.indices;
    if (!indices) continue;
    let [hash, at] = ["", 0];
    parts.forEach((part, i) => {
      const [start, end] = indices[i + 1]!;
      hash += value.slice(at, start) + part(value.slice(start, end), draw);
      at = end;
    });
    return hash + value.slice(at);
  }
  return otherHash(MODEL, draw);
}
