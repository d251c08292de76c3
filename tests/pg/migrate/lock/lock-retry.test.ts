import { expect, test } from "vitest";
import { up } from "../../../../src/migrate/up.ts";
import { Connection } from "../../../../src/pg/connection.ts";
import { sql } from "../../../../src/sql/tag.ts";
import { testMigrations } from "../../../support/migrations.ts";

const CHAIN = { "1_t": "create table t (a int)", "2_b": "alter table t add column b int" };

test("a migration that loses its race for a lock is tried again, and nobody queues behind it meanwhile", async () => {
  await using bench = await testMigrations(CHAIN);
  await up(bench.target, { target: "1" });
  await using reader = await Connection.open(bench.database.url);
  await reader.run(sql`begin; select * from t`);
  const warnings: string[] = [];
  const log = { info: () => {}, warn: (line: string) => void warnings.push(line) };
  const run = up({ ...bench.target, log, limits: { lockTimeoutMs: 100, lockRetries: 50 } });
  while (warnings.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
  await using another = await Connection.open(bench.database.url);
  await another.run(sql`set statement_timeout = 2000; select * from t`);
  await reader.run(sql`rollback`);
  expect((await run).applied).toMatchObject([{ version: "2" }]);
  expect(warnings[0]).toContain("2 b did not get its lock");
});

test("when it gives up it exits 6, is rolled back, and names who stood in the way", async () => {
  await using bench = await testMigrations(CHAIN);
  await up(bench.target, { target: "1" });
  await using reader = await Connection.open(bench.database.url);
  await reader.run(sql`begin; select * from t`);
  const error: unknown = await up({
    ...bench.target,
    limits: { lockTimeoutMs: 300, lockRetries: 1 },
  }).catch((e: unknown) => e);
  expect(error).toMatchObject({
    code: "LOCK_1301",
    exit: 6,
    message: expect.stringContaining(`pid ${reader.server.pid} (postgres, idle in transaction, query`),
    context: {
      migration: "2",
      details: {
        tries: 2,
        sqlstate: "55P03",
        pending: ["2"],
        blockers: [
          { pid: reader.server.pid, user: "postgres", query: expect.stringContaining("select * from t") },
        ],
      },
    },
  });
  expect(await bench.ask(sql`select version from tb_confiture`)).toEqual([{ version: "1" }]);
});

test("statement_timeout stops a migration that runs too long", async () => {
  await using bench = await testMigrations({ "1_slow": "select pg_sleep(20)" });
  await expect(up({ ...bench.target, limits: { statementTimeoutMs: 100 } })).rejects.toMatchObject({
    code: "MIGR_001",
    context: { details: { sqlstate: "57014" } },
  });
});

test("a lock timeout of 0 waits for ever", async () => {
  await using bench = await testMigrations(CHAIN);
  await up(bench.target, { target: "1" });
  await using reader = await Connection.open(bench.database.url);
  await reader.run(sql`begin; select * from t`);
  const run = up({ ...bench.target, limits: { lockTimeoutMs: 0, lockRetries: 0 } });
  await new Promise((resolve) => setTimeout(resolve, 300));
  await reader.run(sql`rollback`);
  expect((await run).applied).toHaveLength(1);
});
