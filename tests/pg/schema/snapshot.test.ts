import { expect, test } from "vitest";
import { compare } from "../../../src/diff/compare.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { readSnapshot, snapshotSchema } from "../../../src/schema/snapshot.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testDatabase } from "../../support/database.ts";
import { makeRoles } from "../../support/roles.ts";

const settings = (db: Connection) =>
  db.rows(sql`select current_setting('search_path') as path, current_setting('jit') as jit`);

test("reads one moment, writes nothing and leaves the session as it was", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(
    sql`set search_path = pg_catalog, public; set default_transaction_read_only = on; set jit = on`,
  );
  const before = await settings(db);
  const snapshot = await readSnapshot(db);
  expect(snapshot).toMatchObject({ major: db.server.major, database: database.name });
  expect(snapshot.objects["schema"]).toEqual([{ name: "public" }]);
  expect(await settings(db)).toEqual(before);
  expect(db.transactionStatus).toBe("I");
});

test("reads inside an open transaction, and leaves it open and as it was", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql`begin; set local search_path = public; create table uncommitted (a int default 1)`);
  const before = await settings(db);
  const { objects } = await readSnapshot(db);
  expect(objects["table"]).toMatchObject([{ schema: "public", name: "uncommitted" }]);
  expect(await settings(db)).toEqual(before);
  expect(db.transactionStatus).toBe("T");
  await db.run(sql`rollback`);
  expect((await readSnapshot(db)).objects["table"]).toEqual([]);
});

test("leaves out what is the tool's own, with all that belongs to it", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  const without = await readSnapshot(db);
  await db.run(sql`
    create schema confiture;
    create table confiture.claim (id int);
    create table confiture_lock_holder (pid int);
    create table tb_confiture (id serial primary key, slug text unique check (slug <> ''));
    create index on tb_confiture (slug);
    create statistics tb_confiture_ids on id, slug from tb_confiture;
    comment on column tb_confiture.slug is 'unique';
    grant select on tb_confiture to public`);
  const options = { ours: ["public.tb_confiture", "other.tb_confiture", "public.no_such_table"] };
  expect((await readSnapshot(db, options)).objects).toEqual(without.objects);
  expect((await readSnapshot(db)).objects["table"]).toMatchObject([{ name: "tb_confiture" }]);
});

test("what the builder owns has no owner, which is the same as any owner", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql`create table t (id int); alter default privileges grant select on tables to public`);
  const named = await readSnapshot(db);
  const built = await readSnapshot(db, { builder: db.server.user });
  expect(named.objects["owner"]).toContainEqual({ of: "table public.t", owner: db.server.user });
  expect(built.objects["owner"]).toContainEqual({ of: "table public.t", owner: null });
  expect(built.objects["default-privilege"]).toMatchObject([{ role: null, grantee: "public" }]);
  const differing = [...compare(named, built), ...compare(built, named)].map(({ kind }) => kind);
  expect(new Set(differing)).toEqual(new Set(["default-privilege"]));
});

test("expressions are printed the same whatever the search path of the session is", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql`
    create schema app; set search_path = app, public;
    create sequence s; create type mood as enum ('sad');
    create table t (a int default nextval('s'), m mood default 'sad' check (m <> 'sad'));
    create view v as select a from t`);
  const one = await readSnapshot(db);
  await db.run(sql`set search_path = pg_catalog`);
  expect((await readSnapshot(db)).objects).toEqual(one.objects);
  expect(one.objects["default"]).toContainEqual(
    expect.objectContaining({ column: "a", expression: "nextval('app.s'::regclass)" }),
  );
});

test("a snapshot survives JSON", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(
    sql`create table t (id bigint generated always as identity primary key, tags text[] default '{}')`,
  );
  const snapshot = await readSnapshot(db);
  expect(snapshotSchema.parse(JSON.parse(JSON.stringify(snapshot)))).toEqual(snapshot);
});

test("a role without privileges sees the same as a superuser", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql`
    create schema hidden; create table hidden.t (id serial primary key, a text default 'x');
    create view hidden.v as select * from hidden.t; create extension file_fdw;
    create server files foreign data wrapper file_fdw; create user mapping for public server files;
    create publication p for table hidden.t; create foreign table hidden.f (a int) server files options (filename '/dev/null');
    create subscription s connection 'dbname=x' publication p with (connect = false); revoke all on schema public from public`);
  const all = await readSnapshot(db);
  await makeRoles(db, "snapshot_nobody");
  await db.run(sql`set role snapshot_nobody`);
  expect((await readSnapshot(db)).objects).toEqual(all.objects);
});

test("a failed read is thrown, and leaves an open transaction usable", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql`begin`);
  await expect(readSnapshot(db, { ours: ["a.b.c.d.e"] })).rejects.toMatchObject({ code: "SQL_001" });
  expect(await db.rows(sql`select 1 as one`)).toEqual([{ one: 1 }]);
  await db.run(sql`rollback`);
});
