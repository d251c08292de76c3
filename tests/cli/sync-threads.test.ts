import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { type Project, cli, testProject } from "../support/project.ts";
import { type Pair, query, syncPair } from "../support/sync.ts";

const SCHEMA = `
  create table person (id int primary key, email text unique, name text, phones text[], profile jsonb);
  create table visit (id int primary key, person int references person, mail text, at timestamptz, ip inet);
  create table plain (id int primary key, v float8)`;
const ROWS = `
  insert into person select i, 'user' || i || '@real.example', 'Ünal' || i, array['+49 30 ' || 1000000 + i, null],
    jsonb_build_object('mail', 'user' || i || '@real.example', 'n', i) from generate_series(1, 3000) i;
  insert into visit select i, 1 + i % 3000, 'user' || 1 + i % 3000 || '@real.example', now(), '10.0.0.1' from generate_series(1, 5000) i;
  insert into plain select i, random() from generate_series(1, 500) i`;
const RULES = `
version: 1
tables:
  person:
    columns:
      id: integer
      email: {anonymizer: email, domain: mail}
      name: full-name
      phones: phone
      profile: {anonymizer: json, paths: {mail: {anonymizer: email, domain: mail}, n: keep}}
  visit: {columns: {id: keep, mail: {anonymizer: email, domain: mail}, at: date-shift, ip: ip}}
  plain: {columns: {id: keep, v: keep}}
`;

/** Loaded before the program in each of its threads: counts them, and ends all but the first where it is told to. */
const HOOK = `
  const { isMainThread } = require("node:worker_threads");
  if (!isMainThread) require("node:fs").appendFileSync("threads", "one more\\n");
  if (!isMainThread && process.env.END_THREADS) process.exit(7);`;

const project = () => testProject({ "rules.yaml": RULES, "hook.cjs": HOOK });

/** Starts the built program. */
function start(at: Project, words: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [resolve("dist/bin/confiture.js"), "sync", "--jobs", "3", ...words], {
    cwd: at.dir,
    env: {
      PATH: process.env["PATH"],
      CONFITURE_SYNC_KEY: "a key of the tests, 1",
      NODE_OPTIONS: `--require ${at.path("hook.cjs")}`,
      ...more,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return { child, ended: answerOf(child) };
}

async function answerOf(child: ChildProcess) {
  let out = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => (out += text));
  const [exit] = (await once(child, "close")) as [number | null];
  return { exit, json: JSON.parse(out) as Record<string, unknown> & { error: Record<string, unknown> } };
}

const between = (pair: Pair, ...words: string[]) => [
  "--from",
  pair.source.url,
  "--to",
  pair.target.url,
  "--format",
  "json",
  ...words,
];

const MASKED = ["--anonymize", "--anonymization-config", "rules.yaml"];

const contents = (url: string) =>
  Promise.all(
    ["person", "visit", "plain"].map((table) => query(url, `select * from ${table} order by ${table}::text`)),
  );

/** Threads that began in the folder so far. */
const threadsOf = (at: Project) =>
  existsSync(at.path("threads")) ? readFileSync(at.path("threads"), "utf8").split("\n").length - 1 : 0;

test.each([["staged"], ["in place"]])(
  "what threads copy is what this one copies, to the byte: %s",
  async (mode) => {
    await using pair = await syncPair(SCHEMA, ROWS);
    using at = project();
    const results = [];
    for (const threads of [0, 2]) {
      const flags = ["--replace", "--threads", `${threads}`, ...(mode === "staged" ? [] : ["--in-place"])];
      const { exit, json } = await start(at, between(pair, ...MASKED, ...flags)).ended;
      expect(exit).toBe(0);
      expect(threadsOf(at)).toBe(threads);
      const { details, total_rows, key_id, rules_hash, leak_scan, joins } = json;
      const figures = { details, total_rows, key_id, rules_hash, leak_scan, joins };
      results.push({ figures, contents: await contents(pair.target.url) });
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[0]?.figures).toMatchObject({ total_rows: 8500 });
    expect(JSON.stringify(results)).not.toContain("real.example");
  },
);

test("an error of a row is the same from a thread", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  await query(pair.target.url, "alter table visit add constraint small check (id < 4000)");
  using at = project();
  const answers = [];
  for (const threads of ["0", "2"])
    answers.push(await start(at, between(pair, ...MASKED, "--threads", threads)).ended);
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[1]).toMatchObject({ exit: 5, json: { error: { code: "SYNC_303" } } });
  expect(answers[1]?.json.error["message"]).toContain('"small"');
  expect(threadsOf(at)).toBe(2);
});

test("Ctrl-C ends the sessions of threads, and --resume goes on", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  const slowness = (body: string) =>
    query(
      pair.target.url,
      `create or replace function slow(int) returns bool language plpgsql as 'begin ${body} return true; end'`,
    );
  await slowness("perform pg_sleep(0.05);");
  await query(pair.target.url, "alter table visit add check (slow(id))");
  using at = project();
  const { child, ended } = start(at, between(pair, ...MASKED, "--threads", "2"));
  const finished = `select unit ->> 'table' as done from confiture.sync_unit order by 1`;
  const readFinished = () => query(pair.target.url, finished).catch(() => []);
  while ((await readFinished()).length < 2) await sleep(20);
  child.kill("SIGINT");
  expect(await ended).toMatchObject({ exit: 130, json: { error: { code: "INTERRUPTED" } } });
  const sessions = `select count(*)::int as left from pg_stat_activity where application_name = 'confiture sync'
    and datname in (current_database(), '${pair.source.name}')`;
  await vi.waitFor(async () => expect(await query(pair.target.url, sessions)).toEqual([{ left: 0 }]));
  expect(await readFinished()).toEqual([{ done: "public.person" }, { done: "public.plain" }]);
  await slowness("");
  const { exit, json } = await start(at, between(pair, ...MASKED, "--threads", "2", "--resume")).ended;
  expect(exit).toBe(0);
  expect(json["details"]).toMatchObject([{ rows: 3000 }, { rows: 500 }, { rows: 5000, resumed_rows: 0 }]);
});

test("a thread that ends by itself is an error, and --resume goes on", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  using at = project();
  const words = between(pair, ...MASKED, "--threads", "2");
  const { exit, json } = await start(at, words, { END_THREADS: "1" }).ended;
  expect({ exit, json }).toMatchObject({ exit: 5, json: { error: { code: "SYNC_307" } } });
  expect(json.error["message"]).toContain("exit code 7");
  expect(JSON.stringify(json.error["details"])).toContain("--resume");
  expect((await start(at, [...words, "--resume"]).ended).exit).toBe(0);
});

test.each(["-1", "1.5", "two"])("--threads %s is refused", async (threads) => {
  using at = testProject();
  const answer = await cli(at.dir, `sync --from prod --allow-plaintext --threads ${threads} --format json`);
  expect(answer).toMatchObject({ exit: 5, json: { error: { code: "CONFIG_008" } } });
});
