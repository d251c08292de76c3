import { expect, test } from "vitest";
import { dumpDifferences, normalised } from "../../support/pg-dump.ts";

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

test("nor is the order of the settings of a routine, and of the tags of an event trigger", async () => {
  await same(
    `CREATE FUNCTION f() RETURNS void LANGUAGE sql SET b TO 'x', 'SET' SET a TO '1' AS $$ SET c TO 1 $$;
CREATE EVENT TRIGGER e ON ddl_command_end WHEN TAG IN ('A', 'B') EXECUTE FUNCTION f();`,
    `CREATE FUNCTION f() RETURNS void LANGUAGE sql SET a TO '1' SET b TO 'x', 'SET' AS $$ SET c TO 1 $$;
CREATE EVENT TRIGGER e ON ddl_command_end WHEN TAG IN ('B', 'A') EXECUTE FUNCTION f();`,
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

test("secrets, and owners that are left to the builder, are not compared", async () => {
  await same(
    "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (\n    auth_token ')',\n    host 'b'\n);",
    "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (\n    host 'b',\n    password 'x, y'\n);",
  );
  await same(
    "CREATE USER MAPPING FOR r SERVER s OPTIONS (\n    u 'x'\n);",
    "CREATE USER MAPPING FOR r SERVER s;",
  );
  const [is, should] = [
    ["ALTER TABLE t OWNER TO me", "ALTER TABLE u OWNER TO me", "ALTER TABLE v OWNER TO you"],
    ["ALTER TABLE t OWNER TO me", "ALTER TABLE u OWNER TO you", "ALTER TABLE v OWNER TO them"],
  ];
  expect(dumpDifferences(is, should, "me")).toEqual([
    "is: ALTER TABLE v OWNER TO you",
    "should: ALTER TABLE v OWNER TO them",
  ]);
});
