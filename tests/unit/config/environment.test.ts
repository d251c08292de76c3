import { expect, test } from "vitest";
import { environmentSchema } from "../../../src/config/environment-schema.ts";
import { defaultSettings, toSettings } from "../../../src/config/environment.ts";
import { parseDsn } from "../../../src/pg/dsn.ts";
import { project } from "./project.ts";

const settingsOf = (file: unknown) =>
  toSettings(environmentSchema.parse(file), { environment: "local", projectDir: "/p" });

test("the database block becomes a URL that means the same", () => {
  const parts = { host: "::1", port: "6543", database: "my/db?", user: "a@b", password: "p:@/%${#" };
  const { hosts, user, database, password } = parseDsn(settingsOf({ database: parts }).databaseUrl!);
  expect(hosts).toMatchObject([{ host: "::1", port: 6543 }]);
  expect({ user, database, password }).toEqual({ user: "a@b", database: "my/db?", password: "p:@/%${#" });
});

test("the database block has defaults, and may name a socket", () => {
  expect(settingsOf({ database: {} }).databaseUrl).toBe("postgresql://postgres@localhost:5432/postgres");
  const { databaseUrl } = settingsOf({ database: { host: "/var/run/postgresql" } });
  expect(parseDsn(databaseUrl!).hosts).toMatchObject([{ host: "/var/run/postgresql", port: 5432 }]);
});

test("database_url wins over the block; embedded is no URL", () => {
  expect(settingsOf({ database_url: "dbname=x", database: {} }).databaseUrl).toBe("dbname=x");
  expect(settingsOf({ database_url: "embedded" })).toMatchObject({ databaseUrl: undefined, embedded: true });
});

test("both forms of include_dirs", () => {
  const { includeDirs } = settingsOf({ include_dirs: ["a", { path: "b", include: ["*.sql"], order: 2 }] });
  expect(includeDirs).toEqual([
    { path: "a", recursive: true, include: ["**/*.sql"], exclude: [], autoDiscover: false, order: 0 },
    { path: "b", recursive: true, include: ["*.sql"], exclude: [], autoDiscover: true, order: 2 },
  ]);
});

test("both shapes of acls", () => {
  const expectation = { schema: "app", apply_to: ["tb_*"], grants: [{ role: "r", privileges: ["select"] }] };
  const read = { ...expectation, ignore: [], grants: [{ role: "r", privileges: ["SELECT"] }] };
  expect(settingsOf({ acls: [expectation] }).raw.acls).toEqual([read]);
  expect(settingsOf({ acls: { lint_enabled: true, expectations: [expectation] } }).raw.acls).toEqual({
    lint_enabled: true,
    expectations: [read],
  });
});

test("without include_dirs, db/schema is the source if it exists", async () => {
  const folder = await project({ "db/schema/a.sql": "" });
  expect(defaultSettings(folder).includeDirs).toMatchObject([{ path: "db/schema", autoDiscover: false }]);
  expect(defaultSettings(`${folder}/db`).includeDirs).toEqual([]);
});
