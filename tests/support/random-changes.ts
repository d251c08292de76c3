import fc from "fast-check";

/** What random changes are made to: something of most sorts, tied together in most ways. */
export const BASE = `
  create schema app;
  create type public.mood as enum ('sad', 'ok', 'happy');
  create domain public.positive as int check (value > 0);
  create type public.pair as (x int, y text);
  create sequence public.counter;
  create table public.t (id int primary key, a int, b text, c text not null default 'x', m public.mood);
  create table public.u (id int primary key, t_id int references public.t, a int, n public.positive, unique (a));
  create table app.w (id int primary key, a int, p public.pair, u_id int references public.u (a), s bigint default nextval('counter'));
  create table public.parted (id int, k int, a text, s bigint default nextval('counter')) partition by range (k);
  create table public.parted_1 partition of public.parted for values from (0) to (10);
  create table public.parent (id int, a int);
  create table public.child (z int) inherits (public.parent);
  create index t_a_idx on public.t (a);
  create index on public.u (t_id, a);
  create view public.v as select id, a, b from public.t;
  create view public.vv as select v.a, u.id from public.v join public.u on u.t_id = v.id;
  create view app.star as select * from public.u;
  create materialized view public.mv as select a, count(*) as n from public.t group by a;
  create function public.f(x int) returns int language sql immutable as 'select x + 1';
  create function public.reads_t() returns bigint language sql as 'select count(a) from public.t';
  create function public.plain() returns int language plpgsql as $$ declare n int; begin select max(a) into n from public.u; return n; end $$;
  create function public.fires() returns trigger language plpgsql as $$ begin insert into public.u (id, a) values (new.id, new.a); return new; end $$;
  create trigger fires after insert on app.w for each row execute function public.fires();
  create policy mine on public.u using (a > 0);
  create statistics public.s on a, b from public.t;
  comment on table public.t is 'a table'`;

/** Some for every table of it. */
export const ROWS = `
  insert into public.t values (1, 1, 'one', 'x', 'ok'), (2, 2, 'two', 'y', 'sad'), (5, -1, null, 'z', null);
  insert into public.u values (1, 1, 1, 1), (2, 2, 2, 2), (5, 2, null, null);
  insert into app.w values (7, 7, row (1, 'x'), 1);
  insert into public.parted values (1, 1, 'a'), (2, 2, 'b');
  insert into public.parent values (1, 1);
  insert into public.child values (2, 2, 2);
  refresh materialized view public.mv`;

const tables = ["public.t", "public.u", "app.w", "public.parted", "public.parent", "public.child", "t", "u"];
const table = fc.constantFrom(...tables);
const ownTable = fc.constantFrom("public.t", "public.u", "t", "u");
const column = fc.constantFrom("a", "b", "c", "id", "k", "m", "n", "t_id", "u_id", "p");
const newColumn = fc.constantFrom("a", "d", "e", "f", "x", "y");
const anyColumn = fc.oneof(column, newColumn);
const type = fc.constantFrom(
  "int",
  "bigint",
  "text",
  "serial",
  "public.mood",
  "positive",
  "public.pair",
  "t",
  "public.v",
);
const view = fc.constantFrom("public.v", "vv", "app.star", "public.mv", "public.new_view", "w");
const routine = fc.constantFrom("f", "public.g", "public.reads_t", "public.plain", "app.f");
const newName = fc.constantFrom(
  "x",
  "y",
  "t",
  "public.new_view",
  "app.t",
  "t_a_idx",
  "t_d_key",
  "public.t_d_idx",
  "u_id_seq",
);
const bare = fc.constantFrom(
  "x",
  "y",
  "z",
  "t",
  "u",
  "t_a_idx",
  "t_d_idx",
  "t_a_key",
  "t_d_check",
  "t_pkey",
  "fires",
);
const expression = fc.constantFrom(
  "a > 0",
  "d is null",
  "f(a) > 1",
  "length(b) > 1",
  "public.g(a) = 2",
  "true",
  "id > (x).a",
);

/** A statement with its places filled in. */
const say = (parts: TemplateStringsArray, ...values: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...values).map((filled) => String.raw({ raw: parts }, ...filled));

const cascade = fc.constantFrom("", "", " cascade");
const maybeName = fc.oneof(bare, fc.constant(""));

const alterTable = fc.oneof(
  say`alter table ${table} add column ${newColumn} ${type}`,
  say`alter table ${table} add ${newColumn} int default ${fc.constantFrom("1", "f(1)", "nextval('counter')")}`,
  say`alter table ${ownTable} add column ${newColumn} int ${fc.constantFrom("unique", "check (id > 0)", "references public.u", "references t (id)", "not null", "generated always as identity", "generated always as (a + 1) stored", "primary key")}`,
  say`alter table ${table} drop column ${anyColumn}${cascade}`,
  say`alter table ${table} alter column ${anyColumn} type ${fc.constantFrom("bigint", "text", "numeric")}`,
  say`alter table ${table} alter column ${anyColumn} set ${fc.constantFrom("not null", "default null", "statistics 7", "storage external")}`,
  say`alter table ${table} alter column ${anyColumn} drop ${fc.constantFrom("not null", "default")}`,
  say`alter table ${table} rename column ${anyColumn} to ${newColumn}`,
  say`alter table ${ownTable} add ${fc.constantFrom("", "constraint x ", "constraint t_a_key ", "constraint t_d_check ")}${fc.constantFrom("check (a > 1)", "check (a > id)", "unique (a)", "unique (d)", "foreign key (a) references public.t (id)", "foreign key (a) references public.u (a)", "check (f(a) > 0)")}`,
  say`alter table ${table} drop constraint ${fc.constantFrom("x", "t_pkey", "u_a_key", "u_pkey", "w_u_id_fkey", "u_t_id_fkey")}${cascade}`,
  say`alter table ${ownTable} rename constraint ${fc.constantFrom("t_pkey", "u_a_key", "u_t_id_fkey")} to ${bare}`,
  say`alter table ${table} rename to ${bare}`,
  say`alter table ${table} set schema ${fc.constantFrom("app", "public")}`,
  say`alter table ${table} ${fc.constantFrom("enable row level security", "force row level security", "set (fillfactor = 70)", "set unlogged", "set (autovacuum_enabled = false)", "replica identity full", "owner to postgres", "disable trigger all", "replica identity using index t_pkey", "cluster on t_pkey")}`,
  say`alter table public.child ${fc.constantFrom("no inherit public.parent", "add column d int")}`,
  say`create table ${bare} (id int, k int, a text, s bigint); insert into ${bare} values (4, 25, 'x', 1)`,
  say`create table x as select 4 as id, 25 as k, 'x' as a, 1::bigint as s; alter table public.parted attach partition x for values from (20) to (30)`,
  say`alter table public.parted ${fc.constantFrom("detach partition public.parted_1", "add column d int", "add primary key (id, k)")}`,
);

const create = fc.oneof(
  say`create table ${newName} (id int ${fc.constantFrom("primary key", "unique", "")}, ${newColumn} ${type})`,
  say`create table ${newName} (id serial, a int references ${ownTable}, check (a > 0))`,
  say`create table ${newName} (like ${table} including all)`,
  say`create table ${newName} (z2 int) inherits (public.parent)`,
  say`create table ${bare} partition of public.parted for values from (${fc.constantFrom("10", "15")}) to (20)`,
  say`create ${fc.constantFrom("", "unique ")}index ${maybeName} on ${table} (${anyColumn})`,
  say`create index ${maybeName} on ${ownTable} ((${fc.constantFrom("f(a)", "a + 1", "lower(b)")})) ${fc.constantFrom("", "where a > 0", "where f(a) > 0")}`,
  say`create view ${newName} as select ${fc.constantFrom("*", "a", "a, id", "f(a) as f", "t.id", "count(*) as n")} from ${fc.oneof(table, view)} as t`,
  say`create view ${newName} as select ${fc.oneof(column, newColumn)} from ${table} one, ${table} two`,
  say`create view ${newName} as select id, b, count(*) as n from ${ownTable} group by id`,
  say`create view ${newName} as select * from t natural join u`,
  say`create or replace view ${view} as select id, a, b from public.t where a > 1`,
  say`create materialized view ${newName} as select * from ${fc.oneof(table, view)}`,
  say`create table ${newName} as select ${fc.constantFrom("*", "a")} from ${fc.oneof(table, view)}`,
  say`create ${fc.constantFrom("", "or replace ")}function ${routine}(${fc.constantFrom("", "x int", "x text", "x public.mood", "x t")}) returns int language sql as 'select 1'`,
  say`create function ${routine}() returns bigint language sql as 'select count(${anyColumn}) from ${table}'`,
  say`create function ${routine}() returns int language plpgsql as $$ begin perform ${anyColumn} from ${table}; return 1; end $$`,
  say`create function ${routine}(x ${table}) returns int language sql as 'select x.${anyColumn}::text::int'`,
  say`create function ${routine}() returns setof ${table} language sql as 'select * from ${table}'`,
  say`create trigger ${bare} before ${fc.constantFrom("insert", "update", "update of a")} on ${table} for each row execute function public.fires()`,
  say`create policy ${bare} on ${table} using (${expression})`,
  say`create type ${newName} as enum ('x')`,
  say`create type ${newName} as (a int, b ${type})`,
  say`create domain ${newName} as ${fc.constantFrom("int", "public.positive", "text")} check (value is not null)`,
  say`create sequence ${newName} ${fc.constantFrom("", "owned by public.t.a")}`,
  say`create schema ${bare}`,
  say`create statistics ${newName} on ${column}, id from ${table}`,
  say`create rule ${bare} as on insert to ${ownTable} do nothing`,
  say`create index ${maybeName} on public.parted (${fc.constantFrom("a", "k")})`,
  say`create index ${fc.constantFrom("parted_1_a_idx", "parted_1_k_idx", "parted_1_pkey")} on ${ownTable} (a)`,
  say`create publication ${bare} for table ${ownTable} (id, ${column})`,
  say`create function ${routine}(x ${ownTable}.${column}%type) returns int language sql as 'select 1'`,
  say`alter table ${ownTable} add unique (a) include (${column})`,
);

const rest = fc.oneof(
  say`drop table ${table}${cascade}`,
  say`drop view ${view}${cascade}`,
  say`drop materialized view public.mv`,
  say`drop function ${routine}${cascade}`,
  say`drop index ${fc.constantFrom("t_a_idx", "public.u_t_id_a_idx")}`,
  say`drop type ${fc.constantFrom("public.mood", "public.pair", "mood")}${cascade}`,
  say`drop domain positive${cascade}`,
  say`drop trigger fires on app.w`,
  say`drop policy mine on public.u`,
  say`drop sequence counter${cascade}`,
  say`drop schema app cascade`,
  say`drop statistics s`,
  say`alter type mood add value ${fc.constantFrom("'mad'", "'glad'")} ${fc.constantFrom("", "before 'ok'", "after 'sad'")}`,
  say`alter type mood rename value 'ok' to 'fine'`,
  say`alter type public.pair add attribute ${newColumn} int`,
  say`alter type public.pair drop attribute x`,
  say`alter domain positive ${fc.constantFrom("drop constraint positive_check", "add check (value < 9)", "set default 3", "rename to x")}`,
  say`alter view ${fc.constantFrom("public.v", "vv")} rename to ${bare}`,
  say`alter view public.v rename column a to ${newColumn}`,
  say`alter view public.v set (security_barrier = true)`,
  say`alter function f(int) ${fc.constantFrom("stable", "rename to g", "set schema app", "strict")}`,
  say`alter index t_a_idx rename to ${bare}`,
  say`alter sequence counter ${fc.constantFrom("increment 2", "owned by public.u.a", "rename to x", "maxvalue 99")}`,
  say`alter trigger fires on app.w rename to ${bare}`,
  say`alter policy mine on public.u using (${expression})`,
  say`alter schema app rename to ${bare}`,
  say`alter type mood rename to ${bare}`,
  say`alter statistics s rename to ${bare}`,
  say`comment on ${fc.constantFrom("table public.t", "column public.t.a", "column t.d", "view v", "function f(int)", "type mood", "constraint t_pkey on public.t", "index t_a_idx", "schema app", "trigger fires on app.w")} is ${fc.constantFrom("'one'", "'two'", "null")}`,
  say`grant ${fc.constantFrom("select", "insert", "select (a)", "all")} on ${ownTable} to ${fc.constantFrom("public", "postgres")}`,
  say`revoke all on ${ownTable} from public`,
  say`grant execute on function f(int) to public`,
  say`grant usage on schema app to public`,
  say`insert into ${ownTable} (id, a) values (${fc.constantFrom("1, 1", "2, 1", "1, null")})`,
  say`insert into u select id, id, a from ${ownTable}`,
  say`update ${ownTable} set a = ${fc.constantFrom("1", "id", "f(a)")}`,
  say`delete from ${ownTable}`,
  say`insert into public.v values (3, 3)`,
  say`insert into app.w (id, a) values (${fc.constantFrom("8, 8", "9, nextval('counter')")})`,
  say`insert into public.parted values (3, ${fc.constantFrom("3", "4")}, 'c')`,
  say`insert into ${fc.constantFrom("public.parent", "child", "t")} (id, a) select id + 100, a from ${fc.oneof(table, view)}`,
  say`update ${fc.constantFrom("app.w", "parent", "only parent", "child", "parted", "parted_1", "v")} set ${fc.constantFrom("a = null", "id = id + 10")}`,
  say`update u set a = (select max(a) from ${fc.oneof(table, view)})`,
  say`delete from ${fc.constantFrom("app.w", "parent", "parted_1", "v", "u where a = 1")}`,
  say`truncate ${fc.constantFrom("app.w", "parent", "parted", "u cascade")}`,
  say`with gone as (delete from app.w returning id) insert into u (id) select id + 50 from gone`,
  say`merge into public.child using t on t.id = child.id when matched then update set z = t.a`,
  say`select count(*) as n into ${bare} from ${fc.oneof(table, view)}`,
  say`alter table ${table} add ${newColumn} bigint default ${fc.constantFrom("reads_t()", "plain()", "nextval('counter')")}`,
  say`alter table ${table} alter a type int using ${fc.constantFrom("a + 1", "-a", "reads_t()")}`,
  say`refresh materialized view mv`,
  say`do $$ begin update public.t set a = 3; end $$`,
);

/** One to three statements, as one agent wants to run them. */
export const randomChange: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: alterTable },
      { weight: 3, arbitrary: create },
      { weight: 3, arbitrary: rest },
    ),
    {
      minLength: 1,
      maxLength: 2,
    },
  )
  .map((statements) => statements.join(";\n"));
