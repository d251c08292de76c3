import { describe, expect, test } from "vitest";
import {
  type DatabaseRequest,
  type Resolved,
  resolveDatabase,
  resolveSettings,
} from "../../../src/config/resolve.ts";
import { failure, project } from "./project.ts";

const FLAG = "postgresql://app@flag/d";
const OWN = "postgresql://app@own/d";
const AMBIENT = "postgresql://app:secret@ambient/d";
const LOCAL = "postgresql://app@local/d";
const PROD = "postgresql://app@prod/d";

const both = { CONFITURE_DATABASE_URL: OWN, DATABASE_URL: AMBIENT };
const own = { CONFITURE_DATABASE_URL: OWN };
const ambient = { DATABASE_URL: AMBIENT };

const withFiles = {
  "db/environments/local.yaml": `database_url: ${LOCAL}\nmigration: {tracking_table: ours}\n`,
  "db/environments/prod.yaml": `database_url: ${PROD}\n`,
  "confiture.yaml": "database_url: embedded\n",
  "dirs-only.yaml": "include_dirs: [ddl]\n",
};

type Options = Omit<DatabaseRequest, "cwd" | "environment" | "command"> & {
  readonly command?: DatabaseRequest["command"];
};

async function resolveIn(
  files: Record<string, string>,
  environment: Record<string, string>,
  options: Options,
) {
  const folder = await project(files);
  return await resolveDatabase({ command: "writes", ...options, environment, cwd: folder });
}

const env = "prod";
const config = "db/environments/local.yaml";

describe("with config files", () => {
  test.each<[string, Record<string, string>, Options, Partial<Resolved>]>([
    ["1 flag over everything", both, { flag: FLAG }, { source: "flag", url: FLAG }],
    ["1 flag with explicit config", both, { flag: FLAG, config }, { source: "flag", url: FLAG }],
    ["1 flag with --env", {}, { flag: FLAG, env }, { source: "flag", url: FLAG }],
    ["1 flag with --no-config", both, { flag: FLAG, noConfig: true }, { source: "flag", url: FLAG }],
    ["2 no config, own first", both, { noConfig: true }, { source: "CONFITURE_DATABASE_URL", url: OWN }],
    ["2 no config, ambient", ambient, { noConfig: true }, { source: "DATABASE_URL", url: AMBIENT }],
    ["4 explicit config", {}, { config }, { source: "config", url: LOCAL }],
    ["4 explicit env over ambient", ambient, { env }, { source: "config", url: PROD }],
    ["5 own over the default config", own, {}, { source: "CONFITURE_DATABASE_URL", url: OWN }],
    ["5 own over the default config and ambient", both, {}, { source: "CONFITURE_DATABASE_URL", url: OWN }],
    [
      "5 an empty variable is not set",
      { CONFITURE_DATABASE_URL: "" },
      { env },
      { source: "config", url: PROD },
    ],
    ["6 default config", {}, {}, { source: "config", url: LOCAL }],
    ["6 default config over ambient", ambient, {}, { source: "config", url: LOCAL }],
    [
      "6 default config over ambient, reading",
      ambient,
      { command: "reads" },
      { source: "config", url: LOCAL },
    ],
  ])("%s", async (_, environment, options, expected) => {
    const found = await resolveIn(withFiles, environment, options);
    expect(found).toMatchObject({ ...expected, embedded: false });
    expect(found.announce).toBeUndefined();
  });

  test.each<[string, Record<string, string>, Options, string]>([
    ["1 malformed flag", {}, { flag: "mysql://h/d" }, "CONFIG_003"],
    ["1 empty flag", both, { flag: "" }, "CONFIG_003"],
    ["1 unknown parameter", {}, { flag: `${FLAG}?sslmod=require` }, "CONFIG_003"],
    ["2 no config, nothing set", {}, { noConfig: true }, "CONFIG_010"],
    ["2 no config, nothing set, nothing needed", {}, { noConfig: true, allowNone: true }, "CONFIG_010"],
    ["2 no config and a config", {}, { noConfig: true, config }, "CONFIG_008"],
    ["2 no config and an env", {}, { noConfig: true, env }, "CONFIG_008"],
    ["3 explicit config and own", own, { config }, "CONFIG_007"],
    ["3 explicit env and own", both, { env }, "CONFIG_007"],
    ["3 the same database twice", { CONFITURE_DATABASE_URL: PROD }, { env }, "CONFIG_007"],
    ["4 config and env", {}, { config, env }, "CONFIG_008"],
    ["4 missing config", ambient, { config: "nope.yaml" }, "CONFIG_004"],
    ["4 missing env", ambient, { env: "nope" }, "CONFIG_004"],
    ["4 env with a path", {}, { env: "../prod" }, "CONFIG_008"],
    ["4 empty env", {}, { env: "" }, "CONFIG_008"],
    ["4 env like an option", {}, { env: "-prod" }, "CONFIG_008"],
    ["4 a config that names no database", ambient, { config: "dirs-only.yaml" }, "CONFIG_001"],
    ["5 malformed own", { CONFITURE_DATABASE_URL: "nonsense" }, {}, "CONFIG_003"],
  ])("%s is an error", async (_, environment, options, code) => {
    expect((await failure(resolveIn(withFiles, environment, options))).code).toBe(code);
  });

  test("other settings of the file hold, whoever names the database", async () => {
    const tableOf = async (environment: Record<string, string>, options: Options) =>
      (await resolveIn(withFiles, environment, options)).settings.migration.trackingTable;
    expect(await tableOf({}, { flag: FLAG })).toBe("ours");
    expect(await tableOf(own, {})).toBe("ours");
    expect(await tableOf({}, { flag: FLAG, env })).toBe("tb_confiture");
    expect(await tableOf(own, { noConfig: true })).toBe("tb_confiture");
  });

  test("embedded may come from a file, a flag or a variable", async () => {
    const embedded = { url: undefined, embedded: true };
    expect(await resolveIn(withFiles, {}, { config: "confiture.yaml" })).toMatchObject(embedded);
    expect(await resolveIn(withFiles, {}, { flag: "embedded" })).toMatchObject(embedded);
    expect(await resolveIn(withFiles, { CONFITURE_DATABASE_URL: "embedded" }, {})).toMatchObject(embedded);
  });

  test("a file that names no database is enough for a command that can do without", async () => {
    const found = await resolveIn(withFiles, {}, { config: "dirs-only.yaml", allowNone: true });
    expect(found).toMatchObject({
      source: "none",
      url: undefined,
      settings: { includeDirs: [{ path: "ddl" }] },
    });
  });

  test("a missing environment lists those that exist", async () => {
    const error = await failure(resolveIn(withFiles, {}, { env: "prdo" }));
    expect(error.message).toBe("there is no environment prdo: db/environments/prdo.yaml does not exist");
    expect(error.actionable).toBe("Use one of: local, prod.");
  });

  test("variables of a database_url that is not used need not be set", async () => {
    const files = { "db/environments/local.yaml": "database_url: ${NO}\n" };
    expect((await resolveIn(files, {}, { flag: FLAG })).url).toBe(FLAG);
    expect((await failure(resolveIn(files, {}, {}))).code).toBe("CONFIG_009");
  });
});

describe("without config files", () => {
  test("7 ambient: readers use it, writers say where they go, without the password", async () => {
    const reading = await resolveIn({}, ambient, { command: "reads" });
    expect(reading).toMatchObject({ source: "DATABASE_URL", url: AMBIENT });
    expect(reading.announce).toBeUndefined();
    const writing = await resolveIn({}, ambient, {});
    expect(writing).toMatchObject({ source: "DATABASE_URL", url: AMBIENT, announce: "app@ambient:5432/d" });
  });

  test("7 keyword form is a connection string too", async () => {
    const found = await resolveIn({}, { DATABASE_URL: "host=h dbname=d user=u" }, {});
    expect(found.announce).toBe("u@h:5432/d");
  });

  test("8 nothing: CONFIG_004, or no database where none is needed", async () => {
    const error = await failure(resolveIn({}, {}, {}));
    expect(error).toMatchObject({ code: "CONFIG_004", exit: 5 });
    expect(await resolveIn({}, {}, { allowNone: true })).toMatchObject({ source: "none", url: undefined });
  });

  test("ambient settings are the defaults of the current directory", async () => {
    const { settings } = await resolveIn({ "db/schema/a.sql": "" }, ambient, {});
    expect(settings).toMatchObject({
      environment: "local",
      file: undefined,
      includeDirs: [{ path: "db/schema" }],
    });
  });
});

test("settings alone need neither a database nor a file", async () => {
  const folder = await project({ "db/environments/x.yaml": "database_url: ${NO}\nprotected: true\n" });
  const request = { cwd: folder, environment: both };
  expect((await resolveSettings({ ...request, env: "x" })).protected).toBe(true);
  expect((await resolveSettings(request)).file).toBeUndefined();
});
