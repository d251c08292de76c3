import { setTimeout as sleep } from "node:timers/promises";
import { expect, inject, test } from "vitest";
import { ConfitureError } from "../../../src/base/errors.ts";
import { sync } from "../../../src/sync/sync.ts";
import { query, type Pair, syncPair } from "../../support/sync.ts";

const SCHEMA = `
  create table big (id int primary key, v text); create index on big (v);
  create table small (id int primary key, big int references big)`;
const ROWS = `
  insert into big select i, md5(i::text) from generate_series(1, 20000) i;
  insert into small select i, i * 50 from generate_series(1, 300) i`;

const contents = async (url: string) => [
  await query(url, "select * from big order by id"),
  await query(url, "select * from small order by id"),
];

/** Waits until no transaction of another test is older than the rows, which would leave it open whether they are new. */
async function settle(pair: Pair): Promise<void> {
  const text = `select pg_snapshot_xmin(pg_current_snapshot())::text::int8 > (select max(xmin::text::int8) from big) as settled`;
  for (let tries = 0; tries < 200; tries++) {
    const [now] = await query<{ settled: boolean }>(pair.source.url, text);
    if (now?.settled) return;
    await sleep(50);
  }
}

/** A sync that is stopped once some rows are there. */
async function interrupted(pair: Pair, inPlace: boolean, exclude: readonly string[] = []): Promise<void> {
  await settle(pair);
  const stop = new AbortController();
  const reason = new ConfitureError("INTERRUPTED", "stopped by the test");
  const request = pair.request({
    inPlace,
    exclude,
    unitPages: 16,
    jobs: 2,
    signal: stop.signal,
    onProgress: ({ rows }) => rows > 5000 && stop.abort(reason),
  });
  await expect(sync(request)).rejects.toMatchObject({ code: "INTERRUPTED" });
}

test.each([false, true])("what was finished is kept: in place %s", async (inPlace) => {
  await using pair = await syncPair(SCHEMA, ROWS);
  await interrupted(pair, inPlace);
  const [{ units } = { units: 0 }] = await query<{ units: number }>(
    pair.target.url,
    "select count(*) as units from confiture.sync_unit",
  );
  // Before version 14 a table is one part.
  const isCut = inject("serverMajor") >= 14;
  expect(units).toBeGreaterThan(isCut ? 2 : 0);
  const [{ rows } = { rows: 0 }] = await query<{ rows: number }>(
    pair.target.url,
    "select count(*) as rows from big",
  );
  if (inPlace) expect(rows).toBeGreaterThan(0);
  else expect(rows).toBe(0);
  const result = await sync(pair.request({ inPlace, unitPages: 16, resume: true }));
  expect(result.details[0]).toMatchObject({ table: "public.big", rows: 20000 });
  expect(result.details[0]?.resumed_rows).toBeGreaterThan(isCut ? 1000 : 0);
  expect(await contents(pair.target.url)).toEqual(await contents(pair.source.url));
  const [keys] = await query(
    pair.target.url,
    "select count(*) as indexes from pg_indexes where schemaname = 'public'",
  );
  expect(keys).toEqual({ indexes: 3 });
});

test.each([
  ["a changed row", "update big set v = 'changed' where id = 1"],
  ["a deleted row", "delete from big where id = 2; delete from small where big = 2"],
  ["a new row", "insert into big values (0, 'new')"],
  ["a deleted and a new row", "delete from big where id = 3; insert into big values (-3, 'new')"],
  ["a table that was written anew", "vacuum full big"],
])("%s of the source is in the result: %s", async (_, change) => {
  for (const inPlace of [false, true]) {
    const pair = await syncPair(SCHEMA, ROWS);
    try {
      await interrupted(pair, inPlace);
      await query(pair.source.url, change);
      await sync(pair.request({ inPlace, unitPages: 16, resume: true }));
      expect(await contents(pair.target.url)).toEqual(await contents(pair.source.url));
    } finally {
      await pair[Symbol.asyncDispose]();
    }
  }
});

test("a run about something else is not gone on with, nor one that there is not", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  await expect(sync(pair.request({ resume: true }))).rejects.toMatchObject({ code: "SYNC_305" });
  await interrupted(pair, false);
  for (const given of [{ inPlace: true }, { tables: ["big"], exclude: [] }]) {
    await expect(sync(pair.request({ ...given, resume: true }))).rejects.toMatchObject({
      code: expect.stringMatching("SYNC_305|SYNC_001"),
    });
  }
});

test.each([false, true])("a new run gives the old one up: in place %s", async (inPlace) => {
  await using pair = await syncPair(SCHEMA, ROWS);
  await interrupted(pair, inPlace);
  await sync(pair.request({ replace: true }));
  expect(await contents(pair.target.url)).toEqual(await contents(pair.source.url));
  const [left] = await query(
    pair.target.url,
    "select to_regnamespace('confiture') as left, (select count(*) from pg_indexes where schemaname = 'public') as indexes",
  );
  expect(left).toEqual({ left: null, indexes: 3 });
});

test("to give up what was loaded in place empties no table that inherits", async () => {
  await using pair = await syncPair(`${SCHEMA}; create table heir () inherits (big)`, ROWS);
  await query(pair.target.url, "insert into heir values (-1, 'not copied')");
  await interrupted(pair, true, ["heir"]);
  await sync(pair.request({ exclude: ["heir"], replace: true }));
  expect(await query(pair.target.url, "select * from heir")).toEqual([{ id: -1, v: "not copied" }]);
});
