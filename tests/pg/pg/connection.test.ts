import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, inject, test } from "vitest";
import type { ConfitureError } from "../../../src/base/errors.ts";
import { Connection, type Notice } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testDatabase } from "../../support/database.ts";
import { tcpProxy } from "../../support/tcp-proxy.ts";

const failure = (work: Promise<unknown>): Promise<ConfitureError> =>
  work.then(
    () => {
      throw new Error("it succeeded");
    },
    (error) => error,
  );
const pidOf = async (db: Connection) =>
  (await db.rows<{ pid: number }>(sql`select pg_backend_pid() as pid`))[0]?.pid;
const terminate = async (pid: number | undefined) => {
  await using killer = await Connection.open(inject("serverUrl"));
  await killer.run(sql`select pg_terminate_backend(${pid})`);
};
const lost = expect.objectContaining({ code: "CONFIG_006", message: expect.stringContaining("was lost") });

test("opens, asks, closes", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  expect(db.server).toMatchObject({ database: database.name, user: "postgres" });
  expect(db.server.major).toBe(Math.floor(db.server.version / 10_000));
  expect(await db.rows(sql`select ${1}::int + 1 as two`)).toEqual([{ two: 2 }]);
  expect(db.isOpen).toBe(true);
  await Promise.all([db.close(), db.close()]);
  await db.close();
  expect(db.isOpen).toBe(false);
  expect(await db.closed).toBeUndefined();
  expect(await failure(db.run(sql`select 1`))).toMatchObject({ code: "CONFIG_006" });
});

test("a session speaks UTF-8, ISO dates and standard strings, also after DISCARD ALL, whatever the database says", async () => {
  await using database = await testDatabase();
  await using admin = await Connection.open(database.url);
  await admin.run(sql.raw(`alter database ${database.name} set client_encoding = 'latin1'`));
  await admin.run(sql.raw(`alter database ${database.name} set datestyle = 'German, DMY'`));
  await admin.run(sql.raw(`alter database ${database.name} set standard_conforming_strings = off`));
  await using db = await Connection.open(database.url, { environment: { PGOPTIONS: "-c lock_timeout=77" } });
  await db.run(sql`discard all`);
  expect(await db.rows(sql`select 'C:\\' as path`)).toEqual([{ path: "C:\\" }]);
  expect(
    await db.rows(sql`select 'é' as text, date '2020-02-01' as day, current_setting('lock_timeout') as lock_timeout,
      current_setting('application_name') as name`),
  ).toEqual([{ text: "é", day: "2020-02-01", lock_timeout: "77ms", name: "confiture" }]);
});

test("a session for reading is refused every write, alone and in a transaction", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url, { readOnly: true });
  const readOnly = { code: "SQL_001", context: { details: { sqlstate: "25006" } } };
  expect(await failure(db.run(sql`create table a ()`))).toMatchObject(readOnly);
  expect(
    await failure(db.transaction(() => db.run(sql`create table a ()`), sql`isolation level serializable`)),
  ).toMatchObject(readOnly);
  expect(await db.rows(sql`select 1 as a`)).toEqual([{ a: 1 }]);
  await using other = await Connection.open(database.url);
  await other.run(sql`create table a ()`);
});

test("values", async () => {
  await using db = await Connection.open(inject("serverUrl"));
  const [row] = await db.rows(sql`
    select 7::int8 as small, 9007199254740993::int8 as large, array[1, null, 9007199254740993]::int8[] as list,
           timestamptz '2020-01-02 03:04:05.678+00' as instant, timestamp '2020-01-02 03:04:05' as local,
           interval '1 day' as span, 1.10::numeric as exact, array[1.10]::numeric[] as exacts,
           '{"a": 1}'::jsonb as json, array['a', null]::name[] as names, true as yes, null as nothing`);
  expect(row).toEqual({
    small: 7,
    large: 9_007_199_254_740_993n,
    list: [1, null, 9_007_199_254_740_993n],
    instant: new Date("2020-01-02T03:04:05.678Z"),
    local: "2020-01-02 03:04:05",
    span: "1 day",
    exact: "1.10",
    exacts: ["1.10"],
    json: { a: 1 },
    names: ["a", null],
    yes: true,
    nothing: null,
  });
});

test("run gives the rows of the last statement; notices go where they are wanted", async () => {
  await using database = await testDatabase();
  const notices: Notice[] = [];
  await using db = await Connection.open(database.url, { onNotice: (notice) => notices.push(notice) });
  expect(await db.run(sql`create table t (a int); insert into t values (1), (2)`)).toBe(2);
  await db.run(sql`do $$ begin raise warning 'careful'; end $$`);
  expect(notices).toEqual([{ severity: "WARNING", message: "careful" }]);
});

test("many calls at once are answered each by its own, also when some fail", async () => {
  await using db = await Connection.open(inject("serverUrl"));
  const ask = (n: number) =>
    n % 7 === 3 ? db.rows(sql`select ${n}::int / 0 as n`) : db.rows(sql`select ${n}::int as n`);
  const answers = await Promise.allSettled(Array.from({ length: 60 }, (_, n) => ask(n)));
  for (const [n, answer] of answers.entries()) {
    if (answer.status === "fulfilled") expect(answer.value).toEqual([{ n }]);
    else expect([n % 7, answer.reason.code]).toEqual([3, "SQL_001"]);
  }
  expect(answers.filter(({ status }) => status === "rejected")).toHaveLength(9);
});

describe("a transaction", () => {
  const counted = async (db: Connection) =>
    (await db.rows<{ n: number }>(sql`select count(*) as n from t`))[0]?.n;
  const prepared = async (url: string) => {
    const db = await Connection.open(url);
    await db.run(sql`create table t (a int primary key deferrable initially deferred)`);
    return db;
  };

  test("commits, or rolls back and throws on", async () => {
    await using database = await testDatabase();
    await using db = await prepared(database.url);
    expect(
      await db.transaction(
        async () => {
          expect(db.transactionStatus).toBe("T");
          return db.run(sql`insert into t values (1)`);
        },
        sql`isolation level serializable`,
      ),
    ).toBe(1);
    const refused = await failure(
      db.transaction(async () => {
        await db.run(sql`insert into t values (2)`);
        await db.run(sql`select 1 / 0`).catch((error) => {
          expect(db.transactionStatus).toBe("E");
          throw error;
        });
      }),
    );
    expect(refused).toMatchObject({ code: "SQL_001", context: { details: { sqlstate: "22012" } } });
    expect([db.transactionStatus, await counted(db)]).toEqual(["I", 1]);
  });

  test("that passes an error over does not pretend to have committed", async () => {
    await using database = await testDatabase();
    await using db = await prepared(database.url);
    const error = await failure(
      db.transaction(async () => {
        await db.run(sql`insert into t values (1)`);
        await db.run(sql`select 1 / 0`).catch(() => {});
      }),
    );
    expect(error).toMatchObject({ code: "SQL_002", message: expect.stringContaining("rolled back") });
    expect([db.transactionStatus, await counted(db)]).toEqual(["I", 0]);
  });

  test("whose commit is refused says so", async () => {
    await using database = await testDatabase();
    await using db = await prepared(database.url);
    const error = await failure(db.transaction(() => db.run(sql`insert into t values (1), (1)`)));
    expect(error).toMatchObject({ code: "SQL_001", context: { details: { sqlstate: "23505" } } });
    expect(db.transactionStatus).toBe("I");
  });

  test.each(["commit", "rollback", "commit; begin", "rollback; begin", "commit and chain", "begin"])(
    "in which a statement says %s is an error",
    async (text) => {
      await using database = await testDatabase();
      await using db = await prepared(database.url);
      expect(await failure(db.transaction(() => db.run(sql.raw(text))))).toMatchObject({ code: "SQL_002" });
      expect(db.transactionStatus).toBe("I");
    },
  );

  test("is not begun inside another", async () => {
    await using db = await Connection.open(inject("serverUrl"));
    const nested = () => db.transaction(async () => 1);
    expect(await failure(db.transaction(nested))).toMatchObject({ code: "SQL_002" });
    const both = await Promise.allSettled([db.transaction(async () => 1), db.transaction(async () => 2)]);
    expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(await nested()).toBe(1);
  });

  test("goes back to a savepoint and on", async () => {
    await using database = await testDatabase();
    await using db = await prepared(database.url);
    await db.transaction(async () => {
      await db.savepoint("Kept", () => db.run(sql`insert into t values (1)`));
      const inner = db.savepoint("dropped", async () => {
        await db.run(sql`insert into t values (2)`);
        await db.run(sql`select 1 / 0`);
      });
      expect(await failure(inner)).toMatchObject({ code: "SQL_001" });
      expect(db.transactionStatus).toBe("T");
    });
    expect(await counted(db)).toBe(1);
  });
});

describe("a session that is ended", () => {
  test("in a transaction: the first error stays, nothing hangs", async () => {
    await using db = await Connection.open(inject("serverUrl"));
    const pid = await pidOf(db);
    const work = db.transaction(async () => {
      await Promise.all([db.run(sql`select pg_sleep(20)`), sleep(100).then(() => terminate(pid))]);
    });
    const error = await failure(work);
    expect(error).toEqual(lost);
    expect(error.context.details).toMatchObject({ sqlstate: "57P01" });
    expect(db.isOpen).toBe(false);
    expect(await db.closed).toEqual(lost);
    expect(await failure(db.rows(sql`select 1`))).toEqual(lost);
  });

  test("in the middle of COMMIT: whether it committed is unknown, and said to be", async () => {
    await using database = await testDatabase();
    await using db = await Connection.open(database.url);
    await db.run(sql`create table t (a int)`);
    await db.run(
      sql`create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(20); return null; end'`,
    );
    await db.run(sql`create constraint trigger slow after insert on t deferrable initially deferred
      for each row execute function slow()`);
    const pid = await pidOf(db);
    const work = failure(db.transaction(() => db.run(sql`insert into t values (1)`)));
    await sleep(200);
    await terminate(pid);
    expect(await work).toMatchObject({ code: "CONFIG_006", context: { details: { commit: "unknown" } } });
  });

  test("while idle: noticed, not thrown", async () => {
    await using db = await Connection.open(inject("serverUrl"));
    await terminate(await pidOf(db));
    expect(await db.closed).toEqual(lost);
    expect(db.isOpen).toBe(false);
  });

  test("by the network, with several statements under way", async () => {
    await using proxy = await tcpProxy();
    await using db = await Connection.open(
      `postgresql://postgres@127.0.0.1:${proxy.port}/postgres?sslmode=disable`,
    );
    const work = [1, 2, 3].map(() => failure(db.run(sql`select pg_sleep(20)`)));
    await sleep(50);
    proxy.cut();
    expect(await Promise.all(work)).toEqual([lost, lost, lost]);
  });

  test("close does not wait for a server that does not answer", async () => {
    await using proxy = await tcpProxy();
    await using db = await Connection.open(
      `postgresql://postgres@127.0.0.1:${proxy.port}/postgres?sslmode=disable`,
    );
    const work = failure(db.run(sql`select pg_sleep(20)`));
    proxy.freeze();
    await db.close();
    expect(await work).toMatchObject({ code: "CONFIG_006" });
  });
});
