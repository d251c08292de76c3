import { expect, test } from "vitest";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { lossesSince, readContents } from "../../support/contents.ts";
import { testDatabase } from "../../support/database.ts";

test("tells rows, values and counts that are lost, and not what is only printed otherwise", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql`create table kept (id serial, "a b" int, at date, gone int);
    create table emptied (id int generated always as identity);
    create table cut (a text, b text);
    create table dropped (a int);
    insert into kept ("a b", at) values (1, '2024-01-01'), (null, '2024-01-02');
    insert into emptied values (default); insert into emptied values (default);
    insert into cut values ('long', 'same'); insert into dropped values (1)`);
  const before = await readContents(db);
  await db.run(sql`alter table kept alter "a b" type numeric(5, 1), alter at type timestamp, drop gone`);
  expect(await lossesSince(before, db)).toEqual([]);
  await db.run(sql`delete from emptied where id = 1; update cut set a = 'lost'; drop table dropped;
    alter sequence kept_id_seq restart; alter sequence emptied_id_seq restart with 7`);
  expect(await lossesSince(before, db)).toEqual([
    "public.emptied: 2 rows, now 1",
    "public.cut.a: values differ",
    "public.kept_id_seq: was at 2, now at its start",
    "public.emptied_id_seq: was at 2, now at its start",
  ]);
});
