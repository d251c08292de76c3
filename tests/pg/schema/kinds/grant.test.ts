import { expect, test } from "vitest";
import { provePlan } from "../../../../src/diff/prove.ts";
import { Connection } from "../../../../src/pg/connection.ts";
import { readLinkedSnapshot } from "../../../../src/schema/snapshot.ts";
import { sql } from "../../../../src/sql/tag.ts";
import { testDatabase } from "../../../support/database.ts";
import { makeRoles } from "../../../support/roles.ts";

test("what somebody else has granted is known, and granted again by the owner when it must stay", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  const read = () => readLinkedSnapshot(db, { builder: db.server.user });
  await makeRoles(db, "grant_first", "grant_second");
  await db.run(sql`
    create table t (a int); grant select on t to grant_second`);
  const target = await read();
  await db.run(sql`
    revoke select on t from grant_second; grant select on t to grant_first with grant option;
    set role grant_first; grant select on t to grant_second; reset role`);
  const before = await read();
  expect(before.objects["grant"]?.filter(({ of }) => of === "table public.t")).toMatchObject([
    { grantee: "grant_first", grantable: true },
    { grantee: "grant_second", grantable: false },
  ]);
  const steps = await provePlan(db, before, target);
  expect(steps.map((step) => step.sql)).toEqual([
    "revoke select on table public.t from grant_first cascade",
    "grant select on table public.t to grant_second",
  ]);
  await db.run(sql`drop table t; drop role grant_first, grant_second`);
});
