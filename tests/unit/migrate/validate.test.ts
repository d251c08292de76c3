import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CHECKS } from "../../../src/migrate/checks/index.ts";
import { validate, type ValidateOptions } from "../../../src/migrate/validate.ts";
import { testProject } from "../../support/project.ts";

const PAIR = { "1_a.up.sql": "select 1", "1_a.down.sql": "select 1" };

/** Validate a directory of these files; gives the result and the files there afterwards. */
async function run(files: Record<string, string>, options: Partial<ValidateOptions> = {}) {
  using project = testProject(files);
  const result = await validate({ migrationsDir: project.dir, ...options });
  const texts = Object.fromEntries(
    readdirSync(project.dir).map((file) => [file, readFileSync(project.path(file), "utf8")]),
  );
  return { result, texts };
}

/** Every finding as `check severity code file`. */
const findingsOf = ({ checks }: Awaited<ReturnType<typeof validate>>) =>
  Object.entries(checks).flatMap(([name, { findings }]) =>
    findings.map(({ severity, code, file }) => `${name} ${severity} ${code} ${file?.split("/").at(-1)}`),
  );

describe("checks", () => {
  test("a migration with its rollback, assertion and preconditions is fine", async () => {
    const sidecars = {
      "1_a.verify.sql": "",
      "1_a.yaml": "",
      "2_b.ts": "",
      "2_b.verify.sql": "",
      "_x.ts": "",
    };
    const { result } = await run({ ...PAIR, ...sidecars }, { strict: true });
    expect(result).toMatchObject({ version: "1", status: "passed", fixed: [], errors: [], hints: [] });
    expect(Object.keys(result.checks)).toEqual(CHECKS.map((check) => check.name));
    expect(findingsOf(result)).toEqual([]);
  });

  test("orphans and misnamed files are warnings, which only --strict counts", async () => {
    const files = {
      ...PAIR,
      "2_b.sql": "",
      "3_c.UP.SQL": "",
      "4_d.down.sql": "",
      "5_e.verify.sql": "",
      "6_f.yaml": "",
      "notes.sql": "",
      "helpers.ts": "",
      "_g.up.sql": "",
      "7.up.sql": "",
      "8_ h.up.sql": "",
    };
    const { result } = await run(files);
    expect(result.status).toBe("passed");
    expect(findingsOf(result)).toEqual([
      "naming warning MIGR_102 2_b.sql",
      "naming warning MIGR_102 3_c.UP.SQL",
      "naming warning MIGR_102 helpers.ts",
      "naming warning MIGR_102 7.up.sql",
      "naming warning MIGR_102 8_ h.up.sql",
      "naming warning MIGR_102 _g.up.sql",
      "orphans warning MIGR_102 4_d.down.sql",
      "orphans warning MIGR_102 5_e.verify.sql",
      "orphans warning MIGR_102 6_f.yaml",
      "orphans warning MIGR_102 notes.sql",
    ]);
    const strict = await run(files, { strict: true });
    expect(strict.result.status).toBe("failed");
    expect(strict.result.checks["duplicates"]!.status).toBe("passed");
  });

  test("duplicates across SQL files and modules, and Python files, are errors", async () => {
    const { result } = await run({ ...PAIR, "1_b.ts": "", "2_c.py": "" });
    expect(result.status).toBe("failed");
    expect(findingsOf(result)).toEqual([
      "duplicates error MIGR_106 1_a.up.sql",
      "naming error MIGR_109 2_c.py",
    ]);
    expect(result.checks["duplicates"]!.findings[0]!.details).toEqual({ files: ["1_a.up.sql", "1_b.ts"] });
  });

  test("only the requested ones run, each of them", async () => {
    const files = { ...PAIR, "1_b.up.sql": "", "notes.sql": "" };
    const { result } = await run(files, { checks: ["orphans", "naming"] });
    expect(Object.keys(result.checks)).toEqual(["naming", "orphans"]);
    expect(result.status).toBe("passed");
  });

  test.each([[["namings"]], [[]]])("checks %j are refused, as nothing would run", async (checks) => {
    await expect(run(PAIR, { checks })).rejects.toMatchObject({ code: "CONFIG_008" });
  });

  test("a missing directory is an error, an empty one a hint", async () => {
    await expect(validate({ migrationsDir: "/nowhere/migrations" })).rejects.toMatchObject({
      code: "CONFIG_004",
    });
    expect((await run({})).result.hints).toEqual([expect.stringContaining("is --migrations-dir right?")]);
  });
});

describe("fixNaming", () => {
  const none = async () => undefined;

  test("renames what looks like a migration, pairs it with its rollback, and touches nothing else", async () => {
    const files = {
      ...PAIR,
      "2_b.sql": "select 2",
      "2_b.down.sql": "select 2",
      "2_b.verify.sql": "select true",
      "3_c.verify.sql": "select true",
      "4_d.down.sql": "",
      "5_e.old.sql": "",
      "schema_dump.sql": "",
    };
    const { result, texts } = await run(files, { fixNaming: true, ledger: none });
    expect(result).toMatchObject({ fixed: [["2_b.sql", "2_b.up.sql"]], errors: [], dry_run: false });
    const { "2_b.sql": text, ...others } = files;
    expect(texts).toEqual({ ...others, "2_b.up.sql": text });
    expect(findingsOf(result)).not.toContain("orphans warning MIGR_102 2_b.down.sql");
    expect(result.hints).toEqual([expect.stringContaining("No database was named")]);
  });

  test("a dry run renames nothing", async () => {
    const files = { ...PAIR, "2_b.sql": "select 2" };
    const { result, texts } = await run(files, { fixNaming: true, dryRun: true, ledger: none });
    expect(result).toMatchObject({ fixed: [["2_b.sql", "2_b.up.sql"]], dry_run: true });
    expect(texts).toEqual(files);
  });

  test("never over a file, and never to a version that is taken", async () => {
    const files = {
      ...PAIR,
      "1_a.sql": "mine",
      "1_z.sql": "",
      "2_b.sql": "",
      "2_c.sql": "",
      "3_d.py": "",
      "3_d.sql": "",
    };
    const { result, texts } = await run(files, { fixNaming: true, ledger: none });
    expect(result.fixed).toEqual([]);
    expect(result.errors.map(([file]) => file)).toEqual([
      "1_a.sql",
      "1_z.sql",
      "2_b.sql",
      "2_c.sql",
      "3_d.sql",
    ]);
    expect(result.errors[0]![1]).toBe("version 1 would be claimed by two files");
    expect(texts).toEqual(files);
  });

  test("a ledger that cannot be read is told; without anything to rename it is not asked", async () => {
    const ledger = async () => ({
      url: "postgresql://nobody@127.0.0.1:1/nowhere",
      environment: {},
      trackingTable: "tb_confiture",
    });
    const { result } = await run({ ...PAIR, "2_b.sql": "" }, { fixNaming: true, ledger });
    expect(result.hints).toEqual([expect.stringContaining("The ledger cannot be read")]);
    expect((await run(PAIR, { fixNaming: true, ledger })).result.hints).toEqual([]);
  });
});
