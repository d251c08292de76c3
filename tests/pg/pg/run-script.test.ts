import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, inject, test } from "vitest";
import type { ConfitureError } from "../../../src/base/errors.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { runScript } from "../../../src/pg/run-script.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testDatabase } from "../../support/database.ts";
import { scriptOf } from "../../support/script.ts";

const failure = (work: Promise<unknown>): Promise<ConfitureError> =>
  work.then(
    () => {
      throw new Error("it succeeded");
    },
    (error) => error,
  );
const tables = async (db: Connection) =>
  (await db.rows<{ n: number }>(sql`select count(*) as n from pg_tables where schemaname = 'public'`))[0]?.n;
const creates = (n: number, from = 0) =>
  Array.from({ length: n }, (_, i) => ["CreateStmt", `create table t${from + i} (a int)`] as const);

test("runs statements and inline data in order, and counts what was written", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  const done: string[] = [];
  const script = scriptOf("db/all.sql", [
    ["CreateStmt", "create table t (a int, b text)"],
    ["CopyStmt", "copy t from stdin", "1\tä\n2\t\\N\n3\tx\n"],
    ["CopyStmt", "copy t from stdin", ""],
    ["InsertStmt", "insert into t values (4, 'y')"],
    ["UpdateStmt", "update t set b = 'z' where a > 2"],
    ["SelectStmt", "select * from t"],
  ]);
  const onStatement = ({ kind }: { kind: string }) => done.push(kind);
  const work = () => runScript(db, script, { onStatement });
  expect(await work()).toMatchObject({ statements: 6, rowsAffected: 6 });
  expect(done).toEqual(["CreateStmt", "CopyStmt", "CopyStmt", "InsertStmt", "UpdateStmt", "SelectStmt"]);
  expect(await db.rows(sql`select a, b from t order by a`)).toEqual([
    { a: 1, b: "ä" },
    { a: 2, b: null },
    { a: 3, b: "z" },
    { a: 4, b: "z" },
  ]);
  await db.run(sql`drop table t`);
  expect(await db.transaction(work)).toMatchObject({ rowsAffected: 6 });
});

test("inline data of several chunks arrives unharmed", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  const line = `${"€ä😀x".repeat(50)}\n`;
  const script = scriptOf("f.sql", [
    ["CreateStmt", "create table t (a text)"],
    ["CopyStmt", "copy t from stdin", line.repeat(5000)],
  ]);
  expect(await runScript(db, script)).toMatchObject({ rowsAffected: 5000 });
  expect(await db.rows(sql`select distinct a from t`)).toEqual([{ a: line.trimEnd() }]);
});

describe("an error names file, line, spot and statement", () => {
  const bad = scriptOf("db/bad.sql", [
    ...creates(150),
    ["CreateStmt", "create table u (\n  é int,\n  b nosuchtype\n)"],
    ...creates(50, 150),
  ]);
  const expected = {
    code: "MIGR_001",
    message: 'type "nosuchtype" does not exist',
    context: {
      file: "db/bad.sql",
      line: 154,
      pointer: "154 |   b nosuchtype\n    |     ^",
      details: { sqlstate: "42704", statement_number: 151, statements_total: 201 },
    },
  };

  test("inside a transaction, of which nothing stays", async () => {
    await using database = await testDatabase();
    await using db = await Connection.open(database.url);
    const done: unknown[] = [];
    const work = () =>
      runScript(db, bad, { code: "MIGR_001", onStatement: (statement) => done.push(statement) });
    expect(await failure(db.transaction(work))).toMatchObject(expected);
    expect([done.length, db.transactionStatus, await tables(db)]).toEqual([150, "I", 0]);
  });

  test("outside one, where the statements before it stay", async () => {
    await using database = await testDatabase();
    await using db = await Connection.open(database.url);
    expect(await failure(runScript(db, bad, { code: "MIGR_001" }))).toMatchObject(expected);
    expect(await tables(db)).toBe(150);
  });

  test("in inline data: the line of the row", async () => {
    await using database = await testDatabase();
    await using db = await Connection.open(database.url);
    const script = scriptOf("db/data.sql", [
      ["CreateStmt", "create table t (a int)"],
      ["CopyStmt", "copy t from stdin", "1\n2\nx\n4\n"],
      ["CopyStmt", "copy absent from stdin", "1\n"],
    ]);
    const error = await failure(db.transaction(() => runScript(db, script)));
    expect(error).toMatchObject({ code: "SQL_001", context: { file: "db/data.sql", line: 6 } });
    expect([db.transactionStatus, db.isOpen]).toEqual(["I", true]);
    const second = { ...script, statements: script.statements.slice(2) };
    expect(await failure(runScript(db, second))).toMatchObject({
      context: { line: 9, details: { sqlstate: "42P01" } },
    });
    expect(await db.rows(sql`select 1 as one`)).toEqual([{ one: 1 }]);
  });
});

test("what follows an error never runs, whatever ends the transaction", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  const script = scriptOf("f.sql", [
    ["SelectStmt", "select 1 / 0"],
    ...creates(3),
    ["TransactionStmt", "rollback"],
    ...creates(3, 3),
  ]);
  expect(await failure(db.transaction(() => runScript(db, script)))).toMatchObject({ code: "SQL_001" });
  expect([db.transactionStatus, await tables(db)]).toEqual(["I", 0]);
});

test("a script that ends the transaction goes on statement by statement", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  const script = scriptOf("f.sql", [
    ["TransactionStmt", "begin"],
    ...creates(2),
    ["TransactionStmt", "commit"],
    ["VacuumStmt", "vacuum"],
  ]);
  expect(await runScript(db, script)).toMatchObject({ statements: 5 });
  expect(await tables(db)).toBe(2);
});

describe("a session that is ended", () => {
  const terminate = async (db: Connection) => {
    const [row] = await db.rows<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    return async () => {
      await using killer = await Connection.open(inject("serverUrl"));
      await killer.run(sql`select pg_terminate_backend(${row?.pid})`);
    };
  };
  const lost = { code: "CONFIG_006", context: { file: "f.sql", line: 2 } };

  test("among pipelined statements", async () => {
    await using db = await Connection.open(inject("serverUrl"));
    const end = await terminate(db);
    const script = scriptOf("f.sql", [
      ["SelectStmt", "select pg_sleep(20)"],
      ["SelectStmt", "select 1"],
    ]);
    const work = failure(db.transaction(() => runScript(db, script, { code: "MIGR_001" })));
    await sleep(100);
    await end();
    expect(await work).toMatchObject(lost);
  });

  test("in a COPY", async () => {
    await using database = await testDatabase();
    await using db = await Connection.open(database.url);
    await db.run(sql`create table t (a int)`);
    await db.run(
      sql`create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(20); return new; end'`,
    );
    await db.run(sql`create trigger slow before insert on t for each row execute function slow()`);
    const end = await terminate(db);
    const script = scriptOf("f.sql", [["CopyStmt", "copy t from stdin", "1\n".repeat(2_000_000)]]);
    const work = failure(db.transaction(() => runScript(db, script)));
    await sleep(200);
    await end();
    expect(await work).toMatchObject({ ...lost, context: { file: "f.sql" } });
    expect(db.isOpen).toBe(false);
  });
});
