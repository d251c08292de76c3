import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { register } from "../../src/coordinate/register.ts";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { coordinated, intends, OLD_TABLES, simpleJudge } from "../support/coordination.ts";
import { testDatabase } from "../support/database.ts";
import { cli, testProject } from "../support/project.ts";

/** Two agents who both change users.email. */
async function twoAgents() {
  const database = await coordinated();
  await using db = await Connection.open(database.url);
  const { intent: ada } = await register(db, intends("ada"), simpleJudge);
  const { intent: bob } = await register(db, intends("bob"), simpleJudge);
  return { database, ada, bob };
}

test("init says what it made, and what it took over", async () => {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  await db.run(sql.raw(OLD_TABLES));
  using project = testProject();
  const words = `coordinate init --database-url ${database.url}`;
  expect((await cli(project.dir, words)).out).toBe(
    [
      "Made the tables of coordination in schema confiture.",
      "Took over 3 row(s) of public.tb_pggit_intent, which is now called public.tb_pggit_intent_0_20.",
      "Took over 1 row(s) of public.tb_pggit_conflict, which is now called public.tb_pggit_conflict_0_20.",
      "Took over 1 row(s) of public.tb_pggit_intent_history, which is now called public.tb_pggit_intent_history_0_20.",
      "Views for readers of the old tool: public.tb_pggit_intent, public.tb_pggit_conflict, public.tb_pggit_intent_history",
      "",
    ].join("\n"),
  );
  expect((await cli(project.dir, words)).out).toMatch(/^The tables of coordination are there\.\nViews/);
});

test("the life of an intent, command by command", async () => {
  const { database, ada, bob } = await twoAgents();
  await using _database = database;
  using project = testProject();
  const run = (words: string, format = "json") =>
    cli(project.dir, `coordinate ${words} --database-url ${database.url} --format ${format}`);
  expect((await run(`status --intent-id ${bob.id}`, "text")).out).toMatch(
    /^Intent {7}[0-9a-f-]{36}\nAgent {8}bob\n[\s\S]*Status {7}conflicted\n[\s\S]*\nconflict 1: column: public\.users\.email \[error\] with ada\n$/,
  );
  expect((await run("conflicts", "text")).out).toBe(
    [
      `${ada.id}  ada, a feature: registered`,
      "  conflict 1: column: public.users.email [error] with bob",
      `${bob.id}  bob, a feature: conflicted`,
      "  conflict 1: column: public.users.email [error] with ada",
      "",
    ].join("\n"),
  );
  expect((await run("resolve --conflict-id 1 --notes shared --agent-id bob", "text")).out).toBe(
    `Conflict 1 is resolved.\nIntent ${bob.id} is registered again.\n`,
  );
  expect((await run(`start --intent-id ${bob.id} --agent-id bob`)).json).toMatchObject({
    intent: { status: "in_progress" },
  });
  expect((await run(`heartbeat --intent-id ${bob.id} --ttl 2d`, "text")).out).toMatch(
    /^The lease of intent /,
  );
  expect(
    (await run(`complete --intent-id ${bob.id} --outcome partial --notes later --merge-commit abc`)).json,
  ).toMatchObject({ intent: { outcome: "partial", outcome_notes: "later", merge_commit: "abc" } });
  expect((await run(`merge --intent-id ${bob.id}`, "text")).out).toContain("Status       merged\n");
  expect((await run(`abandon --intent-id ${ada.id} --reason useless`)).json).toMatchObject({
    intent_id: ada.id,
    feature_name: "a feature",
    status: "abandoned",
    reason: "useless",
  });
  expect((await run("status", "text")).out).toBe("No intents.\n2 in all, 1 merged, 1 abandoned\n");
  expect((await run("list", "text")).out).toContain(
    `${ada.id}  ada    a feature  abandoned  low   public.users\n`,
  );
  const history = await run(`history --intent-id ${bob.id} --limit 1`, "text");
  expect(history.out).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}[0-9a-f-]{36} {2}bob, a feature: completed -> merged, by postgres\n$/,
  );
});

test("an empty list says so, and both names of the command say the same", async () => {
  await using database = await coordinated();
  using project = testProject();
  for (const name of ["list", "list-intents"]) {
    const { json } = await cli(project.dir, `coordinate ${name} -d ${database.url} -f json`);
    expect(json).toEqual({ total: 0, intents: [] });
  }
  const { json } = await cli(project.dir, `coordinate conflicts -d ${database.url} -f json`);
  expect(json).toEqual({ total_conflicted_intents: 0, conflicted_intents: [] });
});

test("watch prints one document on each line, also into a file, and Ctrl-C is its usual end", async () => {
  const { database } = await twoAgents();
  await using _database = database;
  using project = testProject();
  const words = `coordinate watch --after-id 0 --database-url ${database.url} --format json`;
  const stop = new AbortController();
  let out = "";
  const exit = await main(words.split(" "), {
    cwd: project.dir,
    environment: {},
    signal: stop.signal,
    err: () => {},
    out: (text) => {
      out += text;
      if (out.split("\n").length > 2) stop.abort(new Error("Ctrl-C"));
    },
  });
  const types = (text: string) =>
    text
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { type: string; reason?: string }).type);
  expect({ exit, types: types(out) }).toEqual({ exit: 0, types: ["change", "change", "end"] });
  project.write("watch.jsonl", "of a run before\n");
  const answer = await cli(project.dir, `${words} --timeout 1s --output watch.jsonl`);
  expect(answer).toMatchObject({ exit: 0, out: "" });
  expect(types(readFileSync(project.path("watch.jsonl"), "utf8"))).toEqual(["change", "change", "end"]);
});

test("others see who is at work in pg_stat_activity", async () => {
  const { database } = await twoAgents();
  await using _database = database;
  await using db = await Connection.open(database.url);
  using project = testProject();
  const watching = cli(project.dir, `coordinate watch --database-url ${database.url} --timeout 2s`);
  const names = sql`select application_name as name from pg_stat_activity where datname = current_database()`;
  let seen: { name: string }[] = [];
  while (!seen.some(({ name }) => name === "confiture coordinate"))
    seen = await db.rows<{ name: string }>(names);
  expect((await watching).exit).toBe(0);
});
