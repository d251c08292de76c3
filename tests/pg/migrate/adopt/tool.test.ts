import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { baseline } from "../../../../src/migrate/baseline.ts";
import { down } from "../../../../src/migrate/down.ts";
import { importMigrations } from "../../../../src/migrate/import.ts";
import { TOOLS } from "../../../../src/migrate/adopt/tools/index.ts";
import { up } from "../../../../src/migrate/up.ts";
import { sql } from "../../../../src/sql/tag.ts";
import { type Bench, testMigrations } from "../../../support/migrations.ts";

const FIXTURES = "tests/fixtures/tools";

/** What is known of a fixture: the files an import makes of it, or refuses, and what its history says of them. */
interface Expected {
  readonly imported?: readonly string[];
  readonly refused?: readonly string[];
  readonly marked: readonly string[];
  readonly pending: readonly string[];
}

const expectedOf = (name: string) =>
  JSON.parse(readFileSync(`${FIXTURES}/${name}/expect.json`, "utf8")) as Expected;

/** The migrations of a fixture: imported, or for a tool that runs code only, ported by hand. */
async function adoptFiles(bench: Bench, name: string): Promise<void> {
  const ported = `${FIXTURES}/${name}/ported`;
  if (existsSync(ported)) cpSync(ported, bench.target.migrationsDir, { recursive: true });
  else await importMigrations(importOf(bench, name));
}

const importOf = (bench: Bench, name: string) => ({
  tool: name,
  dir: `${FIXTURES}/${name}/files`,
  migrationsDir: bench.target.migrationsDir,
});

/** A database as the tool left it. */
async function adoptable(name: string): Promise<Bench> {
  const bench = await testMigrations({});
  await adoptFiles(bench, name);
  await bench.ask(sql.raw(readFileSync(`${FIXTURES}/${name}/history.sql`, "utf8")));
  return bench;
}

const versions = (list: readonly { readonly version: string }[]) => list.map((m) => m.version);

test("every fixture is a tool's, and every tool has one", () => {
  expect(readdirSync(FIXTURES).toSorted()).toEqual(TOOLS.map((tool) => tool.name));
});

describe.each(TOOLS.map((tool) => tool.name))("%s", (name) => {
  const expected = expectedOf(name);

  test("its files become ours, or are refused by name", async () => {
    await using bench = await testMigrations({});
    const refused = (expected.refused ?? []).map((file) => expect.objectContaining({ file }) as unknown);
    if (refused.length > 0) {
      const error = { code: "ADOPT_003", exit: 5, context: { details: { refused } } };
      await expect(importMigrations(importOf(bench, name))).rejects.toMatchObject(error);
      expect(existsSync(bench.target.migrationsDir)).toBe(false);
      return;
    }
    const dry = await importMigrations({ ...importOf(bench, name), dryRun: true });
    expect(existsSync(bench.target.migrationsDir)).toBe(false);
    const result = await importMigrations(importOf(bench, name));
    expect({ ...dry, status: "success" }).toEqual(result);
    expect(readdirSync(bench.target.migrationsDir).toSorted()).toEqual(expected.imported);
    expect(result.imported.flatMap((m) => m.files).toSorted()).toEqual(
      expected.imported!.map((file) => join(bench.target.migrationsDir, file)),
    );
    await expect(importMigrations(importOf(bench, name))).rejects.toMatchObject({ code: "ADOPT_004" });
  });

  test("they run from the first to the last", async () => {
    await using bench = await testMigrations({});
    await adoptFiles(bench, name);
    expect(versions((await up(bench.target)).applied)).toEqual([...expected.marked, ...expected.pending]);
    expect(await bench.ask(sql`select from orders`)).toHaveLength(0);
  });

  test("its history is taken over, and up applies exactly the rest", async () => {
    await using bench = await adoptable(name);
    const dry = await baseline(bench.target, { fromTool: "auto", dryRun: true });
    expect(await bench.ask(sql`select to_regclass('tb_confiture') as ledger`)).toEqual([{ ledger: null }]);
    const first = await baseline(bench.target, { fromTool: name });
    expect(versions(first.marked)).toEqual(expected.marked);
    expect(first).toMatchObject({ skipped: [], source_only: [], warnings: [] });
    expect({ ...dry, dry_run: false }).toEqual(first);
    const again = await baseline(bench.target, { fromTool: name });
    expect([again.marked.length, versions(again.skipped)]).toEqual([0, expected.marked]);
    expect(versions((await up(bench.target)).applied)).toEqual(expected.pending);
  });

  test("its rows tell the order, the tool's times and our hashes", async () => {
    await using bench = await adoptable(name);
    await baseline(bench.target, { fromTool: name });
    const rows = await bench.ask<{ version: string; at: Date; checksum: string }>(
      sql`select version, applied_at as at, checksum, applied_by, execution_time_ms
          from tb_confiture order by applied_at, pk_confiture`,
    );
    expect(rows.map((row) => row.version)).toEqual(expected.marked);
    const distinct = await bench.ask(sql`select distinct applied_at from tb_confiture`);
    expect(distinct).toHaveLength(expected.marked.length);
    const ordered = await bench.ask<{ version: string }>(
      sql`select version from tb_confiture order by pk_confiture`,
    );
    expect(ordered.map((row) => row.version)).toEqual(expected.marked);
    const knowsTimes = /'2024-01-\d\d /.test(readFileSync(`${FIXTURES}/${name}/history.sql`, "utf8"));
    expect(rows.every((row) => row.at.getUTCFullYear() === 2024)).toBe(knowsTimes);
    expect((await up(bench.target)).success).toBe(true);
  });

  test("--through bounds it, and tells what lies beyond", async () => {
    await using bench = await adoptable(name);
    const [first, ...rest] = expected.marked as [string, ...string[]];
    const result = await baseline(bench.target, { fromTool: name, through: first, dryRun: true });
    expect(versions(result.marked)).toEqual([first]);
    const beyond = rest.map((version) => `${version} is applied by ${name}, but lies beyond --through`);
    expect(result.warnings).toEqual(beyond);
  });
});

test("the way back that an import carries leads back", async () => {
  await using bench = await testMigrations({});
  await importMigrations(importOf(bench, "liquibase-sql"));
  await up(bench.target);
  const steps = (await down(bench.target, { steps: 5 })).rolled_back;
  expect(steps).toHaveLength(5);
  const left = sql`select from pg_tables where schemaname = 'public' and tablename !~ 'confiture'`;
  expect(await bench.ask(left)).toEqual([]);
});
