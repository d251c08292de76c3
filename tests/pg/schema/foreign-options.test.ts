import { expect, test } from "vitest";
import { compare } from "../../../src/diff/compare.ts";
import { planSteps } from "../../../src/diff/plan.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { type LinkedSnapshot, readLinkedSnapshot } from "../../../src/schema/snapshot.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testDatabase } from "../../support/database.ts";

async function snapshotOf(ddl: string): Promise<LinkedSnapshot> {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql.raw(ddl));
  return await readLinkedSnapshot(db, { builder: db.server.user });
}

const server = (type: string, options: string) =>
  `create foreign data wrapper w; create server s type '${type}' foreign data wrapper w options (${options});`;
const mapping = (options: string) => `create user mapping for public server s options (${options});`;
const statements = (from: LinkedSnapshot, to: LinkedSnapshot) => planSteps(from, to).map((step) => step.sql);

test("no secret is read, and none is written", async () => {
  const none = await snapshotOf("");
  const all = await snapshotOf(
    `${server("a", "host 'h', password 'hunter2', auth_token 'hunter2'")} ${mapping("user 'hunter2', pin 'hunter2'")}
    create subscription n connection 'dbname=hunter2' publication p with (connect = false)`,
  );
  expect(all.objects["server"]).toMatchObject([{ options: { host: "h", password: null, auth_token: null } }]);
  expect(all.objects["user-mapping"]).toEqual([{ server: "s", role: null, options: ["pin", "user"] }]);
  expect(JSON.stringify(all)).not.toContain("hunter2");
  expect(statements(none, all)).toEqual([
    "create foreign data wrapper w",
    "create server s type 'a' foreign data wrapper w options (host 'h')",
    "create user mapping for public server s",
    "create subscription n connection 'dbname=' publication p with (connect = false)",
  ]);
});

test("what is not known is no difference, and stays as it is", async () => {
  const a = await snapshotOf(server("a", "host 'h', password 'one'") + mapping("password 'one'"));
  const b = await snapshotOf(server("a", "host 'i', api_token 'two'") + mapping("user 'two'"));
  expect(compare(a, b)).toMatchObject([{ kind: "server", attributes: [{ name: "options" }] }]);
  expect(statements(a, b)).toEqual(["alter server s options (set host 'i')"]);
});

test("a user mapping is not dropped to be made again, as its options would be lost", async () => {
  const a = await snapshotOf(server("a", "host 'h'") + mapping("password 'one'"));
  const b = await snapshotOf(server("b", "host 'h'") + mapping("password 'one'"));
  expect(() => planSteps(a, b)).toThrowError(
    expect.objectContaining({
      code: "DIFFER_404",
      message: expect.stringContaining("public on s") as string,
    }),
  );
});
