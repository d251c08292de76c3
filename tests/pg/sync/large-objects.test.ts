import { expect, test } from "vitest";
import { sync, syncPlan } from "../../../src/sync/sync.ts";
import { query, syncPair } from "../../support/sync.ts";

const SCHEMA = `
  create domain lo as oid;
  create domain checked as lo check (value > 0);
  create table file (id int primary key, "The Data" oid, thumb lo, parts checked[]);
  create table log (at date, body oid) partition by range (at);
  create table log_1 partition of log default;
  create table parent (ref oid);
  create table child () inherits (parent)`;

const OBJECTS = "select lo_create(id::oid) from generate_series(900001, 900003) id";

const ROWS = `
  ${OBJECTS};
  insert into file values (1, 900001, 900002, array[7, 900003]), (2, null, null, null);
  insert into log values ('2024-01-01', 900001); insert into child values (900001)`;

const rules = (file: string, more = "") => `
version: 1
tables:
  file: {columns: ${file}${more}}
  log: {columns: {at: keep, body: null}}
  parent: {columns: {ref: keep}}
  child: {columns: {ref: null}}
`;

test("columns that name large objects are refused by name, before anything is written", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  const columns = [
    "public.child.ref",
    "public.file.The Data",
    "public.file.thumb",
    "public.file.parts",
    "public.log.body",
  ];
  const refusal = {
    code: "SYNC_301",
    message: `large objects are not copied, and named in ${columns.join(", ")}`,
    context: { details: { columns }, actionable: expect.stringMatching(/rule `null`.*--exclude.*bytea/) },
  };
  await expect(syncPlan(pair.request())).rejects.toMatchObject(refusal);
  await expect(sync(pair.request())).rejects.toMatchObject(refusal);
  expect(await query(pair.target.url, "select to_regnamespace('confiture') as left")).toEqual([
    { left: null },
  ]);
});

test("a rule for the column, and rows that are left out, settle it", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  const nulls = rules("{id: keep, The Data: null, thumb: null, parts: null}");
  expect((await sync(pair.request({ rules: nulls }))).tables).toMatchObject({ "public.file": 2 });
  const part = rules("{id: keep, The Data: keep, thumb: keep, parts: keep}", ", where: id = 2");
  expect((await sync(pair.request({ rules: part, replace: true }))).tables).toMatchObject({
    "public.file": 1,
  });
  const whole = rules("{id: keep, The Data: null, thumb: keep, parts: null}", ", where: id = 1");
  await expect(syncPlan(pair.request({ rules: whole, replace: true }))).rejects.toMatchObject({
    code: "SYNC_301",
    context: { details: { columns: ["public.file.thumb"] } },
  });
});

test("numbers that name no large object pass", async () => {
  await using pair = await syncPair(SCHEMA, `${ROWS}; select lo_unlink(oid) from pg_largeobject_metadata`);
  expect((await sync(pair.request())).tables).toMatchObject({ "public.file": 2 });
  await query(pair.source.url, "select lo_create(900009)");
  expect(await syncPlan(pair.request({ replace: true }))).toMatchObject({ ok: true });
});
