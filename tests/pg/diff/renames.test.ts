import { describe, expect, inject, test } from "vitest";
import { cli, testProject } from "../../support/project.ts";

const SCRATCH = { CONFITURE_SCRATCH_URL: inject("serverUrl") };

const TABLE = "create table t (a int, b int)";
const FUNCTION = "create function f() returns trigger language plpgsql as 'begin return new; end'";

/** What has another name, in the DDL with `NAME` in its place, and the one step that says it. */
const CASES: Readonly<Record<string, readonly [ddl: string, flag: string, step: string]>> = {
  trigger: [
    `${FUNCTION}; ${TABLE}; create trigger NAME before insert on t for each row execute function f();
     alter table t disable trigger NAME; comment on trigger NAME on t is 'c'`,
    "trigger:t.one=two",
    "alter trigger one on public.t rename to two",
  ],
  policy: [
    `${TABLE}; create policy NAME on t for select using (a > 0)`,
    "policy:t.one=two",
    "alter policy one on public.t rename to two",
  ],
  rule: [
    `${TABLE}; create rule NAME as on delete to t do instead nothing`,
    "rule:t.one=two",
    "alter rule one on public.t rename to two",
  ],
  statistics: [
    `${TABLE}; create statistics NAME (ndistinct) on a, b from t`,
    "statistics:one=two",
    "alter statistics public.one rename to two",
  ],
  attribute: [
    "create type pair as (NAME int, other text); create table t (p pair); create table typed of pair",
    "attribute:pair.one=two",
    "alter type public.pair rename attribute one to two cascade",
  ],
  label: [
    "create type mood as enum ('NAME', 'other'); create table t (m mood default 'NAME' check (m <> 'NAME'))",
    "label:mood.one=two",
    "alter type public.mood rename value 'one' to 'two'",
  ],
  "domain constraint": [
    "create domain d as int constraint NAME check (value > 0); create table t (d d)",
    "check-constraint:d.one=two",
    "alter domain public.d rename constraint one to two",
  ],
};

describe.each(Object.entries(CASES))("%s", (_, [ddl, flag, step]) => {
  const [before, after] = ["one", "two"].map((name) => ddl.replaceAll("NAME", name)) as [string, string];

  test("is renamed in place, and back", async () => {
    using project = testProject({ "a.sql": before, "b.sql": after });
    const { json } = await cli(project.dir, `diff a.sql b.sql --format json --rename ${flag}`, SCRATCH);
    expect(json.error).toBeUndefined();
    const { steps, down, data_loss } = json["plan"] as Record<string, { sql: string }[]>;
    const swapped = step.replace("one", "X").replace("two", "one").replace("X", "two");
    expect([steps, down].map((way) => way!.map(({ sql }) => sql))).toEqual([[step], [swapped]]);
    expect(data_loss).toEqual([]);
  });
});

test("comments say the same of all of them at once, with a renamed whole around them", async () => {
  const before = `${FUNCTION}; create table t (a int, b int);
    create trigger t_touch before insert on t for each row execute function f();
    create policy one on t; create rule one as on delete to t do instead nothing;
    create type mood as enum ('sad', 'ok'); create type pair as (x int, y int);
    create domain d as int constraint one check (value > 0);`;
  const after = `${FUNCTION};
    create table u (a int, b int); -- confiture: renamed-from t
    create trigger u_touch before insert on u for each row execute function f();
    -- confiture: renamed-from one
    create policy two on u;
    create rule two as on delete to u do instead nothing; -- confiture: renamed-from one
    -- confiture: renamed-from mood
    create type feeling as enum (
      'unhappy', -- confiture: renamed-from sad
      'ok');
    create type pair as (
      z int, -- confiture: renamed-from x
      y int);
    create domain d as int
      -- confiture: renamed-from one
      constraint two check (value > 0);`;
  using project = testProject({ "a.sql": before, "b.sql": after });
  const { json } = await cli(project.dir, "diff a.sql b.sql --format json", SCRATCH);
  expect(json.error).toBeUndefined();
  const { steps } = json["plan"] as { steps: { sql: string; part_of: string | null }[] };
  expect(steps.map(({ sql, part_of }) => `${part_of}: ${sql}`)).toEqual([
    "null: alter table public.t rename to u",
    "null: alter type public.mood rename to feeling",
    "table public.u: alter policy one on public.u rename to two",
    "table public.u: alter rule one on public.u rename to two",
    "enum public.feeling: alter type public.feeling rename value 'sad' to 'unhappy'",
    "composite-type public.pair: alter type public.pair rename attribute x to z cascade",
    "domain public.d: alter domain public.d rename constraint one to two",
    "table public.u: alter trigger t_touch on public.u rename to u_touch",
  ]);
});

test("a column and a trigger of one name do not share their new one", async () => {
  const ddl = (trigger: string) =>
    `${FUNCTION}; create table t (one int); create trigger ${trigger} before insert on t for each row execute function f()`;
  using project = testProject({ "a.sql": ddl("one"), "b.sql": ddl("two") });
  const { json } = await cli(
    project.dir,
    "diff a.sql b.sql --format json --rename trigger:t.one=two",
    SCRATCH,
  );
  expect(json["plan"]).toMatchObject({ steps: [{ sql: "alter trigger one on public.t rename to two" }] });
});
