import { expect, inject, test } from "vitest";
import type { ConfitureError } from "../../../../src/base/errors.ts";
import { Connection } from "../../../../src/pg/connection.ts";
import { sql } from "../../../../src/sql/tag.ts";
import { type ViewBench, viewBench } from "../../../support/view-helpers.ts";

const ORDERS = `
  create table orders (id int primary key, state text, total numeric(10, 2), note text);
  insert into orders values (1, 'new', 10, 'a'), (2, 'paid', 20, 'b');`;

const save = (tables = "public.orders") =>
  `select confiture.save_and_drop_dependent_views(array['${tables}'])`;
const RECREATE = "select confiture.recreate_saved_views()";

/** Save, change something below, recreate: in one transaction, as a migration does. */
async function roundTrip(
  bench: ViewBench,
  change = "alter table orders add column added int",
): Promise<number[]> {
  await bench.run("begin");
  const [saved] = await bench.column(save());
  await bench.run(change);
  const [recreated] = await bench.column(RECREATE);
  await bench.run("commit");
  expect(await bench.column("select count(*)::int from confiture.saved_views")).toEqual([0]);
  return [Number(saved), Number(recreated)];
}

/** Nothing may differ but what `change` adds, which `after` takes away again. */
async function expectKept(setup: string, count: number, roles: readonly string[] = []): Promise<void> {
  await using bench = await viewBench(`${ORDERS}${setup}`, roles);
  const before = await bench.state();
  expect(await roundTrip(bench, "alter table orders alter column total type numeric(12, 2)")).toEqual([
    count,
    count,
  ]);
  await roundTrip(bench, "alter table orders alter column total type numeric(10, 2)");
  expect(await bench.state()).toEqual(before);
}

test("what PostgreSQL refuses goes through between the two calls", async () => {
  await using bench = await viewBench(`${ORDERS} create view v as select id, total from orders`);
  const change = "alter table orders alter column total type text";
  await expect(bench.run(change)).rejects.toMatchObject({ code: "SQL_001" });
  expect(await roundTrip(bench, change)).toEqual([1, 1]);
  expect(await bench.column("select pg_typeof(total)::text from v limit 1")).toEqual(["text"]);
});

test("views on views, matviews between them, other schemas and quoted names come back in order", async () => {
  const setup = `
    create schema "Odd Schema"; create schema other;
    create view v1 as select id, total from orders;
    create materialized view "Odd Schema"."M ""1""" as select id, total from v1;
    create view other.v2 as select m.total, o.id from "Odd Schema"."M ""1""" m join orders o using (id);
    create materialized view other.m2 as select sum(total) as total from other.v2;
    create view "select" as select total as "Total %s $1" from other.m2, v1 as x;
    create view v0 as select 1 as one;
    create or replace view v1 as select o.id, o.total from orders o, v0;
    create view unrelated as select one from v0`;
  await expectKept(setup.replace("select total as", "select other.m2.total as"), 5);
});

test("owner, options, grants with their grantors, on columns and on the row type", async () => {
  const setup = `
    grant usage, create on schema public to {ann}, {bob};
    grant select on orders to {ann} with grant option;
    create view v with (security_barrier = true, check_option = local) as select id, state, total from orders where id > 0;
    alter view v owner to {ann};
    grant select, insert on v to {bob} with grant option;
    set role {bob};
    grant select on v to {carl} with grant option;
    grant insert (id, state) on v to public;
    set role {carl};
    grant select on v to {dora};
    reset role;
    grant update (total) on v to {dora} with grant option;
    revoke delete, trigger on v from {ann};
    comment on view v is 'it''s a "view"'; comment on column v.total is 'a \\ total'; comment on type v is 'row';
    revoke usage on type v from public; grant usage on type v to {dora};
    create view w with (check_option = cascaded) as select id from v;
    create materialized view m as select total from orders; alter materialized view m owner to {ann};
    grant select on m to {dora}; revoke all on m from {ann}`;
  await expectKept(setup, 3, ["ann", "bob", "carl", "dora"]);
});

test("default privileges of the role that recreates give nobody more than before", async () => {
  const setup = `
    create view v as select total from orders; grant select on v to {ann};
    create materialized view m as select total from orders;
    alter default privileges grant all on tables to {bob}, public;
    alter default privileges revoke select on tables from postgres`;
  await expectKept(setup, 2, ["ann", "bob"]);
});

test("triggers, rules, column defaults and their comments", async () => {
  const setup = `
    create schema f;
    create function f.tell() returns trigger language plpgsql as 'begin return new; end';
    create table log (id int, total numeric);
    create view v as select id, total from orders;
    alter view v alter column id set default 1 + 2;
    create trigger b instead of insert on v for each row execute function f.tell('x', 'it''s');
    create trigger a after update or delete on v for each statement execute function f.tell();
    comment on trigger a on v is 'a comment'; alter trigger b on v depends on extension plpgsql;
    create rule r as on update to v where new.id > 3 do also insert into log values (new.id, new.total);
    create rule s as on delete to v do instead (delete from orders where id = old.id; delete from log where id = old.id);
    comment on rule r on v is 'a rule';
    create view writes as select 1 as one;
    create rule w as on insert to writes do instead insert into orders (id) values (new.one)`;
  await expectKept(setup, 2);
});

test("views whose rules name each other", async () => {
  const setup = `
    create view a as select id, total from orders; create view b as select id from a;
    create rule r as on insert to a do instead select * from b;
    create rule q as on insert to b do instead select * from b`;
  await expectKept(setup, 2);
});

test("everything of a materialized view: indexes, statistics, storage, options, rows", async () => {
  const compression =
    inject("serverMajor") >= 14 ? "alter materialized view m alter column note set compression pglz;" : "";
  const expressions = inject("serverMajor") >= 14 ? "create statistics e on lower(note) from m;" : "";
  const setup = `
    create schema st;
    create materialized view m with (fillfactor = 70, autovacuum_enabled = false) as select * from orders;
    alter materialized view m set (toast.autovacuum_enabled = false);
    create unique index "M id" on m (id) include (state) with (fillfactor = 80);
    create index by_note on m (lower(note) desc nulls last, total) where id > 1;
    alter index by_note alter column 1 set statistics 77;
    comment on index by_note is 'fast'; alter index by_note depends on extension plpgsql;
    create index h on m using hash (state);
    alter materialized view m cluster on "M id";
    alter materialized view m alter column note set statistics 0, alter column total set (n_distinct = 5),
      alter column note set storage external; ${compression} ${expressions}
    create statistics st.s (ndistinct, mcv) on state, total from m;
    alter statistics st.s set statistics 12; comment on statistics st.s is 'both'; alter statistics st.s owner to {ann};
    alter materialized view m depends on extension plpgsql;
    comment on materialized view m is 'all'; comment on column m.id is 'key';
    create materialized view empty as select total from m with no data;
    create materialized view full_identity as select total from orders; alter table full_identity replica identity full;
    create materialized view no_identity as select total from orders; alter table no_identity replica identity nothing`;
  await expectKept(setup, 4, ["ann"]);
});

test("constants, whatever the session's formats are", async () => {
  const setup = `
    create view v as select total, date '2024-02-01' as d, interval '1 day 2 hours' as i, 0.1::float8 + 0.2::float8 as f,
      1e-7::float8 as g, E'a\\\\b''c' as t, '\\x00ff'::bytea as b from orders;
    set datestyle = 'SQL, DMY'; set intervalstyle = sql_standard; set extra_float_digits = -3`;
  await expectKept(setup, 1);
});

test("security_invoker", async ({ skip }) => {
  if (inject("serverMajor") < 15) skip();
  await expectKept("create view v with (security_invoker = true) as select total from orders", 1);
});

test("settings of the session and an earlier search_path make no difference", async () => {
  await using bench = await viewBench(`
    ${ORDERS} create schema shop;
    create function shop.double(numeric) returns numeric language sql immutable as 'select $1 * 2';
    set search_path = shop, public; create view v as select double(total) as d from orders;
    set search_path = confiture, shop; set default_tablespace = pg_global`);
  const before = await bench.state();
  await bench.run("begin");
  await bench.run(`${save()}; ${RECREATE}; commit`);
  expect(await bench.column("show search_path")).toEqual(["confiture, shop"]);
  expect(await bench.state()).toEqual(before);
});

test("partitions and children are part of their parent; several tables and calls add up", async () => {
  await using bench = await viewBench(`
    create table parts (id int, v text) partition by range (id);
    create table part_1 partition of parts for values from (0) to (10);
    create table other (id int, v text);
    create view on_part as select v from part_1; create view on_other as select v from other;
    create view on_both as select p.v from on_part p, on_other o`);
  const before = await bench.state();
  await bench.run("begin");
  expect(await bench.column(save("public.parts"))).toEqual([2]);
  expect(await bench.column(save("public.other"))).toEqual([1]);
  expect(await bench.column(save("public.other"))).toEqual([0]);
  await bench.run("alter table parts alter v type varchar(20); alter table parts alter v type text");
  expect(await bench.column(RECREATE)).toEqual([3]);
  await bench.run("commit");
  expect(await bench.state()).toEqual(before);
});

test("a temporary view of the session comes back, that of another session is named", async () => {
  await using bench = await viewBench(`${ORDERS} create temp view mine as select total from orders`);
  expect(await roundTrip(bench, "alter table orders alter column total type text")).toEqual([1, 1]);
  expect(await bench.column("select total from mine where total = '10.00'")).toEqual(["10.00"]);
  await using other = await viewBench(ORDERS);
  await using second = await Connection.open(other.url);
  await second.run(sql`create temp view theirs as select total from orders`);
  await expect(other.run(save())).rejects.toThrow(/another session .* view pg_temp_\d+\.theirs/);
});

test.each([
  ["create function f(v) returns int language sql as 'select 1'", "function public.f(public.v)"],
  ["create table t (c v)", "column c of table public.t"],
  ["create table t (c v[])", "column c of table public.t"],
  ["create table t (); create policy p on t using (exists (select from v))", "policy p on table public.t"],
  ["create table t (); create rule r as on insert to t do also select * from v", "rule r on table public.t"],
  ["create sequence s owned by v.id", "sequence public.s"],
])("%s: what is no view stands in the way, nothing is dropped, and it is named", async (setup, name) => {
  const views = "create view v as select id, total from orders; create view w as select total from v";
  await using bench = await viewBench(`${ORDERS}${views}; ${setup}`);
  const before = await bench.state();
  const error = (await bench.run(save()).catch((thrown: unknown) => thrown)) as ConfitureError;
  expect(error.message).toContain(`${name} depends on `);
  expect(error.context.details).toMatchObject({ sqlstate: "2BP01" });
  expect(await bench.state()).toEqual(before);
  expect(await bench.column("select count(*)::int from confiture.saved_views")).toEqual([0]);
});

test("a function with a body of SQL statements is named", async ({ skip }) => {
  if (inject("serverMajor") < 14) skip();
  await using bench = await viewBench(`${ORDERS} create view v as select total from orders;
    create function f() returns bigint language sql begin atomic select count(*) from v; end`);
  await expect(bench.run(save())).rejects.toThrow("function public.f() depends on view public.v");
});

test("an unknown table, no table, and a name without its schema are refused", async () => {
  await using bench = await viewBench(ORDERS);
  await expect(bench.run(save("public.nothing"))).rejects.toThrow("there is no table public.nothing");
  await expect(bench.run(save("orders"))).rejects.toMatchObject({
    context: { details: { hint: "Write every name with its schema, as in public.orders." } },
  });
  for (const tables of ["null", "'{}'"]) {
    await expect(bench.run(`select confiture.save_and_drop_dependent_views(${tables})`)).rejects.toThrow(
      "no table is named",
    );
  }
});

const LOST = `create view a as select total from orders; create view b as select note from orders;
  create view c as select note from b; create materialized view d as select total from a`;

test("a view that cannot come back fails the migration, and every such view is named", async () => {
  await using bench = await viewBench(`${ORDERS}${LOST}`);
  const before = await bench.state();
  await bench.run(`begin; ${save()}; alter table orders drop column note`);
  await expect(bench.run(RECREATE)).rejects.toThrow(
    /2 of the saved views cannot be recreated: public\.b: column .*note.* does not exist; public\.c: relation "public\.b" does not exist/,
  );
  await bench.run("rollback");
  expect(await bench.state()).toEqual(before);
});

test("with keep_failed the others come back, and the failed ones stay saved with their errors", async () => {
  await using bench = await viewBench(`${ORDERS}${LOST}`);
  await bench.run(`${save()}; alter table orders rename column note to remark`);
  expect(await bench.column("select confiture.recreate_saved_views(keep_failed => true)")).toEqual([2]);
  expect(await bench.column("select view_name from confiture.saved_views order by depth")).toEqual([
    "b",
    "c",
  ]);
  expect(await bench.column("select error_message from confiture.saved_views order by depth")).toEqual([
    expect.stringContaining("note"),
    'relation "public.b" does not exist',
  ]);
  await bench.run(`update confiture.saved_views set definition = replace(definition, 'note', 'remark as note')
    where view_name = 'b'`);
  expect(await bench.column(RECREATE)).toEqual([2]);
  expect(await bench.column("select count(*)::int from c")).toEqual([2]);
});

test("a rule that fails leaves the view in place and is tried again", async () => {
  await using bench = await viewBench(`${ORDERS} create table log (id int);
    create view v as select id from orders;
    create rule r as on insert to v do instead insert into log values (new.id)`);
  await bench.run(`${save()}; alter table log rename to log_2`);
  expect(await bench.column("select confiture.recreate_saved_views(true)")).toEqual([0]);
  expect(await bench.column("select count(*)::int from v")).toEqual([2]);
  await bench.run("alter table log_2 rename to log");
  expect(await bench.column(RECREATE)).toEqual([1]);
  expect(await bench.column("select rulename from pg_rules where tablename = 'v'")).toEqual(["r"]);
});

test("outside a transaction, what a crash left behind is recreated by a later session", async () => {
  await using bench = await viewBench(`${ORDERS} create view v as select total from orders`);
  const before = await bench.state();
  await bench.run(save());
  await bench.run("discard all");
  expect(await bench.column(RECREATE)).toEqual([1]);
  expect(await bench.state()).toEqual(before);
  await bench.run(save());
  await bench.run("create view v as select total from orders");
  await expect(bench.run(save())).rejects.toThrow("saved_views_schema_name_view_name_key");
});

test("an owner who is no superuser can use them on views of its own", async () => {
  await using bench = await viewBench(
    `grant usage, create on schema public to {ann}; grant usage on schema confiture to {ann};
    grant all on confiture.saved_views, confiture.saved_view_indexes to {ann};
    set role {ann}; ${ORDERS} create view v as select total from orders; grant select on v to {bob} with grant option;
    create materialized view m as select total from v; create unique index on m (total)`,
    ["ann", "bob"],
  );
  const before = await bench.state();
  expect(await roundTrip(bench, "alter table orders alter column total type numeric(12, 2)")).toEqual([2, 2]);
  await roundTrip(bench, "alter table orders alter column total type numeric(10, 2)");
  expect(await bench.state()).toEqual(before);
  await bench.run("reset role");
});

test("a privilege that the role cannot grant again fails rather than gets lost", async () => {
  await using bench = await viewBench(
    `grant usage, create on schema public to {ann}; grant usage on schema confiture to {ann};
    grant all on confiture.saved_views, confiture.saved_view_indexes to {ann};
    set role {ann}; ${ORDERS} create view v as select total from orders; grant select on v to {bob} with grant option;
    set role {bob}; grant select on v to public; set session authorization {ann}`,
    ["ann", "bob"],
  );
  const before = await bench.state();
  await expect(bench.run(`begin; ${save()}; ${RECREATE}`)).rejects.toThrow(/permission denied to set role/);
  await bench.run("rollback; reset session authorization");
  expect(await bench.state()).toEqual(before);
});

test("a tablespace, with another one as the session's default", async () => {
  await using bench = await viewBench(ORDERS);
  const space = bench.role("space");
  await bench.run("set allow_in_place_tablespaces = on");
  await bench.run(`create tablespace ${space} location ''`);
  try {
    await bench.run(`
      create materialized view m tablespace ${space} as select total from orders;
      create index here on m (total) tablespace ${space}; create index there on m (total);
      create materialized view n as select total from m; set default_tablespace = ${space}`);
    const places = `select concat_ws(' ', relname, spcname) from pg_class c left join pg_tablespace s
      on s.oid = c.reltablespace where relname in ('m', 'here', 'there', 'n') order by relname`;
    const before = await bench.column(places);
    expect(before).toEqual([`here ${space}`, `m ${space}`, "n", "there"]);
    expect(await roundTrip(bench, "alter table orders drop column note")).toEqual([2, 2]);
    expect(await bench.column(places)).toEqual(before);
  } finally {
    await bench.run("drop materialized view m cascade");
    await bench.run(`drop tablespace ${space}`);
  }
});

test("a security label that cannot be given again is named, not lost", async () => {
  await using bench = await viewBench(`${ORDERS} create view v as select total from orders;
    insert into pg_seclabel values ('v'::regclass, 'pg_class'::regclass, 0, 'gone', 'secret')`);
  await expect(bench.run(`begin; ${save()}; ${RECREATE}`)).rejects.toThrow(
    'public.v: security label provider "gone" is not loaded',
  );
});
