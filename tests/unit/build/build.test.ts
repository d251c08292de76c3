import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { build } from "../../../src/build/build.ts";
import { testProject } from "../../support/project.ts";

const FILES = {
  "db/schema/20_b/x.sql": "create table x (a_id int references a);",
  "db/schema/10_a/a.sql": "create table a (id int primary key);\n",
  "db/extra/z.sql": "select 'é';\n",
  "db/schema/seeds/rows.sql": "insert into a values (1);\n",
};
const DIRS = [{ path: "db/extra" }, { path: "db/schema" }];

const options = (projectDir: string) => ({
  projectDir,
  includeDirs: DIRS,
  environment: "local",
  output: "out/schema.sql",
  showHash: true,
});

test("equal input gives an equal file and hash, in entry order, then by number", async () => {
  using project = testProject(FILES);
  const first = await build(options(project.dir));
  const text = readFileSync(project.path("out/schema.sql"), "utf8");
  await build(options(project.dir));
  expect(readFileSync(project.path("out/schema.sql"), "utf8")).toBe(text);
  expect([...text.matchAll(/File: (.*)/g)].map((m) => m[1])).toEqual([
    "db/extra/z.sql",
    "db/schema/10_a/a.sql",
    "db/schema/20_b/x.sql",
    "db/schema/seeds/rows.sql",
  ]);
  expect(first).toMatchObject({
    files_processed: 4,
    hash: expect.stringMatching(/^v1:[0-9a-f]{64}$/),
    applied: null,
  });
  expect(first.schema_size_bytes).toBe(Buffer.byteLength(text));
});

test("one changed byte, a renamed file, another order: another hash", async () => {
  using project = testProject(FILES);
  const hash = async (change = {}) => (await build({ ...options(project.dir), ...change })).hash;
  const before = await hash();
  expect(await hash({ includeDirs: DIRS.toReversed() })).not.toBe(before);
  expect(await hash({ schemaOnly: true })).not.toBe(before);
  expect(await hash({ environment: "other" })).toBe(before);
  project.write("db/extra/z.sql", "select 'e';\n");
  expect(await hash()).not.toBe(before);
});

test("globs, excluded folders, overlapping entries, missing folders", async () => {
  using project = testProject({
    ...FILES,
    "db/schema/10_a/a.test.sql": "select 1;",
    "db/schema/old/o.sql": "select 1;",
  });
  const files = async (includeDirs: readonly object[]) => {
    await build({
      ...options(project.dir),
      includeDirs: includeDirs as typeof DIRS,
      excludeDirs: ["db/schema/old"],
    });
    const text = readFileSync(project.path("out/schema.sql"), "utf8");
    return [...text.matchAll(/File: (.*)/g)].map((m) => m[1]);
  };
  expect(await files([{ path: "db/schema", exclude: ["*.test.sql"], include: ["10_*/*.sql"] }])).toEqual([
    "db/schema/10_a/a.sql",
  ]);
  expect(await files([{ path: "db/schema/20_b" }, { path: "db/schema", include: ["x.sql"] }])).toEqual([
    "db/schema/20_b/x.sql",
  ]);
  expect(await files([{ path: "nowhere", autoDiscover: true }, { path: "db/extra" }])).toEqual([
    "db/extra/z.sql",
  ]);
  await expect(files([{ path: "nowhere" }])).rejects.toMatchObject({
    code: "SCHEMA_201",
    context: { file: "nowhere" },
  });
  await expect(files([{ path: "db/extra", include: ["[a-"] }])).rejects.toMatchObject({ code: "CONFIG_005" });
  await expect(files([{ path: "db/extra", include: ["*.ddl"] }])).rejects.toMatchObject({
    code: "SCHEMA_201",
  });
});

test("--two-pass puts foreign keys last", async () => {
  using project = testProject({
    "db/schema/1.sql": "create table x (a_id int references a);\n",
    "db/schema/2.sql": "create table a (id int primary key);\n",
  });
  await build({ ...options(project.dir), includeDirs: [{ path: "db/schema" }], twoPass: true });
  const text = readFileSync(project.path("out/schema.sql"), "utf8");
  expect(text.indexOf("references a")).toBeGreaterThan(text.indexOf("create table a"));
  expect(text).toMatch(/alter table x\s+add foreign key \(a_id\) references a;/i);
});

test.each([
  ["select 'open;\n", "string"],
  ["select 1; /* never\nclosed /* nested */\n", "comment"],
  ["do $body$ begin end;\n", "dollar quote"],
])("%j ends inside a %s: refused with its line, or only warned about", async (text, what) => {
  using project = testProject({ "db/schema/1.sql": `select 1;\n${text}` });
  const wanted = { ...options(project.dir), includeDirs: [{ path: "db/schema" }] };
  await expect(build(wanted)).rejects.toMatchObject({
    code: "SCHEMA_206",
    message: expect.stringContaining(what),
    context: { line: 2 },
  });
  expect((await build({ ...wanted, checkUnterminated: "warn" })).warnings.join()).toContain(what);
});

test("openers inside strings and comments are nothing", async () => {
  using project = testProject({ "db/schema/1.sql": "select '/*'; -- it's /* fine\nselect $$ ' -- /* $$;\n" });
  const wanted = { ...options(project.dir), includeDirs: [{ path: "db/schema" }] };
  expect((await build(wanted)).warnings).toEqual([]);
});
