import { join } from "node:path";
import { expect, test } from "vitest";
import { loadSettings } from "../../../src/config/load.ts";
import { failure, project } from "./project.ts";

const FILE = "db/environments/prod.yaml";

async function load(yaml: string | Uint8Array, environment: Record<string, string> = {}) {
  const folder = await project({ [FILE]: yaml });
  return await loadSettings(FILE, { cwd: folder, environment });
}

const problemsOf = async (yaml: string | Uint8Array) => {
  const { code, message, context } = await failure(load(yaml));
  return { code, message, line: context.line, file: context.file, problems: context.details?.["problems"] };
};

test("reports every problem at once, with key and line", async () => {
  const { code, message, line, file, problems } = await problemsOf(`database_ulr: x
migration_table: old
include_dirs:
  - db/schema
  - path: db/more
    recursiv: true
    order: first
build: {sort_mode: random}
migration:
  tracking_table: a.b.c
  locking: {timeout_ms: -1}
  lock_timeout: soon
scratch: {url: "http://h/x"}
apply_as:
  admin: {url: "\${ADMIN_URL}"}
acls:
  - schema: app
    apply_to: SOME_TABLES
    grants: [{role: r, privileges: [select, fly]}]
ssh_tunnel:
  user: me
exclude_dirs:
`);
  expect({ code, line, file }).toEqual({ code: "CONFIG_002", line: 1, file: FILE });
  expect(problems).toEqual([
    { key: "database_ulr", line: 1, message: "database_ulr is not a known key; did you mean database_url?" },
    {
      key: "migration_table",
      line: 2,
      message: "migration_table is not a known key; write migration.tracking_table instead",
    },
    {
      key: "include_dirs[1].recursiv",
      line: 6,
      message: "include_dirs[1].recursiv is not a known key; did you mean recursive?",
    },
    {
      key: "include_dirs[1].order",
      line: 7,
      message: "include_dirs[1].order must be a number, not text",
    },
    { key: "build.sort_mode", line: 8, message: "build.sort_mode must be alphabetical or hex" },
    {
      key: "migration.tracking_table",
      line: 10,
      message: "migration.tracking_table must be `name` or `schema.name`, of letters, digits and _",
    },
    {
      key: "migration.locking.timeout_ms",
      line: 11,
      message: "migration.locking.timeout_ms must be at least 0",
    },
    {
      key: "migration.lock_timeout",
      line: 12,
      message: "migration.lock_timeout must be milliseconds, or like 500ms, 5s, 2min",
    },
    {
      key: "scratch.url",
      line: 13,
      message: expect.stringMatching(/^scratch\.url: .*malformed/),
    },
    {
      key: "apply_as.admin.url",
      line: 15,
      message: "apply_as.admin.url needs ${ADMIN_URL}, which is not set",
    },
    { key: "acls[0].apply_to", line: 18, message: "acls[0].apply_to must be ALL_TABLES or a list" },
    {
      key: "acls[0].grants[0].privileges[1]",
      line: 19,
      message:
        "acls[0].grants[0].privileges[1] must be SELECT or INSERT or UPDATE or DELETE or TRUNCATE or REFERENCES or TRIGGER",
    },
    { key: "ssh_tunnel.host", line: 20, message: "ssh_tunnel.host is missing" },
    { key: "exclude_dirs", line: 22, message: "exclude_dirs has no value" },
  ]);
  expect(message).toContain("has 14 problems:\n  line 1: database_ulr");
  expect(message).toContain("\n  line 22: exclude_dirs has no value");
});

test.each([
  ["CONFIG_001", "ssh_tunnel: {user: me}"],
  ["CONFIG_002", "protected: maybe"],
  ["CONFIG_003", "database_url: mysql://h/d"],
  ["CONFIG_003", 'database_url: ""'],
  ["CONFIG_009", "database_url: ${NO}"],
  ["CONFIG_002", "database_url: ${NO}\nprotected: maybe"],
  ["CONFIG_002", "database_url: [a]"],
  ["CONFIG_002", "database: {port: many}"],
  ["CONFIG_002", "build: {separators: {style: mysql}}"],
  ["CONFIG_001", "build: {separators: {style: custom}}"],
  ["CONFIG_002", "migration: {tracking_table: app.table}"],
])("%s: %s", async (code, yaml) => {
  expect((await problemsOf(yaml)).code).toBe(code);
});

test("no message, pointer or detail repeats a value", async () => {
  const secrets = [
    "database_url: http://app:hunter2@h/d",
    "database_url: postgresql://app:hunter2@h:port:x/d",
    "database_url: postgresql://app:${P:-hunter2}@h/d",
    "database_url: postgresql://app:${hunter2@h/d",
    "database: {password: [hunter2]}",
    'database_url: "postgresql://app:hunter2@h/d\nname: x',
    "database_url: postgresql://app:hunter2@h/d: x",
    "database:\n\tpassword: hunter2",
    "database_url: x\n hunter2",
    "scratch: {url: 'hunter2}",
    "database: {password: !hunter2}",
    "database: {password: *hunter2}",
    "database:\n  password: |hunter2",
    "database:\n  password: >-hunter2",
    "database: {password: @hunter2}",
    "database:\n  password: &a &hunter2",
    "%hunter2\n---\na: 1",
    'database: {password: "\\xhunter2"}',
    "database:\n  password: 'x' hunter2",
    "database: {password: {hunter2}}",
    "- postgresql://app:hunter2@h/d",
    "ssh_tunnel: {host: 'hunter2 x', user: 'hunter2 x'}",
  ];
  for (const yaml of secrets) {
    const error = await failure(load(yaml));
    expect(`${error.message} ${JSON.stringify(error.context)}`, yaml).not.toContain("hunter2");
  }
});

test("a file that is not UTF-8 is refused", async () => {
  expect(await problemsOf(new Uint8Array([0x6e, 0x61, 0xe9]))).toMatchObject({
    code: "CONFIG_002",
    message: "the file is not UTF-8",
  });
});

test("an empty file is a project with all defaults", async () => {
  const settings = await load("");
  expect(settings).toMatchObject({
    environment: "prod",
    file: FILE,
    databaseUrl: undefined,
    embedded: false,
    protected: false,
    includeDirs: [],
    build: { sortMode: "alphabetical", twoPass: false, failOnUnclosed: true },
    migration: { trackingTable: "tb_confiture", locking: { enabled: true, timeoutMs: 30_000 } },
    deadKeys: [],
  });
});

test("a reference may be a whole value or a part, and durations have units", async () => {
  const settings = await load(
    "database_url: postgresql://app:${PW}@h/d\nmigration: {lock_timeout: '${WAIT}', statement_timeout: 2 min}\n",
    { PW: "a$b", WAIT: "5s" },
  );
  expect(settings.databaseUrl).toBe("postgresql://app:a$b@h/d");
  expect(settings.migration).toMatchObject({ lockTimeoutMs: 5000, statementTimeoutMs: 120_000 });
});

test("ignoring the database, its variables need not be set", async () => {
  const folder = await project({ [FILE]: "database_url: ${NO}\nprotected: true\n" });
  const settings = await loadSettings(FILE, { cwd: folder, environment: {}, ignoreDatabase: true });
  expect(settings).toMatchObject({ databaseUrl: undefined, embedded: false, protected: true });
});

test("anchors, aliases and merge keys are understood", async () => {
  const settings = await load("exclude_dirs: &a [x]\nsuperuser_dirs: *a\n");
  expect(settings.excludeDirs).toEqual(["x"]);
  expect(settings.raw.superuser_dirs).toEqual(["x"]);
});

test("a missing file and a directory are CONFIG_004", async () => {
  const folder = await project({ [FILE]: "" });
  const options = { cwd: folder, environment: {} };
  expect(await failure(loadSettings("nope.yaml", options))).toMatchObject({
    code: "CONFIG_004",
    message: "nope.yaml does not exist",
  });
  expect(await failure(loadSettings("db", options))).toMatchObject({
    code: "CONFIG_004",
    message: "db cannot be read (EISDIR)",
  });
});

test("the project is above db/environments, else the current directory", async () => {
  const folder = await project({
    [`sub/${FILE}`]: "",
    "conf/confiture.yaml": "migration: {grant_dir: g}",
  });
  const options = { cwd: folder, environment: {} };
  expect((await loadSettings(`sub/${FILE}`, options)).projectDir).toBe(join(folder, "sub"));
  const elsewhere = await loadSettings("conf/confiture.yaml", options);
  expect(elsewhere.projectDir).toBe(folder);
  expect(elsewhere.environment).toBe("confiture");
  expect(elsewhere.migration.grantDir).toBe(join(folder, "conf/g"));
});

test("the tunnel's own variable needs no value where there is a tunnel", async () => {
  const url = "database_url: postgresql://localhost:${TUNNEL_LOCAL_PORT}/app\n";
  await expect(load(url)).rejects.toMatchObject({ code: "CONFIG_009" });
  const settings = await load(`${url}ssh_tunnel: {host: bastion}\n`);
  expect(settings.databaseUrl).toMatch(/^postgresql:\/\/localhost:\d+\/app$/);
  expect(settings.deadKeys).toEqual([]);
});
