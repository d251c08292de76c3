import { expect, test } from "vitest";
import { baseline } from "../../../src/migrate/baseline.ts";
import { validate } from "../../../src/migrate/validate.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testMigrations } from "../../support/migrations.ts";

test("fixNaming leaves files alone whose version is applied, and writes nothing into the database", async () => {
  await using bench = await testMigrations({ "1_a": "create table a ()" });
  const { migrationsDir } = bench.target;
  const fix = () => validate({ migrationsDir, fixNaming: true, ledger: async () => bench.target });
  bench.project.write("db/migrations/2_b.sql", "select 2");
  expect((await fix()).fixed).toEqual([["2_b.sql", "2_b.up.sql"]]);
  expect(await bench.ask(sql`select to_regclass('tb_confiture') as ledger`)).toEqual([{ ledger: null }]);
  await baseline(bench.target, { through: "1" });
  await bench.ask(sql`insert into tb_confiture (slug, version, name) values ('3', '3', 'c')`);
  bench.project.write("db/migrations/3_c.sql", "select 3");
  bench.project.write("db/migrations/4_d.sql", "select 4");
  const result = await fix();
  expect(result.fixed).toEqual([["4_d.sql", "4_d.up.sql"]]);
  expect(result.errors).toEqual([["3_c.sql", "version 3 is in the ledger already"]]);
  expect(result.hints).toEqual([]);
});
