import { expect, test } from "vitest";
import { sha256 } from "../../../../src/base/hash.ts";
import { loadModuleMigration } from "../../../../src/migrate/modules/module-migration.ts";
import { testProject } from "../../../support/project.ts";

/** Load a module of this name and text, with other files beside it. */
async function load(name: string, text: string, others: Readonly<Record<string, string>> = {}) {
  using project = testProject({ [name]: text, ...others });
  return await loadModuleMigration(project.path(name));
}

const failure = (name: string, text: string, others?: Readonly<Record<string, string>>): Promise<unknown> =>
  load(name, text, others).then(
    () => "loaded",
    (error: unknown) => error,
  );

const DEFAULTS = {
  transactional: true,
  requiresSuperuser: false,
  irreversible: false,
  runAs: undefined,
  lockTimeoutMs: undefined,
  upPreconditions: [],
  downPreconditions: [],
};

test("named exports in TypeScript, with an enum, a namespace, a helper module and types of the library", async () => {
  const loaded = await load(
    "003_fill.ts",
    `import type { MigrationClient } from "confiture";
import { rows } from "./helper.ts";
import { more } from "./helper.js";
enum Color { Red = "red" }
namespace Words { export const all = [Color.Red]; }
interface Row { color: Color }
export const version = "003";
export const name = "fill";
export const transactional: boolean = false;
export const lockTimeoutMs = 500;
export const runAs = "owner";
export const upPreconditions = [{ type: "TableExists", table: "t" }] as const;
export const colors = Words.all;
export function up(db: MigrationClient): Row[] { return [...rows, ...more, ...Words.all] as never; }
`,
    { "helper.ts": "export const rows: number[] = [1];\nexport const more = [2] satisfies number[];\n" },
  );
  expect(loaded).toMatchObject({
    ...DEFAULTS,
    transactional: false,
    lockTimeoutMs: 500,
    runAs: "owner",
    upPreconditions: [{ type: "TableExists", table: "t", schema: "public" }],
    down: undefined,
  });
  expect(loaded.up({} as never)).toEqual([1, 2, "red"]);
});

test.each([
  ["003_a.mts", "const two: number = await Promise.resolve(2);\nexport const up = () => two;\n"],
  ["003_b.mjs", "const two = await Promise.resolve(2);\nexport const up = () => two;\n"],
  ["003_c.js", "export const up = () => 2;\n"],
  ["003_d.js", "exports.up = () => 2;\n"],
  ["003_e.js", "module.exports = { up: () => 2 };\n"],
  [
    "003_f.ts",
    "export default { two: 2, up() { return this.two; } } as never;\n"
      .replace("two: 2, ", "lockTimeoutMs: 2, ")
      .replace("two;", "lockTimeoutMs;"),
  ],
  ["003_g.ts", "export default class { private two = 2; up() { return this.two; } }\n"],
  [
    "003_h.ts",
    "class Base { protected two = 2; }\nexport default class Add extends Base { static up() { return new Add().two; } }\n",
  ],
  ["003_i.mjs", "class Add { two = 2; up() { return this.two; } }\nexport default new Add();\n"],
])("%s gives its up()", async (name, text) => {
  const loaded = await load(name, text);
  expect(loaded.up({} as never)).toBe(2);
  expect(loaded.down).toBeUndefined();
});

test("a class says its attributes as fields, getters or statics", async () => {
  const loaded = await load(
    "003_a.ts",
    `export default class AddUsers {
  static version = "003";
  static requiresSuperuser = true;
  name = "a";
  get irreversible(): boolean { return true; }
  lockTimeoutMs = 0;
  up(): void {}
  down(): string { return this.name; }
}
`,
  );
  expect(loaded).toMatchObject({
    ...DEFAULTS,
    requiresSuperuser: true,
    irreversible: true,
    lockTimeoutMs: 0,
  });
  expect(loaded.down?.({} as never)).toBe("a");
});

test("the checksum is that of the file's bytes", async () => {
  const { checksum } = await load("003_a.mjs", "export const up = () => {};\n");
  expect(checksum).toBe(sha256("export const up = () => {};\n"));
});

test.each([
  ["003_a.mjs", "export const down = () => {};", "there is no up()"],
  ["003_a.mjs", "export const up = 'create table t ()';", "up: must be a function"],
  ["003_a.mjs", "export const up = () => {}, down = null;", "down: must be a function"],
  [
    "003_a.mjs",
    "export const up = () => {}, transctional = false;",
    "transctional is no attribute of a migration; did you mean transactional?",
  ],
  ["003_a.mjs", "export const up = () => {}, lock_timeout_ms = 1;", "did you mean lockTimeoutMs?"],
  ["003_a.mjs", "export const up = () => {}, dwon = () => {};", "did you mean down?"],
  [
    "003_a.mjs",
    "export const up = () => {}, transactional = 'no';",
    "transactional: Invalid input: expected boolean, received string",
  ],
  ["003_a.mjs", "export const up = () => {}, lockTimeoutMs = -1;", "lockTimeoutMs: Too small"],
  [
    "003_a.mjs",
    "export default { up() {}, helper() {} };",
    "helper is no attribute of a migration; there are version, name",
  ],
  [
    "003_a.mjs",
    "export default class { up() {} requires_superuser = true }",
    "did you mean requiresSuperuser?",
  ],
  [
    "003_a.mjs",
    "export default class { static transctional = false; up() {} }",
    "did you mean transactional?",
  ],
  [
    "003_a.mjs",
    "export default class { constructor(a) { a.b; } }",
    "cannot be made with `new`, without arguments",
  ],
  ["003_a.mjs", "export default () => {};", "cannot be made with `new`"],
  ["003_a.mjs", "export default 'up';", "the default export must be an object or a class"],
  [
    "003_a.mjs",
    "export default { up() {} };\nexport const transactional = false;",
    "transactional stand beside a default export",
  ],
  [
    "003_a.mjs",
    "export const up = () => {}, upPreconditions = [{ type: 'TableExist', table: 't' }];",
    "upPreconditions[0]: there is no precondition TableExist; did you mean TableExists?",
  ],
])("%s with %j is no migration: %s", async (name, text, message) => {
  expect(await failure(name, text)).toMatchObject({
    code: "MIGR_113",
    message: expect.stringContaining(message),
    context: { file: expect.stringContaining(name) },
  });
});

test("helpers may be exported under names that are no attribute's", async () => {
  const text = "export const up = () => {}, id = 1, db = 2, rows = [], batchSize = 10;";
  expect(await load("003_a.mjs", text)).toMatchObject(DEFAULTS);
});

test.each([
  ["003_a.ts", "export const up = () => {};\nconst b: number = ;\n", 2, "Unexpected token"],
  ["003_a.mjs", "export const up = () => {};\n\nconst b = ;\n", 3, "Unexpected token ';'"],
  ["003_a.js", "export const up = () => {};\n\nconst b = ;\n", 3, "Unexpected token ';'"],
  [
    "003_a.mts",
    "const x: string = 'x';\nexport const up = () => {};\n\nthrow new Error('boom ' + x);\n",
    4,
    "boom x",
  ],
  ["003_a.mjs", "export const up = () => {};\nundefined.x;\n", 2, "Cannot read properties of undefined"],
  [
    "003_a.mjs",
    "export const up = () => {};\nimport { no } from './b.mjs';\n",
    2,
    "does not provide an export named 'no'",
  ],
  ["003_a.mjs", "import './no.mjs';", undefined, "Cannot find module"],
  [
    "003_a.ts",
    "import { no } from './no.ts';\nexport const up = () => no;",
    1,
    "Cannot find module './no.ts'",
  ],
  ["003_a.mjs", "import './c.mjs';", undefined, "Unexpected token ';'"],
  ["003_a.mjs", "throw 'words';", undefined, "words"],
])("%s %j tells where it fails: line %s", async (name, text, line, message) => {
  const others = { "b.mjs": "export const yes = 1;\n", "c.mjs": "const a = ;\n" };
  const error = await failure(name, text, others);
  expect(error).toMatchObject({
    code: "MIGR_113",
    message: expect.stringMatching(new RegExp(`${name} cannot be loaded: .*`)),
    context: { file: expect.stringContaining(name), line, cause: expect.anything() },
  });
  expect(error).toHaveProperty("message", expect.stringContaining(message));
});

test("JavaScript that imports the library where it is not installed is told what to do", async () => {
  const error = await failure("003_a.mjs", "import { defineMigration } from 'confiture';");
  expect(error).toMatchObject({ code: "MIGR_113", actionable: expect.stringContaining("Install confiture") });
});

test.each([
  ["export const up = () => {}, version = '3';", "its version is 3, and its name says 003"],
  ["export default class { static name = 'add'; up() {} }", "its name is add, and its name says add_users"],
])("what disagrees with the file's name is refused: %s", async (text, message) => {
  expect(await failure("003_add_users.mjs", text)).toMatchObject({
    code: "MIGR_102",
    message: expect.stringContaining(message),
  });
});

test("a module is loaded once, and refused once it was edited", async () => {
  using project = testProject({ "003_a.mjs": "export const up = () => Symbol.for('x'), made = {};\n" });
  const file = project.path("003_a.mjs");
  const [first, second] = [await loadModuleMigration(file), await loadModuleMigration(file)];
  expect(second.checksum).toBe(first.checksum);
  project.write("003_a.mjs", "export const up = () => {};\n");
  await expect(loadModuleMigration(file)).rejects.toMatchObject({
    code: "MIGR_113",
    message: expect.stringContaining("was edited after this process had loaded it"),
  });
});

test("a file that is not there", async () => {
  await expect(loadModuleMigration("nowhere/003_a.mjs")).rejects.toMatchObject({ code: "CONFIG_004" });
});
