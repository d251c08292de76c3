import { expect, test } from "vitest";
import { distinctly } from "../../../../src/coordinate/claims/wanted.ts";
import { wantedOf } from "../../../../src/coordinate/claims/own-footprint.ts";
import { readCatalog } from "../../../../src/coordinate/footprint/catalog.ts";
import { footprintOf } from "../../../../src/coordinate/footprint/footprint.ts";
import { Connection } from "../../../../src/pg/connection.ts";
import { parseScript } from "../../../../src/sql/parse-script.ts";
import { sql } from "../../../../src/sql/tag.ts";
import { testDatabase } from "../../../support/database.ts";

const X = "exclusive ";
const S = "shared ";

const CASES: readonly (readonly [change: string, claims: readonly string[]])[] = [
  ["alter table users add column age int", [`${X}public.users.age`]],
  ["alter table app.orders drop column note", [`${X}app.orders.note`]],
  ["create table public.new (id int)", [`${X}public.new`, `${X}type public.new`]],
  ["create index on users (email)", [`${X}index public.users.users_email_idx`, `${X}public.users_email_idx`]],
  ["create view public.v as select id from users", [`${X}public.v`, `${X}type public.v`, `${S}public.users`]],
  ["create or replace function public.f() returns int language sql as 'select 2'", [`${X}function public.f`]],
  ["update users set email = ''", [`${X}public.users`]],
  ["drop table users", [`${X}public.users`, `${X}type public.users`]],
  ["create schema fresh", [`${X}schema fresh`]],
  ["create type public.mood as enum ('a')", [`${X}type public.mood`]],
  ["do $$ begin execute 'drop table ' || 'users'; end $$", [`${X}database`]],
  ["create extension hstore", [`${X}database`]],
  [
    "alter table app.orders add foreign key (user_id) references users",
    [
      `${X}constraint app.orders.orders_user_id_fkey`,
      `${X}constraint name app.orders_user_id_fkey`,
      `${S}app.orders.user_id`,
      `${S}public.users`,
    ],
  ],
  ["comment on table users is 'x'", [`${X}comment public.users.comment`]],
  ["grant select on users to public", [`${X}privileges of public.users."ROLESPEC_PUBLIC"`]],
];

test.each(CASES)("%s", async (change, claims) => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql`
    create schema app;
    create table public.users (id int primary key, email text);
    create table app.orders (id int, user_id int, note text);
    create function public.f() returns int language sql as 'select 1'`);
  const script = await parseScript({ text: change }, "SCHEMA_200");
  for (const catalog of [await readCatalog(db), null]) {
    const footprint = await footprintOf([script], catalog);
    const wanted = distinctly(await wantedOf(db, footprint));
    expect(wanted.map(({ path, mode }) => `${mode} ${path.at(-1)}`).toSorted()).toEqual(claims);
  }
});
