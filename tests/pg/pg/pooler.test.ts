import { expect, test } from "vitest";
import { Connection } from "../../../src/pg/connection.ts";
import { refuseTransactionPooler } from "../../../src/pg/pooler.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testDatabase } from "../../support/database.ts";
import { pooler, type PoolerOptions } from "../../support/pooler.ts";
import { tcpProxy } from "../../support/tcp-proxy.ts";

const judge = async (url: string) => {
  await using db = await Connection.open(url);
  await refuseTransactionPooler(db, url);
  return await db.rows(sql`select 1 as one`);
};

const through = async (options: PoolerOptions) => {
  await using database = await testDatabase();
  await using pool = await pooler(database.name, options);
  return await judge(`postgresql://postgres@127.0.0.1:${pool.port}/${database.name}?sslmode=disable`);
};

test.each([
  { mode: "transaction", size: 1 },
  { mode: "transaction", size: 2 },
  { mode: "transaction", size: 2, order: "longest" },
  { mode: "transaction", size: 5, order: "longest" },
] as const)("a pool of $size in $mode mode is refused", async (options) => {
  await expect(through(options)).rejects.toMatchObject({
    code: "CONFIG_012",
    exit: 5,
    actionable: expect.stringContaining("direct connection"),
    context: { details: { evidence: expect.any(String), host: "127.0.0.1" } },
  });
});

test("a pool of warm backends that are lent in turn is refused", async () => {
  await using database = await testDatabase();
  await using pool = await pooler(database.name, { mode: "transaction", size: 4, order: "longest" });
  const url = `postgresql://postgres@127.0.0.1:${pool.port}/${database.name}?sslmode=disable`;
  const clients = await Promise.all([1, 2, 3, 4].map(() => Connection.open(url)));
  await Promise.all(clients.map((db) => db.rows(sql`select pg_sleep(0.1)`)));
  await expect(judge(url)).rejects.toMatchObject({ code: "CONFIG_012" });
  await Promise.all(clients.map((db) => db.close()));
});

test("a session that gets no backend while another is in a transaction tells of a pool as well", async () => {
  await using database = await testDatabase();
  await using pool = await pooler(database.name, { mode: "transaction", size: 1 });
  const url = `postgresql://postgres@127.0.0.1:${pool.port}/${database.name}?sslmode=disable`;
  await using db = await Connection.open(url);
  await using busy = await Connection.open(url);
  await busy.run(sql`begin`);
  await expect(refuseTransactionPooler(db, url)).rejects.toMatchObject({
    code: "CONFIG_012",
    message: expect.stringContaining("has to wait"),
  });
  await busy.run(sql`rollback`);
});

test("a pool in session mode, a plain proxy and the server itself pass", async () => {
  await using database = await testDatabase();
  expect(await through({ mode: "session", size: 3 })).toEqual([{ one: 1 }]);
  await using proxy = await tcpProxy();
  const url = `postgresql://postgres@127.0.0.1:${proxy.port}/${database.name}?sslmode=disable`;
  expect(await judge(url)).toEqual([{ one: 1 }]);
  expect(await judge(database.url)).toEqual([{ one: 1 }]);
});

test("a session-mode pool of one has no room for a run, which is told after a while", async () => {
  await expect(through({ mode: "session", size: 1 })).rejects.toMatchObject({
    code: "CONFIG_006",
    context: { details: { cause: "pool_exhausted" } },
  });
});
