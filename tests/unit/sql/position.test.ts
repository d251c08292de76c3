import { expect, test } from "vitest";
import { pointerAt, positionAt, positionReader } from "../../../src/sql/position.ts";

test("columns count characters, lines end at line feeds", () => {
  const text = "a\r\n😀é x\n";
  expect(positionAt(text, text.indexOf("x"))).toEqual({ line: 2, column: 4 });
  expect(positionAt(text, text.length)).toEqual({ line: 3, column: 1 });
});

test("a reader gives the same positions as single look-ups", () => {
  const text = "\n\nab\n\ncd";
  const read = positionReader(text);
  for (let index = 0; index <= text.length; index++) expect(read(index)).toEqual(positionAt(text, index));
});

test("the caret stands below the spot", () => {
  expect(pointerAt("a\n\tb c\r\n", 4)).toBe("2 | \tb c\n  | \t ^");
  expect(pointerAt("\nx", 0)).toBe("1 | \n  | ^");
});

test("of a long line only the part around the spot is shown", () => {
  const text = `${"x".repeat(5000)}!${"y".repeat(5000)}`;
  const [source = "", caret = ""] = pointerAt(text, 5000).split("\n");
  expect(source.length).toBeLessThan(200);
  expect(source[caret.indexOf("^")]).toBe("!");
});
