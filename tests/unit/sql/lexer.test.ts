import { expect, test } from "vitest";
import {
  dataBlock,
  findUnterminated,
  lastTokenEnd,
  nextStatement,
  skipBlank,
} from "../../../src/sql/lexer.ts";

/** The statements that semicolons alone tell apart. */
function cutAll(text: string): string[] {
  const found: string[] = [];
  for (let at = 0; ;) {
    const cut = nextStatement(text, at);
    if (cut.start < cut.end) found.push(text.slice(cut.start, cut.end));
    if (cut.stop !== ";") return found;
    at = cut.next;
  }
}

test.each([
  ["blanks and comments", " ;; -- a;b\n /* ; */ select 1 -- x\n ; select 2", ["select 1", "select 2"]],
  ["quotes", `select ';', ";", $$;$$, E'\\';'; x`, [`select ';', ";", $$;$$, E'\\';'`, "x"]],
  [
    "parentheses",
    "create rule r as on insert to t do (a; b); c",
    ["create rule r as on insert to t do (a; b)", "c"],
  ],
  [
    "a body with CASE",
    "create or replace function f() returns int begin atomic select case a when 1 then 2 end; select 1; end; x",
    [
      "create or replace function f() returns int begin atomic select case a when 1 then 2 end; select 1; end",
      "x",
    ],
  ],
  [
    "a body with names like keywords",
    "create procedure begin() BEGIN ATOMIC select 1 as end, t.case; END; x",
    ["create procedure begin() BEGIN ATOMIC select 1 as end, t.case; END", "x"],
  ],
  ["BEGIN as a statement", "begin; create table t(); end; x", ["begin", "create table t()", "end", "x"]],
])("statements are cut at semicolons: %s", (_name, text, statements) => {
  expect(cutAll(text)).toEqual(statements);
});

test("a backslash outside of quotes stops the statement", () => {
  expect(nextStatement("select 1 \\gexec", 0)).toMatchObject({ stop: "\\", end: 8, next: 9 });
  expect(nextStatement("select '\\', E'\\\\'", 0).stop).toBe("end of text");
});

test.each([
  ["copy t from stdin", true],
  ["COPY s.t (a, b) FROM STDIN WITH (format csv)", true],
  ["copy binary t from stdout", true],
  ["copy (select * from stdin) to stdout", false],
  ["copy t from 'stdin'", false],
  ["copy t from 'file' where a is distinct from stdin", false],
  [`copy "t" from 'file' where a is distinct from stdin`, false],
  ["copy t from stdin where a is distinct from b", true],
  ["copy t to stdout", false],
  ["select * from stdin", false],
])("%s: data follows? %s", (text, copies) => {
  expect(nextStatement(`${text};`, 0).copiesFromStdin).toBe(copies);
});

test("a data block ends at a line that holds only a backslash and a dot", () => {
  const text = "copy t from stdin; \n1\\.\n\\.x\n\\.\r\nselect 1";
  const data = dataBlock(text, text.indexOf(";") + 1)!;
  expect(text.slice(data.start, data.end)).toBe("1\\.\n\\.x\n");
  expect(text.slice(data.next)).toBe("select 1");
  expect(dataBlock("copy t from stdin;\n\\.", 18)).toEqual({ start: 19, end: 19, next: 21 });
  expect(dataBlock("copy t from stdin;\n1\n", 18)).toBeUndefined();
});

test.each([
  ["select 1; /* a /* b */", "comment", 10],
  ["select 'it''s", "string", 7],
  ["select E'\\'", "string", 7],
  ["select $x$ $y$", "dollar quote", 7],
  ['select "a', "quoted identifier", 7],
  ["copy t from stdin;\nit's\n", "COPY data block", 0],
] as const)("%j is never closed", (text, what, start) => {
  expect(findUnterminated(text)).toEqual({ what, start });
});

test("nothing is open in a complete text, whatever its data and psql commands hold", () => {
  expect(
    findUnterminated("select '/*'; -- '\n copy t from stdin;\nit's /* $$\n\\.\nselect 1;"),
  ).toBeUndefined();
  expect(findUnterminated("\\echo it's\nselect 1")).toBeUndefined();
  expect(findUnterminated("")).toBeUndefined();
});

test("blanks and comments around tokens are no part of them", () => {
  const text = " -- a\n/* b */ select 1 -- c\n ";
  const start = skipBlank(text, 0);
  expect(text.slice(start, lastTokenEnd(text, start, text.length))).toBe("select 1");
});
