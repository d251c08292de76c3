import { expect, test } from "vitest";
import { dollarQuoted, setClause } from "../../../src/schema/quoting.ts";

test.each([
  ["select 1", "$$select 1$$"],
  ["", "$$$$"],
  ["select '$$'", "$body$select '$$'$body$"],
  ["ends in $", "$body$ends in $$body$"],
  ["$$ $body$", "$body2$$$ $body$$body2$"],
  ["a\r\nb", "$$a\r\nb$$"],
])("%j between dollars", (body, quoted) => {
  expect(dollarQuoted(body)).toBe(quoted);
});

test.each([
  ["work_mem=64MB", "set work_mem to '64MB'"],
  ["my.setting=a, b=c", "set my.setting to 'a, b=c'"],
  ["DateStyle=ISO, MDY", `set "DateStyle" to 'ISO, MDY'`],
  ['search_path=""', "set search_path to ''"],
  ['search_path="$user", public, "a ""b"", c"', `set search_path to '$user', 'public', 'a "b", c'`],
])("%s as a SET clause", (entry, clause) => {
  expect(setClause(entry)).toBe(clause);
});
