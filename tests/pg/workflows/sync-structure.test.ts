import { expect, test } from "vitest";
import { ConfitureError } from "../../../src/base/errors.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sync as copy } from "../../../src/sync/sync.ts";
import { refuseOtherStructure } from "../../../src/workflows/sync-structure.ts";
import { sync, syncPlan } from "../../../src/workflows/sync.ts";
import { testLog } from "../../support/log.ts";
import { type Pair, query, syncPair } from "../../support/sync.ts";

const SCHEMA = `
  create type inner_part as enum ('x', 'y');
  create type part as (a int, b inner_part);
  create domain positive as int check (value > 0);
  create type unused as enum ('z');
  create function stop() returns trigger language plpgsql as $$ begin return new; end $$;
  create table owner (id serial primary key, name text not null default 'nobody', note part, count positive);
  create table pet (id int generated always as identity primary key, owner int references owner, check (id > 0));
  create index pet_owner on pet (owner);
  create trigger stop before insert on pet for each row execute function stop();
  alter table pet enable row level security;
  create policy own on pet using (true);
  create table visit (at date not null, pet int) partition by range (at);
  create table visit_1 partition of visit for values from ('2024-01-01') to ('2025-01-01') partition by hash (pet);
  create table visit_1_0 partition of visit_1 for values with (modulus 1, remainder 0);
  create table other (id int)`;

const ROWS = "insert into owner (name, count) values ('Ada', 1); insert into visit values ('2024-05-05', 1)";

const SAFETY = { protected: false, isAnonymized: false, schemaCheck: true };

const problemsOf = async (work: Promise<unknown>): Promise<unknown> => {
  const error = await work.then(
    () => new Error("nothing was thrown"),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfitureError);
  expect(error).toMatchObject({ code: "SYNC_301" });
  return (error as ConfitureError).context.details?.["problems"];
};

const exclude = ["other"];
const plan = (pair: Pair) => syncPlan(pair.request({ exclude }), SAFETY);

test("what owners, grants, comments and tables that are not copied are like does not count", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  await query(
    pair.target.url,
    `comment on table owner is 'here only'; grant select on pet to public; alter table other add extra text;
     create view pets as select * from pet; alter type unused add value 'w'; create table more (id int)`,
  );
  expect(await plan(pair)).toMatchObject({ dry_run: true });
  const target = {
    url: pair.target.url,
    environment: {},
    trackingTable: "tb_confiture",
    migrationsDir: "",
    log: testLog(),
  };
  const result = await sync(target, pair.request({ exclude }), SAFETY);
  expect(result.tables).toMatchObject({ "public.owner": 1, "public.visit": 1 });
});

test.each([
  [
    "alter table owner alter name set default 'x'",
    "~ default public.owner.name: expression 'nobody'::text -> 'x'::text",
  ],
  ["alter table owner alter name drop not null", "- not-null public.owner.name"],
  ["alter table owner add extra int", "+ column public.owner.extra"],
  ["alter sequence owner_id_seq increment by 2", "~ sequence public.owner_id_seq: increment 1 -> 2"],
  ["drop index pet_owner", "- index public.pet_owner"],
  ["alter table pet drop constraint pet_id_check", "- check-constraint public.pet.pet_id_check"],
  ["alter table pet drop constraint pet_owner_fkey", "- foreign-key public.pet.pet_owner_fkey"],
  ["alter table pet disable trigger stop", "~ trigger public.pet.stop: enabled origin -> disabled"],
  ["drop policy own on pet", "- policy public.pet.own"],
  ["alter table pet disable row level security", "~ table public.pet: row_security true -> false"],
  ["alter type inner_part add value 'z'", "~ enum public.inner_part"],
  ["alter domain positive add check (value < 9)", "+ check-constraint public.positive.positive_check1"],
  ["create table visit_2 partition of visit default", "+ table public.visit_2"],
  ["drop table visit_1_0", "- table public.visit_1_0"],
  ["create index on visit_1_0 (at)", "+ index public.visit_1_0_at_idx"],
])("%s", async (statement, told) => {
  await using pair = await syncPair(SCHEMA, ROWS);
  await query(pair.target.url, statement);
  const problems = await problemsOf(plan(pair));
  expect(problems).toEqual([expect.stringMatching(new RegExp(`^${escaped(told)}`, "u"))]);
});

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

test("a type of which only one table says that it uses it is no difference of its own", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  await query(pair.target.url, "alter table owner alter count type int");
  expect(await problemsOf(plan(pair))).toEqual([
    "~ column public.owner.count: type public.positive -> integer",
  ]);
});

test("the first differences are in the message, and nothing was written", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  await query(pair.target.url, "drop table visit, pet; drop sequence owner_id_seq cascade");
  const work = plan(pair);
  await expect(work).rejects.toThrow(
    /^the target differs from the source \(- only in the source, \+ only in the target\): - .*; - .*; - .*; and \d more$/,
  );
  expect(await problemsOf(work)).toContainEqual(expect.stringMatching(/^- table public\.visit \(with /));
  expect(await query(pair.target.url, "select to_regnamespace('confiture') as left")).toEqual([
    { left: null },
  ]);
});

test("servers of two major versions cannot be compared", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  await using target = await Connection.open(pair.target.url);
  const source = Object.create(target, { server: { value: { ...target.server, major: 12 } } }) as Connection;
  await expect(refuseOtherStructure({ source, target, tables: [] })).rejects.toMatchObject({
    code: "DIFFER_401",
    message: expect.stringContaining("the source is on PostgreSQL 12 and the target on"),
  });
});

test("a target that an interrupted sync in place left is not compared", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  const stop = new AbortController();
  const request = pair.request({
    exclude,
    inPlace: true,
    signal: stop.signal,
    onProgress: ({ rows }) =>
      rows > 0 && stop.abort(new ConfitureError("INTERRUPTED", "stopped by the test")),
  });
  await expect(copy(request)).rejects.toMatchObject({ code: "INTERRUPTED" });
  await expect(plan(pair)).rejects.toThrow(/interrupted sync in place left the target without/);
});
