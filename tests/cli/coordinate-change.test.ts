import { expect, inject, test } from "vitest";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { coordinated } from "../support/coordination.ts";
import { cli, testProject } from "../support/project.ts";

const SCHEMA = `create table users (id int primary key, email text, name text);
create view contacts as select email from users;`;

/** A project whose coordination lies in a database of its own, and words run in it. */
async function place(files: Readonly<Record<string, string>> = {}) {
  const database = await coordinated();
  const project = testProject({ "db/schema/users.sql": SCHEMA, ...files });
  const run = (words: readonly string[], format = "json") =>
    cli(project.dir, ["coordinate", ...words, "--format", format], {
      CONFITURE_DATABASE_URL: database.url,
      CONFITURE_SCRATCH_URL: inject("serverUrl"),
    });
  const say = (verb: string, agent: string, ...changes: readonly string[]) =>
    run([
      verb,
      "--agent-id",
      agent,
      "--feature-name",
      "a feature",
      ...changes.flatMap((change) => ["--schema-changes", change]),
    ]);
  return {
    project,
    run,
    say,
    ask: async (text: string) => {
      await using db = await Connection.open(database.url);
      await db.run(sql.raw(text));
    },
    async [Symbol.asyncDispose]() {
      project[Symbol.dispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

test("what stands on a dropped column is found by the DDL files where the database has no tables", async () => {
  await using p = await place();
  expect((await p.say("register", "ada", "alter table users drop column email cascade")).json).toMatchObject({
    intent: { status: "registered", tables_affected: ["public.users", "public.contacts"] },
    conflicts: [],
  });
  const check = await p.say("check", "bob", "create view mails as select * from contacts");
  expect(check.json).toMatchObject({
    conflicts_detected: 2,
    conflicts: [
      {
        agent_b: "ada",
        severity: "error",
        conflict_type: "dependency",
        affected_objects: ["public.contacts"],
      },
      {
        agent_b: "ada",
        severity: "error",
        conflict_type: "column",
        affected_objects: ["public.users.email"],
      },
    ],
  });
  expect(check.exit).toBe(1);
});

test("and by the database where it has some; two columns of one table are in nobody's way", async () => {
  await using p = await place();
  await p.ask("create table users (id int, email text); create view readers as select email from users");
  expect((await p.say("register", "ada", "alter table users add column a int")).json).toMatchObject({
    conflicts: [],
  });
  expect(await p.say("check", "bob", "alter table users add column b int")).toMatchObject({
    exit: 0,
    json: {
      conflicts_detected: 0,
      conflicts: [],
      footprint: {
        statements: [{ operation: "ADD COLUMN", locks: [{ name: "users", lock: "ACCESS EXCLUSIVE" }] }],
        touches: expect.arrayContaining([
          expect.objectContaining({
            object: {
              type: "relation",
              schema: "public",
              name: "users",
              part: { type: "column", name: "b" },
            },
            mode: "create",
          }),
        ]),
      },
      proofs: null,
    },
  });
  expect((await p.say("register", "bob", "alter table users add column a text")).json).toMatchObject({
    intent: { status: "conflicted" },
    conflicts: [{ conflict_type: "column", affected_objects: ["public.users.a"], severity: "error" }],
  });
});

test("a proof takes out of the way what the rules are too strict about, and shows what fails", async () => {
  await using p = await place();
  await p.say("register", "ada", "do $$ begin execute 'alter table users add column a int'; end $$");
  const words = ["--agent-id", "bob", "--feature-name", "x", "--prove", "--schema-changes"];
  const strict = await p.say("check", "bob", "alter table users add column b int");
  expect([strict.exit, strict.json]).toMatchObject([1, { conflicts: [{ relation: "opaque" }] }]);
  const proven = await p.run(["check", ...words, "alter table users add column b int"]);
  expect([proven.exit, proven.json]).toMatchObject([
    0,
    { conflicts_detected: 0, proofs: [{ agent_b: "ada", relation: "independent", differences: [] }] },
  ]);
  const fails = await p.run(["check", ...words, "alter table users add column a int"]);
  expect([fails.exit, fails.json]).toMatchObject([
    1,
    {
      conflicts: [{ relation: "conflict", severity: "error" }],
      proofs: [
        {
          failures: [
            { order: ["a", "b"], failed: "b" },
            { order: ["b", "a"], failed: "a" },
          ],
        },
      ],
    },
  ]);
});

test("of rows that the base does not have, and of locks, a proof says nothing", async () => {
  await using p = await place();
  await p.say("register", "ada", "update users set name = 'x'");
  const words = ["check", "--agent-id", "bob", "--feature-name", "x", "--prove", "--schema-changes"];
  expect(await p.run([...words, "update users set name = name || 'y'"])).toMatchObject({
    exit: 0,
    json: {
      conflicts: [
        { intent_a: null, relation: "order matters", severity: "warning", conflict_type: "timing" },
      ],
      proofs: [{ relation: "order matters", rows_differ: [], unproven: [{ type: "timing" }] }],
    },
  });
  const text = await p.run([...words, "update users set name = name || 'y'"], "text");
  expect(text.out).toContain(
    "both orders lead to the same with ada, but for rows that the base does not have",
  );
  const alone = await p.run(
    ["prove", "update users set name = 'x'", "alter table users drop column nope"],
    "text",
  );
  expect(alone.out).toContain("  b fails by itself: ");
  await p.say("register", "cora", "create index on users (name)");
  const locks = await p.run([...words, "alter table users add check (name > '')"]);
  expect(locks.json).toMatchObject({
    conflicts: [{ agent_b: "ada" }, { agent_b: "cora", clashes: [{ a: { mode: null }, b: { mode: null } }] }],
    proofs: [{ agent_b: "ada" }, { agent_b: "cora", relation: "independent" }],
  });
});

test("prove takes intents, files, migrations and SQL", async () => {
  await using p = await place({
    "db/migrations/1_a.up.sql": "alter table users add column a int;",
    "changes/b.sql": "alter table users add column b int;\ninsert into users (id) values (1);",
  });
  const { json } = await p.say("register", "ada", "changes/b.sql");
  const { id } = (json as { intent: { id: string } }).intent;
  expect(await p.run(["prove", id, "1"], "text")).toMatchObject({
    exit: 0,
    out: expect.stringMatching(
      /^a feature of ada and 1 on db\/schema: independent\nRun both ways on PostgreSQL \d+\.\n$/,
    ),
  });
  const rows = await p.run(["prove", "changes/b.sql", "update users set name = 'x'"]);
  expect([rows.exit, rows.json]).toMatchObject([
    1,
    {
      relation: "order matters",
      proof: { rows_differ: ["public.users"] },
      rules: { relation: "order matters" },
    },
  ]);
  expect((await p.run(["prove", "1", "drop tabel users"])).json).toMatchObject({
    ok: false,
    error: { code: "SCHEMA_200" },
  });
});

test("a migration, and what the DDL files say beyond the migrations", async () => {
  await using p = await place({ "db/migrations/1_users.up.sql": SCHEMA.replace(", name text", "") });
  const words = ["register", "--agent-id", "ada", "--feature-name", "x"];
  expect((await p.run([...words, "--migration", "1"])).json).toMatchObject({
    intent: { tables_affected: expect.arrayContaining(["public.users"]) },
  });
  expect((await p.run([...words, "--from-diff"])).json).toMatchObject({
    intent: { schema_changes: ["alter table public.users add column name text"] },
  });
});

test("the sandboxes of an intent go with it", async () => {
  await using p = await place();
  const { id } = (await p.say("register", "ada", "alter table users add column a int")).json["intent"] as {
    id: string;
  };
  const made = await p.run(["sandbox", "create", "--intent", id]);
  const { name } = made.json as unknown as { name: string };
  expect((await p.run(["sandbox", "list"], "text")).out).toContain(name);
  expect((await p.run(["abandon", "--intent-id", id, "--reason", "useless"])).exit).toBe(0);
  expect((await p.run(["sandbox", "list"], "text")).out).not.toContain(name);
});
