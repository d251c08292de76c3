import { expect, test } from "vitest";
import { parseScript } from "../../../src/sql/parse-script.ts";
import { beginningOf } from "../../../src/sql/statement-text.ts";

test.each([
  ["create role r login password 'hunter2'", "create role r login password …"],
  ["alter user r password E'hunter2'", "alter user r password E…"],
  [
    "create subscription s connection $$host=h password=hunter2$$ publication p",
    "create subscription s connection …",
  ],
  ["alter system set primary_conninfo = 'password=hunter2'", "alter system set primary_conninfo = …"],
  [
    "create user mapping for r server s options (password 'hunter2')",
    "create user mapping for r server s options (password …",
  ],
  ["insert into t values ('a long text that is cut')", "insert into t values ('a long text that is cut'"],
])("%s is shown without what may be a password", async (text, shown) => {
  const { statements } = await parseScript({ text }, "MIGR_108");
  expect(beginningOf(statements[0]!, 47 + (text.startsWith("create") ? 20 : 0))).toBe(shown);
});
