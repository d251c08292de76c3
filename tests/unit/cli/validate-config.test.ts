import { describe, expect, test } from "vitest";
import { cli, testProject } from "../../support/project.ts";

const LOCAL = "db/environments/local.yaml";
const URL = "database_url: postgresql://app@h/d\n";
const GOOD = {
  [LOCAL]: URL,
  "db/migrations/1_a.up.sql": "select 1",
  "db/migrations/1_a.down.sql": "select 1",
  "db/migrations/1_a.verify.sql": "select true",
};

type Answer = { issues: { severity: string; code: string; line: number | null; message: string }[] };

/** The answer's exit code and document, and its issues as `severity code line`. */
async function run(files: Record<string, string>, words = "", environment: Record<string, string> = {}) {
  using project = testProject(files);
  const { exit, json, out } = await cli(project.dir, `validate-config ${words} --format json`, environment);
  const { issues } = json as unknown as Answer;
  return { exit, json, out, issues: issues?.map((i) => `${i.severity} ${i.code} ${i.line}`) };
}

test("a good project is valid, and says so in one line", async () => {
  const { exit, json } = await run(GOOD);
  expect([exit, json]).toEqual([
    0,
    {
      valid: true,
      config_source: "yaml-file",
      migrations_path: "db/migrations",
      migration_count: 1,
      issues: [],
    },
  ]);
  using project = testProject(GOOD);
  expect((await cli(project.dir, "validate-config")).out).toBe(
    "Valid: the database is named by the config file, db/migrations holds 1 migration(s)\n",
  );
});

test("all problems are in one report: file, dead keys, variables, directories, migrations", async () => {
  const { exit, issues, json } = await run({
    ...GOOD,
    [LOCAL]: [
      "database_url: postgresql://app:${NOT_SET}@h/d",
      "include_dirs: [7]",
      "migration: {tracking_table: 'a b'}",
      "scratch: {url: 'postgresql://u:geheim@h:x/d'}",
      "auto_backup: true",
      "build: {separators: {style: custom}}",
    ].join("\n"),
    "db/migrations/1_b.up.sql": "",
    "db/migrations/2_c.py": "",
    "db/migrations/notes.sql": "",
  });
  expect(exit).toBe(5);
  expect(issues!.toSorted()).toEqual([
    "error CONFIG_001 6",
    "error CONFIG_002 2",
    "error CONFIG_002 3",
    "error CONFIG_002 5",
    "error CONFIG_003 4",
    "error CONFIG_009 1",
    "error MIGR_106 null",
    "error MIGR_109 null",
    "warning MIGR_102 null",
  ]);
  expect(json).toMatchObject({ valid: false, migration_count: 2 });
  expect(JSON.stringify(json)).not.toContain("geheim");
});

test("dead keys are errors also in a file that is fine otherwise", async () => {
  const { exit, issues } = await run({ ...GOOD, [LOCAL]: `${URL}auto_backup: true\n` });
  expect([exit, issues]).toEqual([5, ["error CONFIG_002 2"]]);
});

test("an include directory must exist", async () => {
  const dirs = "include_dirs: [db/ddl, {path: db/more}, {path: db/must, auto_discover: false}]\n";
  const { issues, json } = await run({ ...GOOD, [LOCAL]: URL + dirs });
  expect(issues).toEqual(["error CONFIG_004 null", "error CONFIG_004 null"]);
  expect(JSON.stringify(json)).toContain("include_dirs names db/ddl, which is no directory");
});

test("warnings count under --strict only", async () => {
  const files = { ...GOOD, "db/migrations/notes.sql": "" };
  expect(await run(files)).toMatchObject({ exit: 0, issues: ["warning MIGR_102 null"] });
  expect(await run(files, "--strict")).toMatchObject({ exit: 5, json: { valid: false } });
});

describe("what names the database", () => {
  const { [LOCAL]: _, ...bare } = GOOD;
  const own = { CONFITURE_DATABASE_URL: "postgresql://app@own/d" };
  const ambient = { DATABASE_URL: "postgresql://app@ambient/d" };
  const broken = { ...GOOD, [LOCAL]: "database_url: nonsense\nnot_a_key: 1\n" };
  const missing = { ...GOOD, [LOCAL]: "include_dirs: []\n" };
  const flag = "-d postgresql://app@flag/d";

  test.each<[string, Record<string, string>, string, Record<string, string>, string, string[]]>([
    ["the flag", GOOD, flag, own, "flags", []],
    ["the flag, whose file has problems of its own", broken, flag, {}, "flags", ["error CONFIG_002 2"]],
    [
      "a malformed flag beside them",
      broken,
      "-d nonsense",
      {},
      "flags",
      ["error CONFIG_002 2", "error CONFIG_003 null"],
    ],
    ["our variable", GOOD, "", own, "env", []],
    [
      "a malformed variable",
      bare,
      "--no-config",
      { CONFITURE_DATABASE_URL: "x" },
      "env",
      ["error CONFIG_003 null"],
    ],
    ["the ambient variable without a file", bare, "", ambient, "env", []],
    ["the file over the ambient variable", GOOD, "", ambient, "yaml-file", []],
    ["the file, malformed", broken, "", {}, "yaml-file", ["error CONFIG_003 1", "error CONFIG_002 2"]],
    ["the file, without a database", missing, "", {}, "yaml-file", ["error CONFIG_001 null"]],
    ["an explicit file and our variable", GOOD, `-c ${LOCAL}`, own, "yaml-file", ["error CONFIG_007 null"]],
    ["nothing", bare, "", {}, "yaml-file", ["error CONFIG_004 null"]],
    ["a file that is missing", bare, "-c nope.yaml", {}, "yaml-file", ["error CONFIG_004 null"]],
    ["an environment that is missing", bare, "--env nope", {}, "yaml-file", ["error CONFIG_004 null"]],
    [
      "a malformed flag, a missing environment",
      bare,
      "--env nope -d x",
      {},
      "flags",
      ["error CONFIG_004 null", "error CONFIG_003 null"],
    ],
    [
      "a missing environment and our variable",
      bare,
      "--env nope",
      own,
      "yaml-file",
      ["error CONFIG_004 null"],
    ],
    [
      "a file that is no YAML",
      { ...bare, "x.yaml": "a: [\n" },
      "-c x.yaml",
      {},
      "yaml-file",
      ["error CONFIG_002 2"],
    ],
    ["no file allowed", bare, "--no-config", {}, "yaml-file", ["error CONFIG_010 null"]],
  ])("%s", async (_name, ...[files, words, environment, source, wanted]) => {
    const { json, issues, exit } = await run(files, words, environment);
    expect(issues).toEqual(wanted);
    expect(json["config_source"]).toBe(source);
    expect(exit).toBe(wanted.length === 0 ? 0 : 5);
  });
});

describe("where the migrations lie", () => {
  const files = { [LOCAL]: URL, "elsewhere/1_a.up.sql": "" };

  test("either flag names the directory", async () => {
    for (const words of ["--migrations-path elsewhere", "--migrations-dir elsewhere"]) {
      const { json, exit } = await run(files, words);
      expect(json).toMatchObject({ migrations_path: "elsewhere", migration_count: 1, valid: true });
      expect(exit).toBe(0);
    }
    expect((await run(files, "--migrations-path elsewhere --migrations-dir elsewhere")).exit).toBe(0);
    const { exit, json } = await run(files, "--migrations-path elsewhere --migrations-dir other");
    expect([exit, json.error?.["code"]]).toEqual([5, "CONFIG_008"]);
  });

  test("the default one may be missing, a named one not", async () => {
    expect(await run(files)).toMatchObject({ exit: 0, issues: ["warning CONFIG_004 null"] });
    expect(await run(files, "--migrations-dir nope")).toMatchObject({
      exit: 5,
      issues: ["error CONFIG_004 null"],
    });
    const isFile = await run(files, `--migrations-dir ${LOCAL}`);
    expect(isFile).toMatchObject({ exit: 5, issues: ["error CONFIG_004 null"] });
  });
});

test("options that exclude each other are a wrong call, not a finding", async () => {
  const { exit, json } = await run(GOOD, `--env local -c ${LOCAL}`);
  expect([exit, json.error?.["code"]]).toEqual([5, "CONFIG_008"]);
});
