import { expect, test } from "vitest";
import { baseline } from "../../../../src/migrate/baseline.ts";
import { down } from "../../../../src/migrate/down.ts";
import { status } from "../../../../src/migrate/status.ts";
import type { Target } from "../../../../src/migrate/target.ts";
import { up } from "../../../../src/migrate/up.ts";
import { identSql, sql, type Sql } from "../../../../src/sql/tag.ts";
import { type Bench, testMigrations } from "../../../support/migrations.ts";

const TWO = {
  "1_a": ["create table a ()", "drop table a"],
  "2_b": ["create table b ()", "drop table b"],
} as const;

/** A role that may create tables in `public`, and what `grants` say; `$role` is its name. */
async function otherRole(bench: Bench, grants: (role: Sql) => Sql) {
  const name = `${bench.database.name}_other`;
  const role = identSql(name);
  await bench.ask(sql`create role ${role} login; grant create, usage on schema public to ${role}`);
  await bench.ask(grants(role));
  return {
    name,
    target: { ...bench.target, url: bench.database.url.replace("postgres@", `${name}@`) },
    [Symbol.asyncDispose]: async () => void (await bench.ask(sql`drop owned by ${role}; drop role ${role}`)),
  };
}

const versions = (bench: Bench, table = "tb_confiture") =>
  bench
    .ask<{ version: string }>(sql`select version from ${identSql(...table.split("."))} order by pk_confiture`)
    .then((rows) => rows.map(({ version }) => version));

const isThere = async (bench: Bench, table: string) =>
  (await bench.ask(sql`select where to_regclass(${table}) is not null`)).length === 1;

test("a ledger that belongs to somebody else: read it, but nothing runs that could not be recorded", async () => {
  await using bench = await testMigrations(TWO);
  await up(bench.target, { target: "1" });
  await using other = await otherRole(bench, (role) => sql`grant select on tb_confiture to ${role}`);
  expect(await status(other.target)).toMatchObject({ applied: ["1"], pending: ["2"] });
  await expect(up(other.target)).rejects.toMatchObject({
    code: "MIGR_012",
    exit: 3,
    message: `public.tb_confiture may be read only: ${other.name} lacks insert, update on it`,
    actionable: `grant select, insert, update, delete on public.tb_confiture to ${other.name}`,
  });
  expect([await isThere(bench, "b"), await versions(bench)]).toEqual([false, ["1"]]);
  await bench.ask(sql`grant select, insert, update, delete on tb_confiture to ${identSql(other.name)}`);
  expect((await up(other.target)).applied).toMatchObject([{ version: "2" }]);
  expect(await bench.ask(sql`select applied_by from tb_confiture where version = '2'`)).toEqual([
    { applied_by: other.name },
  ]);
});

test("a ledger that may not be read is no absent one", async () => {
  await using bench = await testMigrations(TWO);
  await up(bench.target);
  await using other = await otherRole(bench, () => sql`select`);
  const refused = { code: "MIGR_012", exit: 3, message: expect.stringContaining("permission denied") };
  await expect(status(other.target)).rejects.toMatchObject(refused);
  await bench.ask(sql`create schema ops; alter table tb_confiture set schema ops`);
  await expect(status({ ...other.target, trackingTable: "ops.tb_confiture" })).rejects.toMatchObject(refused);
});

test("row security that hides applied migrations is not taken for an empty ledger", async () => {
  await using bench = await testMigrations(TWO);
  await up(bench.target);
  await using other = await otherRole(
    bench,
    (role) => sql`grant all on tb_confiture to ${role}; alter table tb_confiture enable row level security`,
  );
  for (const work of [status, up]) {
    await expect(work(other.target)).rejects.toMatchObject({
      code: "MIGR_012",
      message: expect.stringContaining("row security"),
    });
  }
});

test("a role that may not create the ledger is told so", async () => {
  await using bench = await testMigrations(TWO);
  await using other = await otherRole(
    bench,
    (role) => sql`revoke create on schema public from ${role}, public`,
  );
  await expect(up(other.target)).rejects.toMatchObject({
    code: "MIGR_012",
    exit: 3,
    message: "the ledger public.tb_confiture: permission denied for schema public",
  });
});

test("a bare name follows the search path, and nothing else", async () => {
  await using bench = await testMigrations(TWO);
  await bench.ask(sql`create schema app; create schema aside`);
  await up({ ...bench.target, trackingTable: "aside.tb_confiture" });
  await bench.ask(sql`drop table a, b`);
  expect(await status(bench.target)).toMatchObject({ resolved_table: null, pending: ["1", "2"] });
  const onPath: Target = { ...bench.target, url: `${bench.database.url}&options=-csearch_path%3Dapp,public` };
  await up(onPath, { target: "1" });
  expect(await versions(bench, "app.tb_confiture")).toEqual(["1"]);
  expect(await status(onPath)).toMatchObject({ resolved_table: "app.tb_confiture", applied: ["1"] });
  expect(await versions(bench, "aside.tb_confiture")).toEqual(["1", "2"]);
});

test("without any schema on the search path there is no place for a ledger", async () => {
  await using bench = await testMigrations(TWO);
  const url = `${bench.database.url}&options=-csearch_path%3Dnowhere`;
  await expect(up({ ...bench.target, url })).rejects.toMatchObject({
    code: "MIGR_012",
    actionable: expect.stringContaining("tracking_table"),
  });
});

test("more columns are welcome as long as rows can do without them", async () => {
  await using bench = await testMigrations(TWO);
  await up(bench.target, { target: "1" });
  await bench.ask(
    sql`alter table tb_confiture add column ticket text, add column site text not null default 'x'`,
  );
  await up(bench.target);
  await down(bench.target);
  expect(await versions(bench)).toEqual(["1"]);
  await bench.ask(sql`alter table tb_confiture alter column site drop default`);
  expect(await status(bench.target)).toMatchObject({ pending: ["2"] });
  await expect(up(bench.target)).rejects.toMatchObject({
    code: "MIGR_012",
    message: "public.tb_confiture has columns that must be filled and are not known: site",
    actionable: expect.stringContaining("alter table public.tb_confiture alter column site drop not null"),
  });
  expect(await isThere(bench, "b")).toBe(false);
});

test("rows that were removed by hand make their migrations pending again", async () => {
  await using bench = await testMigrations({
    "1_a": "create table if not exists a ()",
    "2_b": "create table b ()",
  });
  await up(bench.target);
  await bench.ask(sql`delete from tb_confiture where version = '1'`);
  expect(await status(bench.target)).toMatchObject({ applied: ["2"], pending: ["1"] });
  expect((await up(bench.target)).applied).toMatchObject([{ version: "1" }]);
  expect(await versions(bench)).toEqual(["2", "1"]);
});

test("rows whose files are gone: shown as missing, up goes on, down refuses", async () => {
  await using bench = await testMigrations(TWO);
  await up(bench.target);
  await bench.ask(
    sql`update tb_confiture set version = '0', name = 'gone', applied_at = now() where version = '2'`,
  );
  await bench.ask(sql`drop table b`);
  const { migrations } = await status(bench.target);
  expect(migrations).toContainEqual(
    expect.objectContaining({ version: "0", name: "gone", status: "missing" }),
  );
  await expect(down(bench.target)).rejects.toMatchObject({
    code: "MIGR_100",
    exit: 3,
    context: { migration: "0" },
  });
  expect((await up(bench.target)).applied).toMatchObject([{ version: "2" }]);
});

test.each([
  ["a view", sql`create view tb_confiture as select 1 as version`],
  ["a materialized view", sql`create materialized view tb_confiture as select 1 as version`],
  ["a sequence", sql`create sequence tb_confiture`],
  ["a composite type", sql`create type tb_confiture as (version text)`],
])("%s of that name is called what it is", async (what, create) => {
  await using bench = await testMigrations(TWO);
  await bench.ask(create);
  for (const work of [status, up]) {
    await expect(work(bench.target)).rejects.toMatchObject({
      code: "MIGR_012",
      message: `public.tb_confiture is ${what}, not a table`,
      actionable: expect.stringContaining("migration.tracking_table"),
    });
  }
});

test("a table of that name with another shape is no ledger", async () => {
  await using bench = await testMigrations(TWO);
  await bench.ask(sql`create table tb_confiture (version text, name text, installed_on timestamptz)`);
  for (const work of [status, up, down]) {
    await expect(work(bench.target)).rejects.toMatchObject({
      code: "MIGR_012",
      message: expect.stringContaining("is no ledger: it has no column id, pk_confiture, slug, applied_at"),
    });
  }
  expect(await isThere(bench, "a")).toBe(false);
});

test("a ledger of an older tool gets the one column it lacks, and only from a run that writes", async () => {
  await using bench = await testMigrations(TWO);
  await up(bench.target, { target: "1" });
  await bench.ask(sql`alter table tb_confiture drop column applied_by`);
  expect(await status(bench.target)).toMatchObject({ applied: ["1"] });
  expect(await bench.ask(sql`select attname from pg_attribute where attname = 'applied_by'`)).toEqual([]);
  await up(bench.target);
  expect(await bench.ask(sql`select version, applied_by from tb_confiture order by 1`)).toEqual([
    { version: "1", applied_by: null },
    { version: "2", applied_by: "postgres" },
  ]);
});

test("migrations of one name that run within a second have slugs and ids of their own, without any extension", async () => {
  const same = ["1_same", "2_same", "3_same", "4_same"].map((stem) => [stem, "select 1"] as const);
  await using bench = await testMigrations(Object.fromEntries(same));
  await up(bench.target);
  await bench.ask(sql`delete from tb_confiture where version in ('3', '4')`);
  await baseline(bench.target, { through: "4" });
  expect(
    await bench.ask(sql`select count(distinct slug)::int as slugs, count(distinct id)::int as ids,
      (select array_agg(extname::text) from pg_extension) as extensions from tb_confiture`),
  ).toEqual([{ slugs: 4, ids: 4, extensions: ["plpgsql"] }]);
});
