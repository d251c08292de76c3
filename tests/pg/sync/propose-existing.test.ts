import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { initRules } from "../../../src/sync/propose/init-rules.ts";
import { testDatabase, type TestDatabase } from "../../support/database.ts";
import { testProject } from "../../support/project.ts";
import { propose, shortOf } from "../../support/proposal.ts";
import { query } from "../../support/sync.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await query(
    database.url,
    `create table account (id int primary key, email text unique, phone text, note text);
     create table login (id int primary key, account_id int references account, email text, ip inet);
     create table audit (id int, email text);
     insert into account values (1, 'ada@x.example', '+49 30 5550011', 'nothing');
     insert into login values (1, 1, 'ada@x.example', '192.0.2.1')`,
  );
});
afterAll(() => database[Symbol.asyncDispose]());

const existingText = (text: string) => propose(database, { existing: text });

test("what is there stays byte for byte, and what is missing is added", async () => {
  const { text, result } = await existingText(`# ours
version:   1
exclude: [audit]
tables:
  account:
      columns:
          email:   {anonymizer: email,   domain: people}   # joined by hand

          id: keep
      where: "id > 0"
  # more to come
`);
  expect(text).toBe(`# ours
version:   1
exclude: [audit]
tables:
  account:
      columns:
          email:   {anonymizer: email,   domain: people}   # joined by hand

          id: keep
          phone: phone # 100 % of 1 value(s) look like phone, and so does the name
          note: keep # its name looks like text, but names are not looked for, and nothing else was found in 1 value(s)
      where: "id > 0"
  public.login:
    columns:
      id: keep # neither name nor type looks personal
      # account_id: the rule of a column that foreign keys join with it
      email: { anonymizer: email, domain: people } # 100 % of 1 value(s) look like email, and so does the name; one domain with public.account.email
      ip: ip # by its type
  # more to come
`);
  expect(result).toMatchObject({ outcome: "extended", anonymized: 3, kept: 2, existing: 3 });
  expect(result.tables[0]!.columns[1]).toMatchObject({ existing: true, reason: "as the file says" });
  expect((await existingText(text)).text).toBe(text);
});

test("a rule without a domain has none to share, which is said", async () => {
  const { text, result } = await existingText("version: 1\ntables: {account: {columns: {email: email}}}");
  expect(result.tables.find(({ table }) => table === "public.login")!.columns[2]!.reason).toContain(
    "apart from public.account.email, whose rule has no domain",
  );
  expect(text.startsWith("version: 1\ntables: {account: {columns: {email: email")).toBe(true);
});

test("a name that a domain has already is no name for another", async () => {
  const proposal = await existingText(
    "version: 1\ntables: {account: {columns: {note: {anonymizer: redact, domain: email}}}}",
  );
  expect(shortOf(proposal)).toMatchObject({
    "account.email": "email@email-2",
    "login.email": "email@email-2",
  });
});

test("the older shape is carried over", async () => {
  const { text, result } = await existingText(`# ours
account:
  # the address
  - column: email   # of a person
    strategy: email
    seed: 42
  - {column: note, strategy: text_redaction} # by hand
audit:
  - column: id
    strategy: preserve
`);
  expect(text).toBe(`version: 1
tables:
  # ours
  account:
    columns:
      email: email # the address; of a person
      note: text # by hand
      id: keep # neither name nor type looks personal
      phone: phone # 100 % of 1 value(s) look like phone, and so does the name
  audit:
    columns:
      id: keep
      email: { anonymizer: email, domain: email } # by its name; one domain with public.login.email; apart from public.account.email, whose rule has no domain
  public.login:
    columns:
      id: keep # neither name nor type looks personal
      # account_id: the rule of public.account.id
      email: { anonymizer: email, domain: email } # 100 % of 1 value(s) look like email, and so does the name; one domain with public.audit.email; apart from public.account.email, whose rule has no domain
      ip: ip # by its type
`);
  expect(result.outcome).toBe("carried over");
});

test("an empty file is one that says nothing", async () => {
  expect(shortOf(await existingText("# nothing yet\n"))).toMatchObject({ "account.phone": "phone" });
});

test.each([
  ["CONFIG_002", "version: 2"],
  ["CONFIG_002", "version: 1\ntables: {audit: &a {columns: {id: keep}}, account: *a}"],
  ["SYNC_301", "version: 1\ntables:\n  gone: {columns: {a: keep}}"],
  ["ANON_1400", "version: 1\ntables: {account: {columns: {id: email}}}"],
  ["ANON_1400", "version: 1\ntables: {account: {columns: {id: null}}}"],
  ["ANON_1401", "version: 1\ntables: {account: {columns: {id: emial}}}"],
])("a file that does not do is an error: %s for %s", async (code, text) => {
  await expect(existingText(text)).rejects.toMatchObject({ code });
});

test("the file is written, kept, added to and written anew", async () => {
  using project = testProject();
  const file = "db/sync/rules.yaml";
  const init = (force: boolean) =>
    initRules(
      { url: database.url, name: "x" },
      {},
      {
        path: project.path(file),
        file,
        force,
        ours: [],
        connection: {},
      },
    );
  const read = () => readFileSync(project.path(file), "utf8");
  expect((await init(false)).outcome).toBe("created");
  const first = read();
  expect((await init(false)).outcome).toBe("unchanged");
  expect(read()).toBe(first);
  writeFileSync(project.path(file), first.replace(/^ +phone:.*\n/m, ""));
  expect((await init(false)).outcome).toBe("extended");
  expect(read().split("\n").toSorted()).toEqual(first.split("\n").toSorted());
  expect((await init(true)).outcome).toBe("rewritten");
  expect(read()).toBe(first);
  rmSync(project.path("db"), { recursive: true });
  writeFileSync(project.path("db"), "");
  await expect(init(false)).rejects.toMatchObject({ code: "CONFIG_004" });
});
