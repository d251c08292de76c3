import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type ImportOptions, importMigrations } from "../../../src/migrate/import.ts";
import { type Project, testProject } from "../../support/project.ts";

const importInto = (project: Project, tool: string, options: Partial<ImportOptions> = {}) =>
  importMigrations({
    tool,
    dir: project.path("old"),
    migrationsDir: project.path("db/migrations"),
    ...options,
  });

/** A project with these files of another tool. */
const oldProject = (files: Readonly<Record<string, string>>): Project =>
  testProject(Object.fromEntries(Object.entries(files).map(([file, text]) => [`old/${file}`, text])));

const written = (project: Project): Record<string, string> =>
  Object.fromEntries(
    readdirSync(project.path("db/migrations"))
      .toSorted()
      .map((file) => [file, readFileSync(project.path(`db/migrations/${file}`), "utf8")]),
  );

describe("what is carried", () => {
  const cases: readonly (readonly [string, Record<string, string>, Record<string, string>])[] = [
    [
      "dbmate",
      { "1_a.sql": "-- migrate:up transaction:false\r\nselect 1;\r\n\r\n-- migrate:down\r\nselect 2;\r\n" },
      {
        "1_a.down.sql": "select 2;\r\n",
        "1_a.up.sql": "-- confiture: no-transaction\nselect 1;\r\n\r\n",
      },
    ],
    [
      "goose",
      {
        "1_a.sql":
          "-- +goose Up\n-- +goose StatementBegin\nselect ';';\n-- +goose StatementEnd\n-- +goose Down\nselect 2;",
      },
      { "1_a.down.sql": "select 2;\n", "1_a.up.sql": "select ';';\n" },
    ],
    ["goose", { "1_a.sql": "-- +goose Up\nselect 1;\n-- +goose Down\n" }, { "1_a.up.sql": "select 1;\n" }],
    [
      "node-pg-migrate",
      {
        "1704186000000_a.sql": "select 1;",
        "1704186000001_b.up.sql": "select 2;",
        "1704186000001_b.down.sql": "select 3;",
      },
      {
        "1704186000000_a.up.sql": "select 1;",
        "1704186000001_b.down.sql": "select 3;",
        "1704186000001_b.up.sql": "select 2;",
      },
    ],
    [
      "flyway",
      {
        "V9__a.sql": "select 1;",
        "V10__b.sql": "select '${x}';",
        "V10__b.sql.conf": "placeholderReplacement=false\n",
      },
      { "10_b.up.sql": "select '${x}';", "9_a.up.sql": "select 1;" },
    ],
    [
      "graphile-migrate",
      { "committed/000001-a.sql": "--! Previous: -\n--! Hash: sha1:x\n--! Message: a\n\nselect 1::TEXT;\n" },
      { "000001_a.up.sql": "select 1::TEXT;\n" },
    ],
    [
      "sqlx",
      { "1_a.sql": "-- no-transaction\nselect 1;" },
      { "1_a.up.sql": "-- confiture: no-transaction\nselect 1;" },
    ],
    [
      "liquibase-sql",
      {
        "a.sql":
          "--liquibase formatted sql logicalFilePath:x/old.sql\n--changeset b:1\nselect 1;\n--rollback not required\n",
      },
      { "0001_old_b_1.down.sql": "-- rollback: not required\n", "0001_old_b_1.up.sql": "select 1;\n" },
    ],
  ];

  test.each(cases)("%s: %j", async (tool, files, expected) => {
    using project = oldProject(files);
    await importInto(project, tool);
    expect(written(project)).toEqual(expected);
  });
});

describe("what is refused, by name and line", () => {
  const cases: readonly (readonly [string, string, string, string, number | null])[] = [
    ["dbmate", "1_a.sql", "select 1;\n-- migrate:up\n", "has SQL above `-- migrate:up`", 1],
    ["dbmate", "a.sql", "-- migrate:up\n", "is not named <digits>_<name>.sql", null],
    [
      "dbmate",
      "1_a.sql",
      "-- migrate:up\nselect 1;\n-- migrate:down\nselect from from;\n",
      "syntax error",
      4,
    ],
    ["dbmate", "1_a.sql", "-- migrate:up\nselect 1;\ncommit;\nselect 2;\n", "has commit inside it", 3],
    ["dbmate", "1_a.sql", "-- migrate:up\n\\i other.sql\n", "psql command \\i", 2],
    ["flyway", "R__a.sql", "select 1;", "is repeatable", null],
    ["flyway", "B1__a.sql", "select 1;", "is a baseline", null],
    ["flyway", "U1__a.sql", "select 1;", "has no up file beside it", null],
    ["flyway", "beforeMigrate.sql", "select 1;", "is a callback", null],
    ["flyway", "V1__a.java", "class V1__a {}", "is Java; write its SQL as <number>_V1__a.up.sql", null],
    ["flyway", "V1__a.sql", "select\n'${name}';", "uses the placeholder ${name}", 2],
    ["flyway", "V1_x__a.sql", "select 1;", "is not named V<version>__<name>.sql", null],
    ["golang-migrate", "1_a.down.sql", "select 1;", "has no up file beside it", null],
    ["goose", "1_a.sql", "-- +goose ENVSUB ON\n-- +goose Up\nselect 1;", "uses `-- +goose ENVSUB ON`", 1],
    ["goose", "1_a.go", "package main", "is Go; write its SQL as 1_a.up.sql", null],
    ["graphile-migrate", "current.sql", "select 1;", "is not committed yet", null],
    [
      "graphile-migrate",
      "committed/1-a.sql",
      "--! Hash: x\n\ngrant a to :APP_USER;",
      "uses the placeholder :APP_USER",
      3,
    ],
    ["knex", "1_a.sql", "select 1;", "knex runs JavaScript only", null],
    [
      "liquibase-sql",
      "a.sql",
      "--liquibase formatted sql\n--changeset a\nselect 1;",
      "has `--changeset a`",
      2,
    ],
    ["liquibase-sql", "a.xml", "<databaseChangeLog/>", "is a changelog that is not SQL", null],
    [
      "liquibase-sql",
      "a.sql",
      "--liquibase formatted sql\n--changeset a:1 runOnChange:true\nselect 1;",
      "runs on change",
      2,
    ],
    [
      "liquibase-sql",
      "a.sql",
      "--liquibase formatted sql\n--changeset a:1 context:test\nselect 1;",
      "runs only for context test",
      2,
    ],
    [
      "liquibase-sql",
      "a.sql",
      "--liquibase formatted sql\n--changeset a:1\n--preconditions onFail:HALT\nselect 1;",
      "uses `--preconditions onFail:HALT`",
      3,
    ],
    ["node-pg-migrate", "1_a.ts", "export {}", "is TypeScript; write its SQL as 1_a.up.sql", null],
    [
      "node-pg-migrate",
      "1_a.sql",
      "select 1;\n-- Down Migration\nselect 2;",
      "has no line `-- Up Migration`",
      null,
    ],
    ["prisma", "init/migration.sql", "select 1;", "does not lie in a folder <digits>_<name>", null],
    [
      "sqitch",
      "sqitch.plan",
      "%project=x\n\na 2024-01-02T09:00:00Z A <a@b.c>\n",
      "is in sqitch.plan, but not there",
      null,
    ],
    ["sqlx", "1_a.down.sql", "select 1;", "has no up file beside it", null],
  ];

  test.each(cases)("%s: %s %j", async (...[tool, file, text, reason, line]) => {
    using project = oldProject({ [file]: text });
    const refused = [{ line, reason: expect.stringContaining(reason) as string }];
    await expect(importInto(project, tool)).rejects.toMatchObject({
      code: "ADOPT_003",
      exit: 5,
      context: { details: { refused } },
    });
    expect(readdirSync(project.dir)).toEqual(["old"]);
  });

  test("an order that is not ours", async () => {
    using project = oldProject({
      "10_b.sql": "-- migrate:up\n",
      "9_a.sql": "-- migrate:up\n",
      "09_c.sql": "-- migrate:up\n",
    });
    await expect(importInto(project, "dbmate")).rejects.toMatchObject({
      message: expect.stringMatching(
        /10_b.sql runs after 09_c.sql|9_a.sql has the version of 09_c.sql/,
      ) as string,
    });
  });

  test("two scripts of one version, however it is written", async () => {
    using project = oldProject({ "V1__a.sql": "select 1;", "x/V1.0__b.sql": "select 1;" });
    await expect(importInto(project, "flyway")).rejects.toMatchObject({
      message: expect.stringContaining("x/V1.0__b.sql has the version of V1__a.sql") as string,
    });
  });

  test("a file that is not UTF-8", async () => {
    using project = oldProject({});
    project.write("old/1_a.up.sql", Buffer.from("select '\xe9';", "latin1"));
    await expect(importInto(project, "golang-migrate")).rejects.toMatchObject({
      code: "ADOPT_003",
      message: expect.stringContaining("1_a.up.sql is not UTF-8") as string,
    });
  });
});

describe("all or nothing", () => {
  const files = { "1_a.up.sql": "select 1;", "2_b.up.sql": "select 2;", "3_c.up.sql": "select from from;" };

  test("with --partial the rest is carried, and what is not is in the result", async () => {
    using project = oldProject(files);
    await expect(importInto(project, "golang-migrate")).rejects.toMatchObject({ code: "ADOPT_003" });
    expect(readdirSync(project.dir)).toEqual(["old"]);
    const result = await importInto(project, "golang-migrate", { partial: true });
    expect(result.refused).toMatchObject([{ file: "3_c.up.sql", line: 1 }]);
    expect(Object.keys(written(project))).toEqual(["1_a.up.sql", "2_b.up.sql"]);
  });

  test.each(["2_b.up.sql", "002_other.up.sql", "2_b.down.sql"])(
    "%s there already: nothing is written",
    async (file) => {
      using project = oldProject({
        "1_a.up.sql": "select 1;",
        "2_b.up.sql": "select 2;",
        "2_b.down.sql": "select 2;",
      });
      project.write(`db/migrations/${file}`, "mine");
      const clash = { code: "ADOPT_004", exit: 5, message: expect.stringContaining(file) as string };
      await expect(importInto(project, "golang-migrate", { dryRun: true })).rejects.toMatchObject(clash);
      await expect(importInto(project, "golang-migrate")).rejects.toMatchObject(clash);
      expect(written(project)).toEqual({ [file]: "mine" });
    },
  );

  test("a file that cannot be written takes the others away again", async () => {
    const changeset = (id: string) => `--changeset a:${id}\nselect 1;\n`;
    using project = oldProject({
      "a.sql": `--liquibase formatted sql\n${changeset("1")}${changeset("2".repeat(300))}`,
    });
    await expect(importInto(project, "liquibase-sql")).rejects.toMatchObject({ code: "CONFIG_004" });
    expect(readdirSync(project.path("db"))).toEqual([]);
  });

  test("a directory without migrations, or none at all", async () => {
    using project = oldProject({ "README.md": "" });
    await expect(importInto(project, "goose")).rejects.toMatchObject({ code: "CONFIG_004" });
    await expect(importInto(project, "goose", { dir: project.path("new") })).rejects.toMatchObject({
      code: "CONFIG_004",
    });
    await expect(importInto(project, "ansible")).rejects.toMatchObject({ code: "CONFIG_008" });
  });
});
