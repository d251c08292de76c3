import { expect, test } from "vitest";
import { readNames } from "../../../src/sql/name-path.ts";

test.for([
  ["a.B=c", [["a", "b"], ["c"]]],
  [' "A ""x"" y".table ', [['A "x" y', "table"]]],
  ["été=été", [["été"], ["été"]]],
] as const)("%s", async ([text, names]) => {
  expect(await readNames(text)).toEqual(names);
});

test.for(["", "a b", "a.", "a..b", "=a", "1", "'a'", "e'a'", '"a', "a=b;"])("%s is no name", async (text) => {
  expect(await readNames(text)).toBeNull();
});
