import { beforeAll, describe, expect, test } from "vitest";
import { loadParser } from "../../../../src/sql/parse.ts";
import { conditionText } from "../../../../src/sync/subset/condition.ts";

const NOW = "2024-05-06 07:08:09.5+02";
const TIME = `cast('${NOW}' as pg_catalog.timestamptz)`;
const conditionOf = (text: string) => conditionText(text, "public.t", NOW);

beforeAll(loadParser);

test.each([
  "a = 1",
  "a = ';' and b <> $$ ; $$ or c like '%--'",
  "t.a in (select max(id) from public.u group by x order by x limit 1)",
  "a is null -- and no more",
  "/* first */ a between 1 and 2 /* last */",
  "exists (with w as (select 1) select from w)",
  "random_id = 1 and (a, b) in ((1, 2)) is not false",
  "lower(\"now\") = 'now()' and now = 1 and t.current = 2",
])("%s", (text) => {
  expect(conditionOf(text)).toBe(`(${text}\n)`);
});

test.each([
  ["", "parse"],
  ["a = 1;", "is not one expression"],
  ["a = 1; drop table t", "is not one expression"],
  ["a = 1) or (b = 2", "parse"],
  ["a = 1 /* open", "parse"],
  ["a = 'open", "parse"],
  ["a = 1 order by a", "is not one expression"],
  ["a = 1 limit 1", "is not one expression"],
  ["a = 1 for update", "is not one expression"],
  ["a = 1 group by a", "is not one expression"],
  ["a = 1 union select", "is not one expression"],
  ["a = 1 window w as ()", "is not one expression"],
  ["a = $1", "has a parameter"],
  ["a = \0", "parse"],
  ["random() < 0.1", "calls random()"],
  ["a < (select pg_catalog.clock_timestamp())", "calls clock_timestamp()"],
])("%j is refused", (text, why) => {
  let error: unknown;
  try {
    conditionOf(text);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ code: "SYNC_302", message: expect.stringContaining(why) as string });
  expect(error).toHaveProperty("message", expect.stringContaining("public.t"));
});

test("an error of syntax points at its place", () => {
  expect(() => conditionOf("é = 1 and")).toThrow(/does not parse: syntax error at end of input/);
});

describe("the time", () => {
  test.each([
    ["at > now() - interval '1 day'", `at > ${TIME} - interval '1 day'`],
    ["now ( ) < at and at < now()", `${TIME} < at and at < ${TIME}`],
    ['"é" < pg_catalog.now() /* now() */', `"é" < ${TIME} /* now() */`],
    ["at < transaction_timestamp() or at < statement_timestamp()", `at < ${TIME} or at < ${TIME}`],
    ["at < CURRENT_TIMESTAMP", `at < ${TIME}`],
    ["at < current_timestamp(0)", `at < cast(${TIME} as pg_catalog.timestamptz(0))`],
    ["day = current_date", `day = cast(${TIME} as pg_catalog.date)`],
    ["at < localtimestamp", `at < cast(${TIME} as pg_catalog.timestamp)`],
    [
      "at < localtimestamp -- one\n(2)",
      `at < cast(cast(${TIME} as pg_catalog.timestamp) as pg_catalog.timestamp(2))`,
    ],
    [
      "t > localtime and u > current_time",
      `t > cast(${TIME} as pg_catalog.time) and u > cast(${TIME} as pg_catalog.timetz)`,
    ],
    [
      "at in (select max(at) from log where at < now())",
      `at in (select max(at) from log where at < ${TIME})`,
    ],
  ])("%s", (text, expected) => {
    expect(conditionOf(text)).toBe(`(${expected}\n)`);
  });

  test.each(["app.now() = a", "now(1) = a", "current_user = a", "a = 'current_date'"])(
    "not in %s",
    (text) => {
      expect(conditionOf(text)).toBe(`(${text}\n)`);
    },
  );
});
