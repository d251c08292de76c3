import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, inject, test } from "vitest";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testDatabase } from "../../support/database.ts";
import { cli, type CliAnswer, testProject } from "../../support/project.ts";

const SCRATCH = { CONFITURE_SCRATCH_URL: inject("serverUrl") };

const BEFORE = `
  create table users (id serial primary key, mail text unique, age int check (age > 0));
  create index users_age_idx on users (age);
  create table posts (id int primary key, author int references users (id));
  create view adults as select id, mail from users where age >= 18;`;

const AFTER = `
  -- confiture: renamed-from users
  create table members (
    id serial primary key,
    -- confiture: renamed-from mail
    email text unique,
    years int check (years > 0) -- confiture: renamed-from age
  );
  create index members_years_idx on members (years);
  create table posts (id int primary key, author int references members (id));
  create view adults as select id, email from members where years >= 18;`;

const withoutComments = (text: string) => text.replaceAll(/-- confiture.*/g, "");

const ROWS =
  "insert into users (mail, age) values ('a@b.c', 30), ('d@e.f', 40); insert into posts values (1, 2)";

interface Plan {
  readonly steps: readonly { readonly sql: string; readonly act: string }[];
  readonly down: readonly { readonly sql: string }[];
  readonly data_loss: readonly string[];
}

const planOf = (answer: CliAnswer): Plan => {
  expect(answer.json.error).toBeUndefined();
  return answer.json["plan"] as Plan;
};

const run = async (db: Connection, steps: readonly { readonly sql: string }[]) => {
  for (const step of steps) await db.run(sql.raw(step.sql));
};

async function proveOnRows(plan: Plan): Promise<void> {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql.raw(`${BEFORE}; ${ROWS}`));
  await run(db, plan.steps);
  await db.run(sql`insert into members (email, years) values ('g@h.i', 50)`);
  expect(await db.rows(sql`select * from members order by id`)).toEqual([
    { id: 1, email: "a@b.c", years: 30 },
    { id: 2, email: "d@e.f", years: 40 },
    { id: 3, email: "g@h.i", years: 50 },
  ]);
  await run(db, plan.down);
  await db.run(sql`insert into users (mail, age) values ('j@k.l', 60)`);
  expect(await db.rows(sql`select id, mail from users where age > 45 order by id`)).toEqual([
    { id: 3, mail: "g@h.i" },
    { id: 4, mail: "j@k.l" },
  ]);
}

test("comments: rows, sequences and what bears the name are kept, both ways", async () => {
  using project = testProject({ "a.sql": BEFORE, "b.sql": AFTER });
  const answer = await cli(project.dir, "diff a.sql b.sql --format json", SCRATCH);
  const plan = planOf(answer);
  expect(plan.data_loss).toEqual([]);
  expect(plan.steps.filter(({ act }) => act === "rename").map((step) => step.sql)).toEqual([
    "alter table public.users rename to members",
    "alter table public.members rename column mail to email",
    "alter table public.members rename column age to years",
    "alter sequence public.users_id_seq rename to members_id_seq",
    "alter table public.members rename constraint users_pkey to members_pkey",
    "alter table public.members rename constraint users_mail_key to members_email_key",
    "alter table public.members rename constraint users_age_check to members_years_check",
    "alter index public.users_age_idx rename to members_years_idx",
  ]);
  expect(answer.json["changes"]).toContainEqual({
    op: "~",
    kind: "table",
    object: "public.members",
    part_of: null,
    within: null,
    attributes: [{ name: "name", from: "users", to: "members" }],
  });
  await proveOnRows(plan);
});

test("flags say the same, with the names of the side before", async () => {
  using project = testProject({ "a.sql": BEFORE, "b.sql": withoutComments(AFTER) });
  const flags =
    "--rename table:users=members --rename column:users.mail=email --rename column:public.users.age=years";
  const plan = planOf(await cli(project.dir, `diff a.sql b.sql --format json ${flags}`, SCRATCH));
  expect(plan.data_loss).toEqual([]);
  await proveOnRows(plan);
});

test("comments on the side before lead back, and those that were followed say nothing", async () => {
  using project = testProject({
    "a.sql": BEFORE,
    "b.sql": AFTER,
    "c.sql": `${AFTER}; create table more ();`,
  });
  expect(planOf(await cli(project.dir, "diff b.sql a.sql --format json", SCRATCH)).data_loss).toEqual([]);
  const later = planOf(await cli(project.dir, "diff b.sql c.sql --format json", SCRATCH));
  expect(later.steps.map((step) => step.sql)).toEqual(["create table public.more ()"]);
});

test("names that move up, and a new table under the old name", async () => {
  using project = testProject({
    "a.sql": "create table a (x int); create table b (y int);",
    "b.sql": `create table a (z text); -- confiture: renamed-from zero
      -- confiture: renamed-from a
      create table b (x int);
      -- confiture: renamed-from b
      create table c (y int);`,
  });
  const plan = planOf(await cli(project.dir, "diff a.sql b.sql --format json", SCRATCH));
  expect(plan.data_loss).toEqual([]);
  expect(plan.steps.map((step) => step.sql)).toEqual([
    "alter table public.b rename to c",
    "alter table public.a rename to b",
    "create table public.a (\n  z text\n)",
  ]);
});

test("a generated pair renames too; keywords as asked for", async () => {
  using project = testProject({
    "db/migrations/1_a.up.sql": BEFORE,
    "db/migrations/1_a.down.sql": "select 1;",
    "db/schema/1.sql": AFTER,
  });
  const words = "migrate generate names --from-schema --keywords upper --format json";
  const { exit, json } = await cli(project.dir, words, SCRATCH);
  expect({ exit, ...json }).toMatchObject({ exit: 0, data_loss: [] });
  const read = (key: string) => readFileSync(resolve(project.dir, json[key] as string), "utf8");
  expect(read("filepath")).toContain("\nALTER TABLE public.users RENAME TO members;\n");
  expect(read("down_filepath")).toContain("\nALTER TABLE public.members RENAME TO users;\n");
});

test.for([
  ["--rename table:nobody=members", "there is no table nobody before the change"],
  ["--rename table:users=posts", "the name posts is there already"],
  ["--rename table:users=nobody", "there is no table public.nobody after the change"],
  ["--rename users=members", "it begins with the kind"],
  ["--rename table:users", "it is not of the form KIND:OLD=NEW"],
])("%s is refused", async ([flags, why]) => {
  using project = testProject({ "a.sql": BEFORE, "b.sql": withoutComments(AFTER) });
  const { exit, json } = await cli(project.dir, `diff a.sql b.sql --format json ${flags}`, SCRATCH);
  expect({ exit, ...json.error }).toMatchObject({ exit: 5, code: "DIFFER_410" });
  expect(json.error?.["message"]).toContain(why);
});
