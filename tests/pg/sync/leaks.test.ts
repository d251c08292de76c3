import { expect, test } from "vitest";
import { sync } from "../../../src/sync/sync.ts";
import { query, syncPair } from "../../support/sync.ts";

const SCHEMA = `
  create table person (id int primary key, email text, name text, tags text[], payload jsonb);
  create table log (id int primary key, line text, extra jsonb)`;
const ROWS = `
  insert into person values (1, 'ada@real.org', 'Zyxwvu Qwerty', array['secret tag one'], '{"a": ["deep secret", 5]}'), (2, 'x@y.zz', 'Al', null, null);
  insert into log values (1, 'nothing', null)`;
const RULES = `
version: 1
tables:
  person: {columns: {id: keep, email: email, name: {anonymizer: phone}, tags: null, payload: null}}
  log: {columns: {id: keep, line: keep, extra: keep}}
`;

const leaksOf = async (change: string, inPlace = false) => {
  await using pair = await syncPair(SCHEMA, `${ROWS};${change}`);
  await query(pair.target.url, "insert into log values (7, 'was here')");
  const error: unknown = await sync(pair.request({ rules: RULES, replace: true, inPlace })).catch(
    (e: unknown) => e,
  );
  expect(JSON.stringify(error).match(/ada@real|Zyxwvu|secret/g)).toBeNull();
  return {
    error,
    left: await query(pair.target.url, "select line, to_regnamespace('confiture') as records from log"),
  };
};

test.each([
  ["as a whole", "update log set line = 'ada@real.org'", "public.person.email", "public.log.line"],
  [
    "as a word",
    "update log set line = 'from <ada@real.org>, today'",
    "public.person.email",
    "public.log.line",
  ],
  [
    "inside of JSON",
    `update log set extra = '{"by": "Zyxwvu Qwerty"}'`,
    "public.person.name",
    "public.log.extra",
  ],
  [
    "an element of an array",
    "update log set line = 'secret tag one'",
    "public.person.tags",
    "public.log.line",
  ],
  ["a leaf of JSON", "update log set line = 'deep secret'", "public.person.payload", "public.log.line"],
])("a value that is found %s", async (_, change, from, place) => {
  const { error, left } = await leaksOf(change);
  expect(error).toMatchObject({ code: "SYNC_304", exit: 5 });
  expect(error).toMatchObject({ context: { details: { leaks: [{ from, found_in: place, times: 1 }] } } });
  expect(left).toEqual([{ line: "was here", records: null }]);
});

test("what was loaded in place is emptied again", async () => {
  const { error, left } = await leaksOf("update log set line = 'ada@real.org'", true);
  expect(error).toMatchObject({
    code: "SYNC_304",
    context: { details: { target: "the tables were emptied again" } },
  });
  expect(left).toEqual([]);
});

test("part of a longer word is none, and what tells nothing is counted", async () => {
  await using pair = await syncPair(
    SCHEMA,
    `${ROWS}; update log set line = 'ada@real.organic, xada@real.org'`,
  );
  const { leak_scan: scan } = await sync(pair.request({ rules: RULES, scan: "full" }));
  expect(scan).toEqual({
    extent: "full",
    values: 5,
    untold: { "public.person.name": 1 },
    unsearched: [],
    leaks: [],
  });
});

test("a copy in which nothing is masked is not searched", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  expect((await sync(pair.request())).leak_scan).toBeNull();
});

test("a column whose rule says so is not searched, and the result names it", async () => {
  await using pair = await syncPair(SCHEMA, `${ROWS}; update log set line = 'ada@real.org'`);
  const rules = RULES.replace("line: keep", "line: {anonymizer: keep, searched: false}");
  const { leak_scan: scan } = await sync(pair.request({ rules }));
  expect(scan).toMatchObject({ unsearched: ["public.log.line"], leaks: [] });
});
