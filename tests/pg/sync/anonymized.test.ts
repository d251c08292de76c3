import { expect, test } from "vitest";
import { masterKey } from "../../../src/sync/keyed/master-key.ts";
import { sync } from "../../../src/sync/sync.ts";
import { query, syncPair } from "../../support/sync.ts";

const SCHEMA = `
  create table account (email text primary key, phone varchar(20), phones text[], note text, age int);
  create table login (id int primary key, email text not null references account, mirror text)`;

const ROWS = `
  insert into account select 'person' || i || '@real.org', '+49 170 ' || (1000000 + i), array['0170-' || i, null], 'note ' || i, i % 90
    from generate_series(1, 500) i;
  insert into account values (E'tab\\t@real.org', null, null, null, null);
  insert into login select i, 'person' || (1 + i % 500) || '@real.org', 'person' || (1 + i % 500) || '@real.org' from generate_series(1, 900) i`;

const RULES = `
version: 1
tables:
  public.account:
    columns:
      email: {anonymizer: email, domain: people}
      phone: phone
      phones: {anonymizer: phone}
      note: null
      age: keep
  login:
    columns:
      id: keep
      mirror: {anonymizer: email, domain: people}
`;

const TABLES = ["select * from account order by 1", "select * from login order by 1"];
const contents = (url: string) => Promise.all(TABLES.map((text) => query(url, text)));

test("personal data is replaced, and what belongs together still does", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  const result = await sync(pair.request({ rules: RULES }));
  const copied = JSON.stringify(await contents(pair.target.url));
  expect(copied.match(/real\.org|person|note \d/g)).toBeNull();
  expect(result).toMatchObject({ anonymized: true, tables: { "public.account": 501, "public.login": 900 } });
  expect(result.details[0]?.masked).toContainEqual({
    column: "email",
    anonymizer: "email",
    domain: "domain people",
    values: 501,
    nulls: 0,
    empty: 0,
    unchanged: 0,
  });
  expect(result.joins.map(({ by, from, before, after }) => [by, from, before, after])).toEqual([
    ["login_email_fkey", "public.login", 900, 900],
    ["domain people", "public.account", 500, 500],
    ["domain people", "public.login", 900, 900],
  ]);
  const [joins] = await query(
    pair.target.url,
    `select (select count(*) from login join account using (email)) as joined,
      (select count(*) from login l join account a on a.email = l.mirror) as mirrored,
      (select count(distinct phone) from account) as phones, (select count(*) from account where note is not null) as notes,
      (select count(*) from account where phone ~ '^[+]\\d\\d \\d{3} \\d{7}$') as laid_out, (select sum(age) from account) as age,
      (select count(*) from account where phones[1] ~ '^\\d{4}-\\d+$' and phones[2] is null) as lists`,
  );
  const [ages] = await query(pair.source.url, "select sum(age) as age from account");
  expect(joins).toEqual({
    joined: 900,
    mirrored: 900,
    phones: 500,
    notes: 0,
    laid_out: 500,
    lists: 500,
    ...ages,
  });
});

test("the same key gives the same copy, another key another", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  const request = { rules: RULES, replace: true };
  const first = await sync(pair.request(request));
  const copy = await contents(pair.target.url);
  const again = await sync(pair.request({ ...request, inPlace: true, jobs: 1 }));
  expect(await contents(pair.target.url)).toEqual(copy);
  expect(again.details.map(({ checksum }) => checksum)).toEqual(
    first.details.map(({ checksum }) => checksum),
  );
  const other = await sync(pair.request({ ...request, key: () => masterKey("a key of the tests, 2") }));
  expect(await contents(pair.target.url)).not.toEqual(copy);
  expect(other.key_id).not.toBe(first.key_id);
});

const refusal = async (rules: string | undefined, given: object = {}) => {
  await using pair = await syncPair(SCHEMA, "insert into account values ('a@real.org', '0170 1')");
  const error: unknown = await sync(
    pair.request({ ...(rules === undefined ? {} : { rules }), ...given }),
  ).catch((thrown: unknown) => thrown);
  expect(
    await query(
      pair.target.url,
      "select to_regnamespace('confiture') as made, (select count(*) from account) as rows",
    ),
  ).toEqual([{ made: null, rows: 0 }]);
  return error;
};

test.each([
  ["a column without a rule", RULES.replace("age: keep", ""), "ANON_1403", "public.account.age"],
  [
    "an unknown table",
    RULES.replace("login:", "logins:"),
    "SYNC_301",
    "no table logins; did you mean login?",
  ],
  [
    "an unknown column",
    RULES.replace("note:", "notes:"),
    "SYNC_301",
    "no column public.account.notes; did you mean note?",
  ],
  [
    "an anonymizer for another type",
    RULES.replace("age: keep", "age: phone"),
    "ANON_1400",
    "phone cannot stand in for integer",
  ],
  [
    "different rules for joined columns",
    `${RULES}      email: phone\n`,
    "ANON_1400",
    "they need the same rule",
  ],
  ["null in a primary key", RULES.replace("id: keep", "id: null"), "ANON_1400", "not nullable"],
])("%s is refused before anything is written", async (_, rules, code, message) => {
  expect(await refusal(rules)).toMatchObject({ code, message: expect.stringContaining(message) });
});

test("a missing key is an error", async () => {
  const key = () => masterKey(undefined);
  expect(await refusal(RULES, { key })).toMatchObject({ code: "ANON_1402" });
});

test("a value that the target refuses is not repeated in the error", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  const check = "alter table account add check (age < 80)";
  await query(pair.target.url, check);
  const failure: unknown = await sync(pair.request({ rules: RULES })).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "SYNC_303", message: expect.stringContaining("account_age_check") });
  expect(JSON.stringify(failure).match(/real\.org|@example/g)).toBeNull();
});

test("in a domain without a unique column more rows may find one, as two values may have one result", async () => {
  const few = (from: number) =>
    `select '5-' || lpad((i + ${from})::text, 3, '0') from generate_series(0, 599) i`;
  await using pair = await syncPair(
    "create table a (phone text); create table b (phone text)",
    `insert into a ${few(0)}; insert into b ${few(400)}`,
  );
  const phone = "{columns: {phone: {anonymizer: phone, domain: phone}}}";
  const { joins } = await sync(
    pair.request({ rules: `version: 1\ntables:\n  a: ${phone}\n  b: ${phone}\n` }),
  );
  expect(joins).toEqual([expect.objectContaining({ by: "domain phone", before: 200 })]);
  expect(joins[0]!.after).toBeGreaterThan(200);
});

test("joins that would not survive are an error, and the target is as it was", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  const rules = RULES.replace(
    "mirror: {anonymizer: email, domain: people}",
    "mirror: {anonymizer: email, domain: people, host: example.org}",
  );
  await expect(sync(pair.request({ rules }))).rejects.toMatchObject({
    code: "SYNC_306",
    message: expect.stringContaining("by domain people (900 row(s), 0 in the copy)"),
    context: { details: { target: expect.stringContaining("as it was before") } },
  });
  expect(await contents(pair.target.url)).toEqual([[], []]);
});
