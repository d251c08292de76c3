import { existsSync, readFileSync } from "node:fs";
import { expect, inject, test } from "vitest";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { testDatabase } from "../support/database.ts";
import { cli, testProject } from "../support/project.ts";

const LIVE = `
  set check_function_bodies = off;
  create table orgs (id int primary key);
  create type mood as enum ('good', 'bad');
  create table users (id bigserial primary key, org int references orgs, mood mood, boss bigint references users);
  create table "Users" (id int);
  create table "2024/a" (id int);
  create index on users (org);
  comment on table users is 'People';
  create function people() returns setof users language sql as 'select id, null::int, null::public.mood, null::bigint from public.later';
  create table later (id int);
  create view every as select id from people();
  create view "all" as select id from every;
  create function touch() returns trigger language plpgsql as 'begin return new; end';
  create trigger touch before update on users execute function touch();
  create function greet() returns int language sql as 'select 1';
  create function greet(who int) returns int language sql as 'select 1';
  alter default privileges grant select on tables to public;
`;

async function bench(text = LIVE) {
  const database = await testDatabase();
  const project = testProject();
  const ask = async (text: string) => {
    await using db = await Connection.open(database.url);
    return await db.rows(sql.raw(text));
  };
  await ask(text);
  const environment = { CONFITURE_DATABASE_URL: database.url, CONFITURE_SCRATCH_URL: inject("serverUrl") };
  return {
    project,
    database,
    ask,
    run: (words: string) => cli(project.dir, words, environment),
    read: (file: string) => readFileSync(project.path(file), "utf8"),
    async [Symbol.asyncDispose]() {
      project[Symbol.dispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

test("a database becomes files, each in a folder that says what it is, and has no drift from them", async () => {
  await using b = await bench();
  await b.ask(`alter database ${b.database.name} set default_transaction_read_only = on`);
  const answer = await b.run("export --format json");
  expect(answer).toMatchObject({ exit: 0, json: { directory: "db/schema", stale: [], warnings: [] } });
  expect(answer.json["files"]).toEqual([
    "000_settings.sql",
    "020_types/public.mood.sql",
    "030_functions/public.greet.sql",
    "030_functions/public.touch.sql",
    "040_tables/public.2024%2Fa.sql",
    "040_tables/public.Users-2.sql",
    "040_tables/public.later.sql",
    "040_tables/public.orgs.sql",
    "040_tables/public.users.sql",
    "060_foreign_keys/public.users.sql",
    "130_functions/public.people.sql",
    "170_views/01_public.every.sql",
    "170_views/public.all.sql",
    "900_default_privileges/all_schemas.sql",
  ]);
  expect(b.read("db/schema/040_tables/public.users.sql")).toMatchInlineSnapshot(`
    "create table public.users (
      id bigint,
      org integer,
      mood public.mood,
      boss bigint
    );

    create sequence public.users_id_seq;
    alter sequence public.users_id_seq owned by public.users.id;

    alter table public.users alter column id set default nextval('public.users_id_seq'::regclass);
    alter table public.users add not null id;
    alter table public.users add constraint users_pkey PRIMARY KEY (id);
    alter table public.users add constraint users_boss_fkey FOREIGN KEY (boss) REFERENCES public.users(id);
    create index users_org_idx ON public.users USING btree (org);
    CREATE TRIGGER touch BEFORE UPDATE ON public.users FOR EACH STATEMENT EXECUTE FUNCTION public.touch();
    comment on table public.users is 'People';
    "
  `);
  expect(b.read("db/schema/060_foreign_keys/public.users.sql")).toMatchInlineSnapshot(`
    "alter table public.users add constraint users_org_fkey FOREIGN KEY (org) REFERENCES public.orgs(id);
    "
  `);
  const { json } = await b.run("drift --format json");
  const changes = json["changes"] as { kind: string }[];
  // The scratch server's role has the name of the one whose default privileges these are.
  expect(changes.filter(({ kind }) => kind !== "default-privilege")).toEqual([]);
  expect(await b.run("export --output-dir again")).toMatchObject({ exit: 0 });
  for (const file of answer.json["files"] as string[])
    expect(b.read(`again/${file}`)).toBe(b.read(`db/schema/${file}`));
});

test("a directory that is in use is left alone, and with --force what is not replaced is named", async () => {
  await using b = await bench("create table a (id int)");
  b.project.write("db/schema/040_tables/public.a.sql", "old");
  b.project.write("db/schema/old.sql", "-- nothing\n");
  const refused = await b.run("export --format json");
  expect(refused).toMatchObject({ exit: 5, json: { error: { code: "CONFIG_008" } } });
  expect(b.read("db/schema/040_tables/public.a.sql")).toBe("old");
  const forced = await b.run("export --force");
  expect(forced.exit).toBe(0);
  expect(forced.out).toMatch(/^Wrote \d+ object\(s\) of t_\w+ to 1 file\(s\) in db\/schema\nProven: /);
  expect(forced.err).toContain("warning: 1 other .sql file(s) in the directory were left: old.sql");
  expect(b.read("db/schema/040_tables/public.a.sql")).toBe("create table public.a (\n  id integer\n);\n");
  expect(b.read("db/schema/old.sql")).toBe("-- nothing\n");
});

test("owners and privileges are written unless they are not wanted", async () => {
  await using b = await bench("create table a (id int)");
  const role = `${b.database.name}_role`;
  await b.ask(`create role ${role}; alter table a owner to ${role}; grant select on a to public`);
  const answer = await b.run("export --format json");
  expect(answer.json).toMatchObject({ roles: [role], kinds: { table: 1 } });
  const text = b.read("db/schema/040_tables/public.a.sql");
  expect(text).toContain(
    `alter table public.a owner to ${role};\ngrant select on table public.a to public;\n`,
  );
  const without = await b.run("export --output-dir bare --no-owner --no-privileges --format json");
  expect(without.json).toMatchObject({ roles: [], kinds: { table: 1, column: 1 } });
  expect(b.read("bare/040_tables/public.a.sql")).toBe("create table public.a (\n  id integer\n);\n");
});

test("what cannot be built is not written", async () => {
  await using b = await bench(`
    create table t as select 1 as a;
    create function only_full() returns int immutable language plpgsql
      as $$ begin if not exists (select from public.t) then raise 'empty'; end if; return 1; end $$;
    create materialized view m as select only_full() as a from (values (1)) v;
  `);
  const answer = await b.run("export --format json");
  expect(answer).toMatchObject({ exit: 4, json: { error: { code: "DIFFER_409" } } });
  expect(existsSync(b.project.path("db"))).toBe(false);
});
