import { expect, test } from "vitest";
import { sync, syncPlan } from "../../../src/sync/sync.ts";
import { query, syncPair } from "../../support/sync.ts";

const SCHEMA = `
  create table country (id int primary key);
  create table client (id int primary key, country int references country, email text unique);
  create table purchase (id int primary key, client int not null references client, email text references client (email));
  create table unrelated (id int primary key)`;
const ROWS = `
  insert into country select generate_series(1, 20);
  insert into client select i, 1 + i % 20, 'c' || i || '@real.org' from generate_series(1, 200) i;
  insert into purchase select i, 1 + i % 200, 'c' || (1 + i % 200) || '@real.org' from generate_series(1, 1000) i;
  insert into unrelated select generate_series(1, 7);
  analyze`;
const RULES = `
version: 1
tables:
  country: {referenced: only, columns: {id: keep}}
  client: {where: "id <= 10", columns: {id: keep, email: email}}
  purchase: {columns: {id: keep}}
  unrelated: {columns: {id: keep}}
`;

test("rows are chosen by rules, and what refers to them comes along, masked alike", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  const result = await sync(pair.request({ rules: RULES }));
  expect(result.tables).toEqual({
    "public.client": 10,
    "public.country": 10,
    "public.purchase": 50,
    "public.unrelated": 7,
  });
  const [found] = await query(
    pair.target.url,
    `select (select count(*) from purchase p join client c on c.id = p.client and c.email = p.email) as joined,
      (select bool_and(convalidated) from pg_constraint where contype = 'f') as valid`,
  );
  expect(found).toEqual({ joined: 50, valid: true });
});

test("the plan says why, and guesses how much", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  const { tables } = await syncPlan(pair.request({ rules: RULES }));
  const told = Object.fromEntries(
    tables.map(({ table, rows, estimated_rows }) => [table, [rows, estimated_rows]]),
  );
  expect(told).toEqual({
    "public.client": ["its own rule", expect.any(Number)],
    "public.country": [expect.stringContaining("referenced by"), expect.any(Number)],
    "public.purchase": [expect.stringContaining("public.client"), expect.any(Number)],
    "public.unrelated": [null, 7],
  });
  expect(await query(pair.target.url, "select from client")).toEqual([]);
});

test("a condition that is none is refused", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  const rules = RULES.replace("id <= 10", "true) or (true; drop table client");
  await expect(sync(pair.request({ rules }))).rejects.toMatchObject({ code: "SYNC_302" });
});
