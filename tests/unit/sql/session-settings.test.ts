import { expect, test } from "vitest";
import { parseScript } from "../../../src/sql/parse-script.ts";
import { settingsChangedBy } from "../../../src/sql/session-settings.ts";

test.each([
  ["set search_path = app", ["search_path"]],
  ["set local role app", ["role"]],
  ["set session authorization app", ["session_authorization"]],
  ["set time zone 'UTC'", ["timezone"]],
  ["set names 'utf8'", ["client_encoding"]],
  [
    "select pg_catalog.set_config('search_path', '', false), set_config('a.b', 'x', true)",
    ["search_path", "a.b"],
  ],
  ["select set_config(name, '0', false) from pg_settings", []],
  ["reset search_path", []],
  ["reset all", []],
  ["set transaction read only", []],
  ["create table t (set_config int)", []],
])("%s", async (text, names) => {
  const { statements } = await parseScript({ text }, "SQL_001");
  expect(statements.flatMap(settingsChangedBy)).toEqual(names);
});
