import pg from "pg";
import { expect, test } from "vitest";
import { ConfitureError } from "../../../src/base/errors.ts";
import { isConnectionLoss, wrapServerError } from "../../../src/pg/server-error.ts";

const refused = (fields: Partial<pg.DatabaseError>): pg.DatabaseError =>
  Object.assign(new pg.DatabaseError("refused", 0, "error"), { severity: "ERROR", code: "42601", ...fields });

test("the server's position counts code points; line and pointer are those of the file", () => {
  const source = { file: "a.sql", text: "-- ä\nselect 1;\n  select '😀', nope;\n" };
  const text = "select '😀', nope";
  const statement = { kind: "SelectStmt", node: {}, text, start: 17, position: { line: 3, column: 3 } };
  const error = wrapServerError(refused({ position: "13" }), { source, statement, code: "MIGR_001" });
  expect(error).toMatchObject({
    code: "MIGR_001",
    context: { file: "a.sql", line: 3, pointer: expect.stringMatching(/^3 | {3}select '😀', nope;\n.*\^$/) },
  });
  const caret =
    error instanceof ConfitureError ? (error.context.pointer?.split("\n")[1]?.indexOf("^") ?? 0) : 0;
  expect(Array.from("3 |   select '😀', nope;").slice(caret).join("")).toBe("nope;");
  expect(wrapServerError(refused({}), { source, statement })).toMatchObject({
    code: "SQL_001",
    context: { line: 3 },
  });
});

test("details hold what the server said, and only that", () => {
  const error = wrapServerError(
    refused({
      detail: "d",
      internalPosition: "3",
      internalQuery: "select",
      where: "PL/pgSQL function f() line 1",
    }),
    { statement: { text: "x".repeat(2000) } },
  );
  expect(error).toMatchObject({ context: { details: { statement: `${"x".repeat(500)}…` } } });
  expect(error instanceof ConfitureError && Object.keys(error.context.details ?? {}).toSorted()).toEqual(
    [
      "detail",
      "internal_position",
      "internal_query",
      "severity",
      "sqlstate",
      "statement",
      "where",
    ].toSorted(),
  );
});

test("neither values of parameters nor the text of a statement that sets a password are repeated", () => {
  const where = "SQL function\nunnamed portal with parameters: $1 = 'geheim'";
  const role = { kind: "CreateRoleStmt", text: "create role r password 'geheim' nope" };
  for (const running of [
    { statement: { text: "select $1" } },
    { statement: role, source: { text: role.text } },
  ]) {
    const error = wrapServerError(refused({ where, position: "34" }), running);
    expect(
      error instanceof ConfitureError &&
        JSON.stringify([error.message, error.context.details, error.context.pointer]),
    ).not.toContain("geheim");
    expect(error).toMatchObject({ context: { details: { where: "SQL function" } } });
  }
});

test("a lost session is CONFIG_006 whatever was asked for, in any language of the server", () => {
  const gone = refused({ severity: "ВАЖНО", code: "57P01" });
  expect(isConnectionLoss(gone)).toBe(true);
  expect(isConnectionLoss(refused({ code: "57014" }))).toBe(false);
  expect(isConnectionLoss(refused({ code: "57P01" }))).toBe(false);
  expect(wrapServerError(gone, { code: "MIGR_001" })).toMatchObject({ code: "CONFIG_006" });
  expect(wrapServerError(Object.assign(new Error("read"), { code: "ECONNRESET" }))).toMatchObject({
    code: "CONFIG_006",
  });
});

test("an error that is known keeps what it says; a defect comes back as it is", () => {
  const known = new ConfitureError("MIGR_107", "m", { file: "own.sql" });
  expect(wrapServerError(known, { source: { text: "", file: "other.sql" } })).toMatchObject({
    code: "MIGR_107",
    context: { file: "own.sql" },
  });
  const defect = new TypeError("x is not a function");
  expect(wrapServerError(defect)).toBe(defect);
});
