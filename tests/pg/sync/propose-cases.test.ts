import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRules } from "../../../src/sync/rules-file.ts";
import { testDatabase } from "../../support/database.ts";
import { propose, shortOf } from "../../support/proposal.ts";
import { query } from "../../support/sync.ts";

/** What is proposed for a database that these statements make. */
async function proposedFor(statements: string, given: Parameters<typeof propose>[1] = {}) {
  await using database = await testDatabase();
  await query(database.url, statements);
  return await propose(database, given);
}

const ADDRESSES = "select i, 'person' || i || '@x.example' from generate_series(1, 20) i";

test("joined columns have one rule, where they refer to, that fits all of them", async () => {
  const proposal = await proposedFor(`
    create table account (id int primary key, email text unique);
    create table login (id int primary key, who text references account (email), again text unique references account (email));
    create table note (id int primary key references login, by varchar(60) references account (email));
    insert into account ${ADDRESSES}`);
  expect(shortOf(proposal)).toEqual({
    "account.email": "email",
    "login.who": "-",
    "login.again": "-",
    "note.by": "-",
  });
  expect(proposal.text).toContain(`
  public.note: {} # every column has the rule of the one that it refers to
`);
  expect(proposal.text).toContain("# who: the rule of public.account.email\n");
});

test("a column that refers to another can speak for it", async () => {
  const proposal = await proposedFor(`
    create table book (key text primary key);
    create table entry (id int primary key, phone_number text references book);
    insert into book values ('+49 30 5550011'); insert into entry values (1, '+49 30 5550011')`);
  expect(shortOf(proposal)).toEqual({ "book.key": "phone", "entry.phone_number": "-" });
});

test("tables that are chosen, with a rule where none of the others is", async () => {
  const proposal = await proposedFor(
    `create table account (email text primary key);
     create table login (id int primary key, who text references account);
     create table secret (email text); insert into account values ('a@x.example'); insert into login values (1, 'a@x.example')`,
    { tables: ["*"], exclude: ["account", "sec*"] },
  );
  expect(proposal.result.tables.map(({ table }) => table)).toEqual(["public.login"]);
  expect(shortOf(proposal)).toEqual({ "login.who": "email" });
});

test("unique columns get what keeps values apart, with options or something else, or stay", async () => {
  const proposal = await proposedFor(`
    create table t (first_name text unique, last_name varchar(20) unique, mac text unique, username varchar(10) unique,
      country text unique, birth_date date unique, email varchar(20) unique, notes text unique, religion text unique);
    insert into t values ('Ada', 'Lovelace', '00:1b:44:11:3a:b7', 'ada', 'UK', '1815-12-10', 'a@x.org', 'mail a@x.org', 'none')`);
  expect(shortOf(proposal)).toEqual({
    "t.first_name": "first-name",
    "t.last_name": "pattern",
    "t.mac": "mac",
    "t.username": "pattern",
    "t.email": "pattern",
    "t.notes": "pattern",
  });
  const [{ columns }] = proposal.result.tables as [(typeof proposal.result.tables)[number]];
  const optionsOf = (name: string) => columns.find(({ column }) => column === name)?.options;
  expect(optionsOf("first_name")).toMatchObject({ unique: true });
  expect(optionsOf("mac")).toMatchObject({ keep_flags: true });
  const reasonOf = (name: string) => columns.find(({ column }) => column === name)?.reason;
  expect(reasonOf("country")).toBe(
    "looks like country, which could give two rows of public.t.country the same value",
  );
  expect(reasonOf("email")).toContain("does not fit: an address at example.com takes 32 characters");
});

test("columns that do not fit into one domain have one each", async () => {
  const proposal = await proposedFor(`
    create table a (login text unique); create table b (login varchar(30)); create table c (login varchar(5));`);
  expect(shortOf(proposal)).toEqual({
    "a.login": "username@username",
    "b.login": "username@username",
    "c.login": "username",
  });
});

test("a column of a table with many rows is sampled in all of it, one with few values is found", async () => {
  const proposal = await proposedFor(`
    create table log (id int, line text, rare text);
    insert into log select i, case when i < 20000 then 'x' || i else 'p' || i || '@x.example' end,
      case when i = 5 then 'somebody@x.example' end from generate_series(1, 200000) i`);
  const [line, rare] = proposal.result.tables[0]!.columns.slice(1);
  expect(line).toMatchObject({ anonymizer: "email", values: 1000 });
  expect(rare).toMatchObject({ anonymizer: "email", values: 1, matched: 1 });
});

test("partitions, inherited tables, arrays, domains and odd names", async () => {
  const proposal = await proposedFor(`
    create domain mail as text; create domain mails as mail[];
    create table part (id int, contact text) partition by range (id);
    create table part_1 partition of part for values from (0) to (100);
    create table part_2 partition of part for values from (100) to (200);
    insert into part ${ADDRESSES.replace("i, ", "i + 90, ")};
    create table parent (id int, a mail[]); create table child (b mails) inherits (parent);
    insert into child select i, array['p' || i || '@x.example'], array['q' || i || '@x.example'] from generate_series(1, 9) i;
    create schema "Odd ""S"; create table "Odd ""S"."T: # x" ("null" text, "e-mail # 1" text, "line
break" text, "true" int, "{a}" text);
    create table "no columns" (); create unlogged table empty (email text, note text, x jsonb)`);
  expect(shortOf(proposal)).toEqual({
    "part.contact": "email@email",
    "child.a": "email@email",
    "child.b": "email@email",
    "empty.email": "email@email",
    "empty.note": "text",
    '"Odd ""S"."T: # x".e-mail # 1': "email@email",
  });
  expect(() => parseRules(proposal.text, "x")).not.toThrow();
});

test("a database without tables", async () => {
  await expect(proposedFor("select 1")).rejects.toMatchObject({ code: "SYNC_301" });
});

test("rows that row security hides are an error, as in a sync", async () => {
  await using database = await testDatabase();
  const role = `${database.name}_plain`;
  await query(
    database.url,
    `create table t (email text); alter table t enable row level security;
     create role ${role} login; grant select on t to ${role}`,
  );
  try {
    const url = database.url.replace("postgres@", `${role}@`);
    await expect(propose({ url })).rejects.toMatchObject({ code: "SQL_001" });
  } finally {
    await query(database.url, `drop owned by ${role}; drop role ${role}`);
  }
});

test("any columns: the rules fit, whatever their names, types, keys and values", async () => {
  const listed = (words: string, between = " ") => fc.constantFrom(...words.split(between));
  const names = listed(
    "email phone firstName last_name username birth_date notes payload ip mac iban ssn password token url salary age lat country zip photo x id",
  );
  const types = listed(
    "text varchar(8) varchar(25) char(11) citext name int bigint numeric(5,2) date timestamptz inet macaddr uuid jsonb json bytea text[] bool float8 point",
  );
  const values = listed(
    'ada@x.example|+49 30 555001|192.0.2.1|00:1b:44:11:3a:b7|DE89370400440532013000|x|536-90-4399|{"email": "a@x.org", "a": [1]}|1|2020-01-01|t|{a}|(1,2)|\\x00|6fa459ea-ee8a-3ca4-894e-db77e160355e',
    "|",
  );
  const column = fc.record({
    name: names,
    type: types,
    unique: fc.boolean(),
    notNull: fc.boolean(),
    value: values,
  });
  const table = fc.uniqueArray(column, { selector: ({ name }) => name, minLength: 1, maxLength: 8 });
  await using database = await testDatabase();
  await query(database.url, "create extension if not exists citext");
  await fc.assert(
    fc.asyncProperty(fc.array(table, { minLength: 1, maxLength: 4 }), async (tables) => {
      const statements = tables.flatMap((columns, i) => {
        const unique = columns.filter(({ type, unique: is }) => is && !/json|point/.test(type));
        return [
          `create table t${i} (${columns.map(({ name, type, notNull }) => `"${name}" ${type}${notNull ? " not null" : ""}`).join(", ")})`,
          ...unique.map(({ name }) => `alter table t${i} add unique ("${name}")`),
          ...columns.map(
            ({ name, value }) =>
              `do $$ begin insert into t${i} ("${name}") values ('${value}'); exception when others then end $$`,
          ),
          ...tables
            .slice(0, i)
            .flatMap((others, j) =>
              others.map(
                ({ name }) =>
                  `do $$ begin alter table t${i} add foreign key ("${name}") references t${j} ("${name}") not valid; exception when others then end $$`,
              ),
            ),
        ];
      });
      await query(
        database.url,
        `drop schema public cascade; create schema public; create extension citext; ${statements.join(";")}`,
      );
      const first = await propose(database);
      expect((await propose(database, { existing: first.text })).text).toBe(first.text);
    }),
    { numRuns: 40 },
  );
});
