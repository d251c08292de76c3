import { beforeAll, expect, test } from "vitest";
import { withKeywords } from "../../../src/sql/keywords.ts";
import { loadParser, meaningOf } from "../../../src/sql/parse.ts";

beforeAll(loadParser);

const SQL = `alter table public.key add constraint "Value" CHECK ((value > 0)), -- NOT this
  add FOREIGN KEY (a) REFERENCES o.type(name) ON DELETE SET NULL, add column t timestamp with time zone DEFAULT 'NOW'`;

test("upper case leaves names, types, strings, quoted names and comments alone", () => {
  expect(withKeywords(SQL, "upper"))
    .toBe(`ALTER TABLE public.key ADD CONSTRAINT "Value" CHECK ((value > 0)), -- NOT this
  ADD FOREIGN KEY (a) REFERENCES o.type(name) ON DELETE SET NULL, ADD COLUMN t timestamp with time zone DEFAULT 'NOW'`);
});

test("lower case", () => {
  expect(withKeywords(SQL, "lower"))
    .toBe(`alter table public.key add constraint "Value" check ((value > 0)), -- NOT this
  add foreign key (a) references o.type(name) on delete set null, add column t timestamp with time zone default 'NOW'`);
});

test.for([
  "create function f() returns int language sql begin atomic; SELECT (x.t AT TIME ZONE 'UTC') FROM x; END",
  'create view v as SELECT é."A", EXTRACT(YEAR FROM now()) AS "SELECT" FROM é WHERE (NOT (é.b IS NULL))',
  "do $$ BEGIN SELECT; END $$",
  "create trigger t BEFORE UPDATE OF name ON public.x FOR EACH ROW WHEN ((new.a IS DISTINCT FROM old.a)) EXECUTE FUNCTION f('A')",
  "create type r as range (subtype = double precision)",
])("the meaning stays, and so does what is printed in the other case: %s", (sql) => {
  const [lower, upper] = [withKeywords(sql, "lower"), withKeywords(sql, "upper")];
  expect(meaningOf(sql)).not.toBeNull();
  expect([meaningOf(lower), meaningOf(upper)]).toEqual([meaningOf(sql), meaningOf(sql)]);
  expect(upper).not.toBe(lower);
  expect(withKeywords(upper, "lower")).toBe(lower);
});

test("what does not parse stays as it is", () => {
  expect(withKeywords("SELECT from from WHERE", "lower")).toBe("SELECT from from WHERE");
});
