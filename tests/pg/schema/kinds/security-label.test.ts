import { expect, test } from "vitest";
import { planSteps } from "../../../../src/diff/plan.ts";
import { Connection } from "../../../../src/pg/connection.ts";
import { type LinkedSnapshot, readLinkedSnapshot } from "../../../../src/schema/snapshot.ts";
import { sql } from "../../../../src/sql/tag.ts";
import { testDatabase } from "../../../support/database.ts";

const statements = (from: LinkedSnapshot, to: LinkedSnapshot) => planSteps(from, to).map((step) => step.sql);

/** Only a provider's module can set a label, and there is none here: these are written into the catalog. */
test("labels of objects, columns and parts are read, set, changed and removed", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql`
    create table t (id int generated always as identity, a int); create view v as select 1 as x;
    create type mood as enum ('sad'); set allow_system_table_mods = on`);
  const none = await readLinkedSnapshot(db);
  await db.run(sql`
    insert into pg_seclabel (objoid, classoid, objsubid, provider, label) values
      ('t'::regclass, 'pg_class'::regclass, 0, 'dummy', 'secret'),
      ('t'::regclass, 'pg_class'::regclass, 2, 'dummy', 'it''s'),
      ('t_id_seq'::regclass, 'pg_class'::regclass, 0, 'dummy', 'counts'),
      ('v'::regclass, 'pg_class'::regclass, 1, 'Other one', 'public'),
      ('mood'::regtype, 'pg_type'::regclass, 0, 'dummy', 'open')`);
  const all = await readLinkedSnapshot(db);
  await db.run(sql`update pg_seclabel set label = 'shut' where classoid = 'pg_type'::regclass`);
  const changed = await readLinkedSnapshot(db);
  await db.run(sql`delete from pg_seclabel`);
  expect(statements(none, all)).toEqual([
    "security label for dummy on column public.t.a is 'it''s'",
    "security label for dummy on sequence public.t_id_seq is 'counts'",
    "security label for dummy on type public.mood is 'open'",
    "security label for dummy on table public.t is 'secret'",
    `security label for "Other one" on column public.v.x is 'public'`,
  ]);
  expect(statements(all, changed)).toEqual(["security label for dummy on type public.mood is 'shut'"]);
  expect(statements(all, none)).toContain(`security label for "Other one" on column public.v.x is null`);
});
