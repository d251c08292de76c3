import { expect, test } from "vitest";
import { tokenEnd } from "../../../src/sql/token.ts";

/** The token or comment that a text begins with; null when it is never closed. */
const first = (text: string): string | null => {
  const end = tokenEnd(text, 0);
  return end === -1 ? null : text.slice(0, end);
};

test.each([
  ["'a''b' c", "'a''b'"],
  ["'a\\' b", "'a\\'"],
  [`"a""b" c`, `"a""b"`],
  ["E'a\\'b' c", "E'a\\'b'"],
  ["e'a''b' c", "e'a''b'"],
  ["E'a' -- x\n  'b\\'c' d", "E'a' -- x\n  'b\\'c'"],
  ["E'a' 'b\\'", "E'a'"],
  ["name'x'", "name"],
  ["fooe'a\\' b", "fooe"],
  ["N'a\\'b'", "N"],
  ["U&'d\\0061t'", "U"],
  ["$$ ' $a$ $$ x", "$$ ' $a$ $$"],
  ["$a$ $b$ $$ $a$ x", "$a$ $b$ $$ $a$"],
  ["$é_1$ x $é_1$ y", "$é_1$ x $é_1$"],
  ["$1$$ x", "$"],
  ["a$$b$$ c", "a$$b$$"],
  ["1$$x$$", "1"],
  ["1e'x'", "1e"],
  ["1.5a$$ x", "1.5a$$"],
  ["/* a /* b */ */ c", "/* a /* b */ */"],
  ["/*/ */ c", "/*/ */"],
  ["-- a\r\nb", "-- a"],
  ["- 1", "-"],
  ["é\u00a0x y", "é\u00a0x"],
])("%j begins with %j", (text, token) => {
  expect(first(text)).toBe(token);
});

test.each(["'a''", '"a""', "E'a\\'", "$$ $a$", "$a$ $A$", "/* /* */", "E'a'\n'b\\'"])(
  "%j never ends",
  (text) => {
    expect(first(text)).toBeNull();
  },
);
