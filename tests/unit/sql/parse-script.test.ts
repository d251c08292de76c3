import { expect, test } from "vitest";
import { parseScript } from "../../../src/sql/parse-script.ts";
import { decodeUtf8 } from "../../../src/sql/decode-utf8.ts";
import { locate } from "../../../src/sql/script.ts";
import { caught } from "./caught.ts";

const parse = (text: string) => parseScript({ text, file: "a.sql" }, "MIGR_108");
const texts = async (text: string) => (await parse(text)).statements.map((statement) => statement.text);

test("statements carry kind, exact text and position", async () => {
  const source = { text: "-- first\n  create table t (a int) -- é\n;\r\n\tselect '😀;';  ", file: "a.sql" };
  const script = await parseScript(source, "SCHEMA_200");
  expect(script.source).toBe(source);
  expect(script.statements).toMatchObject([
    { kind: "CreateStmt", text: "create table t (a int)", start: 11, position: { line: 2, column: 3 } },
    { kind: "SelectStmt", text: "select '😀;'", position: { line: 4, column: 2 } },
  ]);
  for (const { text, start } of script.statements) expect(source.text.startsWith(text, start)).toBe(true);
});

test.each(["", " \n", "-- only a comment", "/* a */ ; ;; -- b\n", "\uFEFF"])(
  "%j holds no statement",
  async (text) => {
    expect(await texts(text)).toEqual([]);
  },
);

test("a byte order mark and CRLF change nothing", async () => {
  const { statements } = await parse("\uFEFFselect 1;\r\nselect 2\r\n");
  expect(statements.map(({ text, position }) => [text, position.line])).toEqual([
    ["select 1", 1],
    ["select 2", 2],
  ]);
});

test("data follows the line of a COPY", async () => {
  const { statements } = await parse(
    "\\restrict x'y\nselect 1; copy t (a) from stdin; -- data\n1\n;it's\\\\\n\\.\ncopy t from stdin;\n\\.\nselect 2;\n\\unrestrict x'y\n",
  );
  expect(statements.map(({ text, copyData, position }) => [text, copyData, position.line])).toEqual([
    ["select 1", undefined, 2],
    ["copy t (a) from stdin", "1\n;it's\\\\\n", 2],
    ["copy t from stdin", "", 6],
    ["select 2", undefined, 8],
  ]);
});

test("data with CRLF lines is kept as it is", async () => {
  const { statements } = await parse("copy t from stdin;\r\n1\r\n2\r\n\\.\r\nselect 1;\r\n");
  expect(statements.map(({ copyData }) => copyData)).toEqual(["1\r\n2\r\n", undefined]);
});

test("bodies of SQL routines are not cut where data follows them", async () => {
  const routine =
    "create function f() returns int begin atomic select 1; select case when true then 2 end; end";
  expect(await texts(`${routine};\ncopy t from stdin;\n1\n\\.\n`)).toEqual([routine, "copy t from stdin"]);
});

test.each([
  ["select 1;\nselect 'x;\n", "SCHEMA_206", 2, "a.sql ends inside a string"],
  ["\nselect 1 /* x", "SCHEMA_206", 2, "a.sql ends inside a comment"],
  ["\ncopy t from stdin;\n1\n", "SCHEMA_206", 2, "a.sql ends inside a COPY data block"],
  ["\ncopy t from stdin", "SCHEMA_206", 2, "a.sql ends inside a COPY data block"],
  ["select 1;\n\\i other.sql\n", "SCHEMA_207", 2, "a.sql holds the psql command \\i"],
  ["select 1 \\gexec", "SCHEMA_207", 1, "a.sql holds the psql command \\gexec"],
  ["select 1\n\\restrict x", "SCHEMA_207", 2, "a.sql holds the psql command \\restrict"],
  ["select 1;\n\\.\n", "SCHEMA_207", 2, "a.sql holds the psql command \\."],
  [
    "copy t from stdin; select 1;\n1\n\\.\n",
    "MIGR_108",
    1,
    "a.sql does not parse: SQL between COPY … FROM stdin and its data",
  ],
  ["select 1;\nselec 2;", "MIGR_108", 2, 'a.sql does not parse: syntax error at or near "selec"'],
  [
    "copy t from stdin;\n1\n\\.\nselect é,;",
    "MIGR_108",
    4,
    'a.sql does not parse: syntax error at or near ";"',
  ],
])("%j is refused with file and line", async (text, code, line, message) => {
  const error = await parse(text).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code,
    message,
    context: { file: "a.sql", line, pointer: expect.any(String) },
  });
});

test("a location in the tree is found in the statement's text", async () => {
  const { statements } = await parse("select 'é😀';\n/* 😀 */ select 'ü', nextval('s')");
  const node = statements[1]!.node as { targetList: { ResTarget: { location: number } }[] };
  const at = locate(statements[1]!, node.targetList[1]!.ResTarget.location);
  expect(statements[1]!.text.slice(at)).toBe("nextval('s')");
});

test("UTF-8 is decoded, its byte order mark dropped", () => {
  expect(decodeUtf8(Buffer.from("\uFEFFé😀\uFFFD"), "a.sql")).toBe("é😀\uFFFD");
});

test.each([
  ["latin 1 in line 2", [...Buffer.from("a\n\uFFFDb"), 0xe9, 0x0a], 6, 2],
  ["cut off", [0x61, 0xf0, 0x9f], 1, 1],
  ["UTF-16", [0xff, 0xfe, 0x61, 0x00], 0, 1],
])("what is not UTF-8 is refused by its first wrong byte: %s", (_name, bytes, byte, line) => {
  const error = caught(() => decodeUtf8(Uint8Array.from(bytes), "a.sql"));
  expect(error).toMatchObject({ code: "SCHEMA_205", context: { file: "a.sql", line, details: { byte } } });
  expect(error.message).toContain(`byte ${byte} `);
});
