import { expect, test } from "vitest";
import { normalised } from "../../support/pg-dump.ts";

const HEAD = `--
-- PostgreSQL database dump
--
\\restrict abc
SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
`;

const same = async (one: string, other: string) =>
  expect(await normalised(HEAD + one)).toEqual(await normalised(other));

test("neither the order of statements nor that of columns or options is compared", async () => {
  await same(
    `CREATE TABLE a."(" (
    "x,y" numeric(10,2) DEFAULT ')('::text,
    b integer,
    CONSTRAINT c CHECK ((b > 0))
)
PARTITION BY RANGE (b, "x,y")
WITH (fillfactor='70', autovacuum_enabled='off');
-- Name: f
CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ select 1, 2; $$;`,
    `CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ select 1, 2; $$;
CREATE TABLE a."(" (
    CONSTRAINT c CHECK ((b > 0)),
    b integer,
    "x,y" numeric(10,2) DEFAULT ')('::text
)
PARTITION BY RANGE (b, "x,y")
WITH (autovacuum_enabled='off', fillfactor='70');`,
  );
});

test("what means something is compared", async () => {
  const different = [
    "CREATE TABLE t (a integer, b integer);",
    "CREATE TABLE t (a integer, b text);",
    "SET default_table_access_method = other;\nCREATE TABLE t (a integer, b integer);",
    "CREATE TABLE t (a integer, b integer) PARTITION BY RANGE (a, b);",
    "CREATE TABLE t (a integer, b integer) PARTITION BY RANGE (b, a);",
    "CREATE TYPE t AS (a integer, b integer);",
    "CREATE TYPE t AS (b integer, a integer);",
    "GRANT SELECT ON TABLE t TO r;",
    "SET SESSION AUTHORIZATION o;\nGRANT SELECT ON TABLE t TO r;\nRESET SESSION AUTHORIZATION;",
    "CREATE VIEW v AS SELECT a, b FROM t;",
    "CREATE VIEW v AS SELECT b, a FROM t;",
  ];
  const dumps = await Promise.all(different.map((dump) => normalised(dump)));
  expect(new Set(dumps.map((dump) => dump.join(";"))).size).toBe(different.length);
});

test("a setting says something only about the kind of statement that it acts on", async () => {
  await same(
    "SET default_table_access_method = heap;\nCREATE TABLE t (a integer);\nCREATE SEQUENCE s;",
    "CREATE TABLE t (a integer);\nSET default_table_access_method = other;\nCREATE SEQUENCE s;",
  );
});
