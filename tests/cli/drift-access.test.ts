import { expect, inject, test } from "vitest";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { testDatabase } from "../support/database.ts";
import { cli, testProject } from "../support/project.ts";

/** A database with two roles of its own, and a project whose config file names them READER and OWNER. */
async function bench(ddl: string, config: string) {
  const database = await testDatabase();
  const project = testProject();
  const roles = { OWNER: `${database.name}_owner`, READER: `${database.name}_reader` };
  const named = (text: string) =>
    text
      .replaceAll("OWNER", roles.OWNER)
      .replaceAll("READER", roles.READER)
      .replaceAll("NOBODY", `${database.name}_nobody`);
  const db = await Connection.open(database.url);
  for (const role of Object.values(roles)) await db.run(sql.raw(`create role ${role}`));
  await db.run(sql.raw(named(ddl)));
  project.write("db/environments/local.yaml", named(`database_url: ${database.url}\n${config}`));
  project.write("empty.sql", "select 1;");
  return {
    async run(words: string) {
      const { exit, json } = await cli(project.dir, `drift ${words} --format json`, {
        CONFITURE_SCRATCH_URL: inject("serverUrl"),
      });
      const items = (json["drift_items"] ?? []) as Record<string, string>[];
      const told = items.map(({ severity, type, object }) => `${severity} ${type} ${object}`);
      return {
        exit,
        json,
        items: told.map((text) =>
          text
            .replace(roles.OWNER, "OWNER")
            .replace(roles.READER, "READER")
            .replace(`${database.name}_nobody`, "NOBODY"),
        ),
      };
    },
    text: (words: string) => cli(project.dir, `drift ${words}`),
    async [Symbol.asyncDispose]() {
      for (const role of Object.values(roles))
        await db.run(sql.raw(`drop owned by ${role}; drop role ${role}`));
      await db[Symbol.asyncDispose]();
      project[Symbol.dispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

const ACLS = `acls:
  - schema: app
    apply_to: ALL_TABLES
    ignore: ["tmp_*"]
    grants:
      - { role: READER, privileges: [select] }
      - { role: NOBODY, privileges: [insert] }
  - schema: '"Odd"'
    apply_to: ["pap?r", "b[ao]ok"]
    grants:
      - { role: READER, privileges: [SELECT, update] }
  - schema: gone
    apply_to: ALL_TABLES
    grants: []
`;

const TABLES = `
  create schema app; create schema "Odd"; grant usage on schema app, "Odd" to READER;
  create table app.good (id int); grant select on app.good to READER;
  create table app.by_public (id int); grant select on app.by_public to public;
  create table app.bare (id int) partition by list (id);
  create table app.part partition of app.bare for values in (1);
  create table app.tmp_x (id int); create view app.v as select 1;
  create table app.confiture_lock_holder (id int);
  create table "Odd".paper (id int); grant select, delete on "Odd".paper to READER with grant option;
  create table "Odd".book (id int); grant select, update on "Odd".book to READER;
  create table "Odd"."PAPER" (id int); create table "Odd".other (id int)`;

test("--check-acls: what a role cannot do is missing, what else one of them was given is extra", async () => {
  await using b = await bench(TABLES, ACLS);
  const { exit, items, json } = await b.run("--check-acls");
  expect(items).toEqual([
    "critical missing_grant select on table app.bare to READER",
    "warning missing_grant insert on table app.bare to NOBODY",
    "warning missing_grant insert on table app.by_public to NOBODY",
    "warning missing_grant insert on table app.good to NOBODY",
    'critical missing_grant update on table "Odd".paper to READER',
    'warning extra_grant delete on table "Odd".paper to READER',
  ]);
  expect(exit).toBe(1);
  expect(json).toMatchObject({
    expected_schema_source: "the config file",
    critical_count: 2,
    objects_checked: 5,
    changes: [],
    hints: ["acls: no table of gone is meant"],
  });
  expect(await b.run("--check-acls --warn-only")).toMatchObject({ exit: 0 });
  const sifted = await b.run("--check-acls --ignore grant*app.* --ignore grant?update*");
  expect(sifted).toMatchObject({ exit: 0, items: [expect.stringContaining("extra_grant")] });
  expect(sifted.json).toMatchObject({ ignored_count: 5 });
});

const OWNERSHIP = `ownership:
  expected_owner: OWNER
  apply_to:
    - { schema: app }
    - { schema: public, relkinds: [v] }
  ignore: ["app.tmp_*"]
`;

test("--check-ownership: relations of the kinds that are meant, partitions too", async () => {
  await using b = await bench(
    `create schema app; create table app.good (id serial); alter table app.good owner to OWNER;
     create table app.p (id int) partition by list (id); alter table app.p owner to OWNER;
     create table app.part partition of app.p for values in (1);
     create sequence app.s; create view app.v as select 1; create materialized view app.m as select 1;
     create table app.tmp_x (id int); create table here (id int); create view public.w as select 1`,
    OWNERSHIP,
  );
  const { exit, items, json } = await b.run("--check-ownership");
  expect(items).toEqual([
    "critical wrong_owner of materialized-view app.m",
    "critical wrong_owner of table app.part",
    "critical wrong_owner of sequence app.s",
    "critical wrong_owner of view app.v",
    "critical wrong_owner of view public.w",
  ]);
  expect(exit).toBe(1);
  expect(json).toMatchObject({
    objects_checked: 7,
    drift_items: [{ kind: "owner", actual: "postgres" }, {}, {}, {}, {}],
  });
  const { out } = await b.text("--check-ownership --ignore *app.*");
  expect(out).toMatch(
    /^view public\.w\n {2}critical {2}wrong_owner {2}owner of view public\.w: owner \w+ -> postgres\n/,
  );
});

test("with a source both are told, nothing twice", async () => {
  await using b = await bench(
    "create table t (id int); grant select on t to READER",
    `${ACLS.replace("schema: app", "schema: public")}${OWNERSHIP}`,
  );
  const { items } = await b.run("--check-acls --check-ownership --schema empty.sql");
  expect(items).toEqual([
    "warning extra_table public.t",
    "warning missing_grant insert on table public.t to NOBODY",
  ]);
});

test.each([
  ["--check-acls", "acls: []", "acls"],
  ["--check-ownership", "ownership: { expected_owner: joe }", "ownership.apply_to"],
])("%s needs something to compare with", async (flag, config, key) => {
  await using b = await bench("select 1", config);
  const { exit, json } = await b.run(flag);
  expect({ exit, ...json.error }).toMatchObject({
    exit: 5,
    code: "CONFIG_001",
    message: `${flag} compares with ${key}, which the config file does not have`,
  });
});
