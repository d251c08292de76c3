import { expect, test } from "vitest";
import { statementFacts } from "../../../src/sql/facts.ts";
import { parseScript } from "../../../src/sql/parse-script.ts";
import { transactionFacts } from "../../../src/sql/transaction-facts.ts";

const facts = async (text: string) =>
  statementFacts((await parseScript({ text }, "SCHEMA_200")).statements[0]!);

const NOT_IN_A_BLOCK = `
  alter database d set tablespace s; alter subscription s add publication p; alter subscription s refresh publication
  alter subscription s set (failover = true); alter system set work_mem = '1MB'
  alter table t detach partition p concurrently; cluster; commit prepared 'x'; create database d
  create index concurrently on t (a); create subscription s connection '' publication p
  create tablespace t location '/x'; discard all; drop database d; drop index concurrently i
  drop subscription s; drop tablespace t; reindex (concurrently) index i; reindex database d
  reindex schema s; reindex system; reindex table concurrently t; rollback prepared 'x'; vacuum t`;

const IN_A_BLOCK = `
  alter database d set work_mem = 1; alter subscription s disable; alter table t detach partition p
  alter subscription s set publication p with (refresh = false); alter type e add value 'x'; analyze t
  create index on t (a); create subscription s connection '' publication p with (create_slot = false)
  create subscription s connection '' publication p with (connect = off); discard plans; do 'x'
  drop index i; refresh materialized view concurrently m; savepoint s; select 1; truncate t`;

const split = (list: string) => list.split(/[;\n]/).flatMap((text) => text.trim() || []);

test.each(split(NOT_IN_A_BLOCK))("%s cannot run in a transaction block", async (text) => {
  expect((await facts(text)).transactional).toBe(false);
});

test.each(split(IN_A_BLOCK))("%s can run in a transaction block", async (text) => {
  expect((await facts(text)).transactional).toBe(true);
});

test.each(["call p()", "cluster t", "reindex table t"])("%s: nobody can tell beforehand", async (text) => {
  expect((await facts(text)).transactional).toBe("unknown");
});

test("a statement of a kind not known is unknown", () => {
  expect(transactionFacts("FutureStmt", {}, false).transactional).toBe("unknown");
});

test.each([
  ["begin", "begin"],
  ["start transaction", "begin"],
  ["end", "commit"],
  ["abort", "rollback"],
  ["prepare transaction 'x'", "prepare"],
  ["savepoint a", "savepoint"],
  ["release a", "release"],
  ["rollback to a", "rollback-to"],
  ["commit prepared 'x'", "commit"],
  ["select 1", undefined],
])("%s controls the transaction: %s", async (text, control) => {
  expect((await facts(text)).transactionControl).toBe(control);
});

test("only a new enum value is one", async () => {
  expect((await facts("alter type e add value 'x'")).addsEnumValue).toBe(true);
  expect((await facts("alter type e rename value 'x' to 'y'")).addsEnumValue).toBe(false);
});
