import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Proposal } from "../../../src/sync/propose.ts";
import { parseRules } from "../../../src/sync/rules-file.ts";
import { sync } from "../../../src/sync/sync.ts";
import { testDatabase, type TestDatabase } from "../../support/database.ts";
import { propose, shortOf } from "../../support/proposal.ts";
import { query, syncPair } from "../../support/sync.ts";

/** All that is personal in some way, in English, and some in German and French. */
const SCHEMA = `
  create type mood as enum ('sad', 'happy');
  create domain address_of_mail as text check (value like '%@%');
  create table customer (
    id int generated always as identity primary key, email text not null unique, "firstName" text, "lastName" varchar(40),
    phone varchar(20), birth_date date, street text, city text, zip varchar(10), country char(2), mood mood, active boolean,
    salary numeric(10, 2), last_login_ip inet, password_hash text, api_token text unique, notes text, ssn char(11) unique,
    avatar bytea, website text, login varchar(12) unique, created_at timestamptz default now(),
    label text generated always as ("lastName" || '!') stored);
  create table orders (
    id int primary key, customer_id int not null references customer, contact address_of_mail, recipient text, ship_to text,
    created_by text, status text, total numeric, payload jsonb, tags text[], mails text[], session uuid, device_id uuid);
  create table kunde (
    nr int primary key, vorname text, nachname text, geburtsdatum date, "straße" text, plz text, ort text, telefon text,
    email text, bemerkung text, iban text);
  create table personne (
    id int primary key, "prénom" text, nom text, date_naissance date, adresse text, code_postal text, ville text,
    courriel text, mot_de_passe text);
  create table country (code char(2) primary key, name text unique);
  create table visit (id int primary key, country_code char(2) references country, ip text, x text, y text, z text);
  create table plain (
    id bigint primary key, name text, title text, description text, price numeric, slug text unique, at timestamptz,
    email_count int, email_template text, mobile text, post text, ref uuid);`;

const ROWS = `
  insert into customer (email, "firstName", "lastName", phone, birth_date, street, city, zip, country, mood, active,
    salary, last_login_ip, password_hash, api_token, notes, ssn, avatar, website, login)
  select 'user' || i || '@mail' || i || '.example', 'Xaver' || i, 'Quillon' || i, '+49 30 55500' || (100 + i), date '1970-01-01' + i * 100,
    i || ' Quillstreet Road', 'Xtown' || i, lpad((10000 + i * 7)::text, 5, '0'), 'DE', 'happy', true, 1000 + i,
    ('10.0.0.' || i)::inet, '$2b$12$' || repeat(md5(i::text), 2), 'ghp_' || md5('t' || i) || md5('u' || i),
    case when i % 3 = 0 then 'Please mail user' || i || '@mail' || i || '.example, or call +49 30 55500' || (100 + i) else 'Nothing to say' end,
    '536-90-' || (4000 + i), '\\x00', 'https://quill' || i || '.example/about', 'quill' || i
  from generate_series(1, 60) i;
  insert into orders select i, 1 + i % 60, 'user' || (1 + i % 60) || '@mail' || (1 + i % 60) || '.example', 'Ms Recipient ' || i, i % 60 + 1 || ' Quillstreet Road',
    'Quillon' || (1 + i % 50), case i % 3 when 0 then 'open' when 1 then 'paid' else 'sent' end, i,
    jsonb_build_object('kind', 'x', 'buyer', jsonb_build_object('email', 'user' || (1 + i % 60) || '@mail' || (1 + i % 60) || '.example', 'firstName', 'Xaver' || i),
      'lines', jsonb_build_array(jsonb_build_object('sku', 'S' || i, 'contact', '+49 30 66600' || (100 + i)))),
    array['red', 'blue'], array['list' || i || '@mails.example'], gen_random_uuid(), gen_random_uuid() from generate_series(1, 90) i;
  insert into kunde select i, 'Änne' || i, 'Öztürk' || i, date '1960-05-05' + i, 'Lindenweg ' || i, (20000 + i)::text, 'Görlitzen' || i, '0351 77' || (1000 + i),
    'kunde' || i || '@post.example', 'Rückruf unter 0351 77' || (1000 + i), 'DE89 3704 0044 0532 0130 00' from generate_series(1, 20) i;
  insert into personne select i, 'Zoé' || i, 'Lefèvrex' || i, date '1980-01-01' + i, i || ' rue des Tilleulx', (75000 + i)::text, 'Villeneuvex' || i,
    'zoe' || i || '@poste.example', 'motdepasse' || i from generate_series(1, 20) i;
  insert into country values ('DE', 'Germany'), ('FR', 'France'), ('IT', 'Italy');
  insert into visit select i, (array['DE', 'FR', 'IT'])[1 + i % 3], '192.0.2.' || i, 'mail' || i || '@visit.example', '4111 1111 1111 1111', 'v' || i
    from generate_series(1, 40) i;
  insert into plain select i, 'Lamp ' || i, 'A lamp ' || i, 'A lamp that stands on a table and gives light', i, 'lamp-' || i, now(), i, 'welcome', 'android',
    'A longer text about lamps, of 2024', gen_random_uuid() from generate_series(1, 30) i;`;

describe("a database with all sorts of personal data", () => {
  let database: TestDatabase;
  let proposal: Proposal;
  beforeAll(async () => {
    database = await testDatabase();
    await query(database.url, `${SCHEMA} ${ROWS}`);
    proposal = await propose(database);
  });
  afterAll(() => database[Symbol.asyncDispose]());

  test("is recognised, and nothing else", () => {
    expect(shortOf(proposal)).toEqual({
      "customer.email": "email@email",
      "customer.firstName": "first-name",
      "customer.lastName": "last-name@customer_last_name",
      "customer.phone": "phone@phone",
      "customer.birth_date": "birth-year",
      "customer.street": "street@customer_street",
      "customer.city": "city",
      "customer.zip": "postal-code",
      "customer.country": "country",
      "customer.salary": "noise",
      "customer.last_login_ip": "ip@ip",
      "customer.password_hash": "password-hash",
      "customer.api_token": "token",
      "customer.notes": "text",
      "customer.ssn": "national-id",
      "customer.avatar": "null",
      "customer.website": "url",
      "customer.login": "pattern",
      "orders.contact": "email@email",
      "orders.recipient": "full-name",
      "orders.ship_to": "street@customer_street",
      "orders.created_by": "last-name@customer_last_name",
      "orders.payload": "json",
      "orders.mails": "email@email",
      "orders.device_id": "uuid",
      "kunde.vorname": "first-name",
      "kunde.nachname": "last-name",
      "kunde.geburtsdatum": "birth-year",
      "kunde.straße": "street",
      "kunde.plz": "postal-code",
      "kunde.ort": "city",
      "kunde.telefon": "phone@phone",
      "kunde.email": "email@email",
      "kunde.bemerkung": "text",
      "kunde.iban": "iban",
      "personne.prénom": "first-name",
      "personne.nom": "last-name",
      "personne.date_naissance": "birth-year",
      "personne.adresse": "street",
      "personne.code_postal": "postal-code",
      "personne.ville": "city",
      "personne.courriel": "email@email",
      "personne.mot_de_passe": "password-hash",
      "visit.ip": "ip@ip",
      "visit.x": "email@email",
      "visit.y": "credit-card",
    });
  });

  test("says why, and no value", () => {
    const lines = proposal.text.split("\n");
    const lineOf = (word: string) => lines.find((line) => line.includes(word))!.trim();
    expect(lineOf("contact: {")).toMatch(
      /^contact: \{ anonymizer: email, domain: email \} # 100 % of 60 value\(s\) look like email; one domain with public\.\w+\.\w+, .* and \d more$/,
    );
    expect(lineOf("# customer_id:")).toBe("# customer_id: the rule of public.customer.id");
    expect(lineOf("created_by: {")).toContain("# 100 % of 50 value(s) are those of public.customer.lastName");
    expect(lineOf("email_template:")).toBe(
      "email_template: keep # its name looks like email, but 100 % of 1 value(s) do not",
    );
    expect(lineOf("login: ")).toContain(
      "pattern # by its name; looks like username, which could give two rows of public.customer.login the same value",
    );
    const told = proposal.text + JSON.stringify(proposal.result);
    expect(told).not.toMatch(
      /Quillon|Xaver|quill\d|mail\d|ghp_|536-90|Öztürk|Görlitzen|Lefèvrex|motdepasse|55500|Lamp |DE89/,
    );
  });

  test("JSON and text have the domain of columns of the same kind inside", () => {
    const { tables } = parseRules(proposal.text, "x");
    const ruleOf = (table: string, name: string) =>
      tables.find((one) => one.table === table)!.columns.find(({ column }) => column === name)!.rule;
    expect(ruleOf("public.orders", "payload").options).toEqual({
      paths: {
        "buyer.email": { anonymizer: "email", domain: "email" },
        "buyer.firstName": "first-name",
        "lines.*.contact": { anonymizer: "phone", domain: "phone" },
      },
      keys: {},
      others: "keep",
    });
    expect(ruleOf("public.customer", "notes").options).toMatchObject({
      rules: { email: { anonymizer: "email", domain: "email" } },
    });
  });

  test("every column is in the file, or is generated, or has the rule of the one that it refers to", async () => {
    const rules = parseRules(proposal.text, "x");
    const all = await query<{ column: string }>(
      database.url,
      `select format('public.%I.%s', attrelid::regclass, attname) as column from pg_attribute
       where attrelid::regclass::text ~ '^(customer|orders|kunde|personne|country|visit|plain)$' and attnum > 0`,
    );
    const written = rules.tables.flatMap(({ table, columns }) =>
      columns.map(({ column }) => `${table}.${column}`),
    );
    expect(
      all
        .map(({ column }) => column)
        .filter((column) => !written.includes(column))
        .toSorted(),
    ).toEqual(["public.customer.label", "public.orders.customer_id", "public.visit.country_code"]);
  });

  test("the file is complete: a second time there is nothing to add", async () => {
    const again = await propose(database, { existing: proposal.text });
    expect(again.text).toBe(proposal.text);
    expect(again.result).toMatchObject({ outcome: "unchanged", anonymized: 0, kept: 0 });
  });

  test("the same database gives the same file", async () => {
    expect((await propose(database)).text).toBe(proposal.text);
  });
});

test("a sync by the proposed rules finds no value of the source in the copy, and joins survive", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  const { text } = await propose(pair.source);
  const result = await sync(pair.request({ rules: text, scan: "full" }));
  expect(result.leak_scan).toMatchObject({ extent: "full", leaks: [] });
  const counts = await query(
    pair.target.url,
    `select (select count(*)::int from orders join customer c on contact = c.email) as contacts,
       (select count(*)::int from orders join customer c on payload #>> '{buyer,email}' = c.email) as buyers,
       (select count(*)::int from customer where notes like '%' || email || '%') as noted,
       (select count(distinct "lastName")::int from customer where "lastName" in (select created_by from orders)) > 0 as created,
       (select count(*)::int from customer where email like '%mail%.example' or notes like '%mail%.example%') as left`,
  );
  expect(counts).toEqual([{ contacts: 90, buyers: 90, noted: 20, created: true, left: 0 }]);
});
