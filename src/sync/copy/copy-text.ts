/**
 * The text format of COPY: fields end with a tab, rows with a newline, and neither stands inside a value, whose bytes
 * are escaped. See "Text Format" in PostgreSQL's documentation of COPY.
 */
export const TAB = 9;
export const NEWLINE = 10;
export const BACKSLASH = 92;

const ESCAPED: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const ESCAPES: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
};

/** The value of a field that is not NULL; PostgreSQL writes no octal or hexadecimal escapes. */
export const unescapeField = (field: string): string =>
  field.replaceAll(/\\(.)/gs, (_, character: string) => ESCAPED[character] ?? character);

const TO_ESCAPE = /[\b\f\n\r\t\v\\]/;

export const escapeField = (value: string): string =>
  TO_ESCAPE.test(value)
    ? value.replaceAll(new RegExp(TO_ESCAPE, "g"), (character) => ESCAPES[character]!)
    : value;
