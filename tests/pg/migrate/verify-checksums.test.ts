import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { sha256 } from "../../../src/base/hash.ts";
import { status } from "../../../src/migrate/status.ts";
import { up } from "../../../src/migrate/up.ts";
import { verifyAllChecksums } from "../../../src/migrate/verify-checksums.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testMigrations } from "../../support/migrations.ts";

const THREE = {
  "1_a": ["create table a ();\n", "drop table a"],
  "2_b": ["create table b ();\n", "drop table b"],
  "3_c": ["create table c ();\n", "drop table c"],
} as const;

const recorded = sql`select version, checksum from tb_confiture order by version`;

test("edited, unrecorded and missing files are told apart, and nothing is written", async () => {
  await using bench = await testMigrations(THREE);
  await up(bench.target);
  expect(await verifyAllChecksums(bench.target)).toMatchObject({
    ok: true,
    ledger_present: true,
    fixed: [],
    summary: { checked: 3, mismatched: 0, missing_files: 0, resolved_table: "public.tb_confiture" },
    issues: [],
  });
  bench.project.write("db/migrations/1_a.up.sql", "create table a (id int);\n");
  await bench.ask(sql`update tb_confiture set checksum = null where version = '2'`);
  rmSync(bench.project.path("db/migrations/3_c.up.sql"));
  const before = await bench.ask(recorded);
  const result = await verifyAllChecksums(bench.target);
  expect(result).toMatchObject({ ok: false, summary: { checked: 2, mismatched: 2, missing_files: 1 } });
  expect(result.issues.map((i) => [i.severity, i.code, i.migration])).toEqual([
    ["error", "MIGR_011", "1"],
    ["error", "MIGR_011", "2"],
    ["warning", "MIGR_100", "3"],
  ]);
  expect(result.issues[1]!.message).toContain("has no hash in the ledger");
  expect(await bench.ask(recorded)).toEqual(before);
});

test("fix records what differs, and only that", async () => {
  await using bench = await testMigrations(THREE);
  await up(bench.target);
  const edited = "create table b (id int);\n";
  bench.project.write("db/migrations/2_b.up.sql", edited);
  rmSync(bench.project.path("db/migrations/3_c.up.sql"));
  const result = await verifyAllChecksums(bench.target, { fix: true });
  expect(result).toMatchObject({ ok: true, fixed: ["2"], summary: { mismatched: 1, missing_files: 1 } });
  expect(await bench.ask(recorded)).toEqual([
    { version: "1", checksum: sha256(THREE["1_a"][0]) },
    { version: "2", checksum: sha256(edited) },
    { version: "3", checksum: sha256(THREE["3_c"][0]) },
  ]);
  expect(await verifyAllChecksums(bench.target)).toMatchObject({ ok: true, summary: { mismatched: 0 } });
});

test("a checkout with other line endings is no edit, for up neither", async () => {
  await using bench = await testMigrations(THREE);
  await up(bench.target, { target: "2" });
  bench.project.write("db/migrations/1_a.up.sql", THREE["1_a"][0].replaceAll("\n", "\r\n"));
  await bench.ask(
    sql`update tb_confiture set checksum = ${sha256("create table b ();\r\n")} where version = '2'`,
  );
  expect(await verifyAllChecksums(bench.target)).toMatchObject({ ok: true, summary: { checked: 2 } });
  expect((await up(bench.target)).applied.map((m) => m.version)).toEqual(["3"]);
});

test("every file type is verified; a renamed migration is not an edited one", async () => {
  await using bench = await testMigrations({ "1_a": THREE["1_a"] });
  await up(bench.target);
  bench.project.write("db/migrations/2_b.ts", "export const up = 1;\n");
  bench.project.write("db/migrations/3_c.py", "pass\n");
  await bench.ask(sql`
    insert into tb_confiture (slug, version, name, checksum)
    values ('2', '2', 'b', ${sha256("export const up = 1;\n")}), ('3', '3', 'c', 'other')`);
  bench.project.write("db/migrations/1_renamed.up.sql", THREE["1_a"][0]);
  rmSync(bench.project.path("db/migrations/1_a.up.sql"));
  const result = await verifyAllChecksums(bench.target);
  expect(result.summary).toMatchObject({ checked: 3, mismatched: 1 });
  expect(result.issues.map((i) => i.migration)).toEqual(["3"]);
});

test("without a ledger it refuses, unless that is allowed; without a directory always", async () => {
  await using bench = await testMigrations(THREE);
  await expect(verifyAllChecksums(bench.target)).rejects.toMatchObject({ code: "PRECON_1001", exit: 2 });
  await expect(verifyAllChecksums(bench.target, { fix: true })).rejects.toMatchObject({
    code: "PRECON_1001",
  });
  const allowed = await verifyAllChecksums(bench.target, { allowUninitialized: true });
  expect(allowed).toMatchObject({ ok: true, ledger_present: false, summary: { resolved_table: null } });
  const elsewhere = { ...bench.target, migrationsDir: bench.project.path("nowhere") };
  await expect(verifyAllChecksums(elsewhere)).rejects.toMatchObject({ code: "CONFIG_004" });
  expect(await status(bench.target)).toMatchObject({ resolved_table: null });
});

test("fix refuses a version that two files claim", async () => {
  await using bench = await testMigrations(THREE);
  await up(bench.target);
  bench.project.write("db/migrations/1_b.up.sql", "select 1");
  await expect(verifyAllChecksums(bench.target, { fix: true })).rejects.toMatchObject({ code: "MIGR_106" });
});
