import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { claim } from "../../../src/coordinate/claim.ts";
import { history } from "../../../src/coordinate/history.ts";
import { init } from "../../../src/coordinate/init.ts";
import { release } from "../../../src/coordinate/release.ts";
import { steal } from "../../../src/coordinate/steal.ts";
import { status } from "../../../src/migrate/status.ts";
import { up } from "../../../src/migrate/up.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { upWithIntent } from "../../../src/workflows/up-with-intent.ts";
import { intentOf, letExpire } from "../../support/claims.ts";
import { letPass } from "../../support/coordination.ts";
import { type Bench, testMigrations } from "../../support/migrations.ts";

type Migrations = Parameters<typeof testMigrations>[0];

/** A project, its database with the tables of coordination, and intents of Ada and Bob. */
async function benchOfTwo(migrations: Migrations) {
  const bench = await testMigrations(migrations);
  const db = await Connection.open(bench.database.url);
  await init(db);
  const [ada, bob] = [await intentOf(db, "ada"), await intentOf(db, "bob")];
  const run = (intentId: string, options = {}) => upWithIntent(bench.target, { intentId, ...options });
  return {
    ...bench,
    db,
    ada,
    bob,
    run,
    async [Symbol.asyncDispose]() {
      await db.close();
      await bench[Symbol.asyncDispose]();
    },
  };
}

const appliedBy = async (bench: Pick<Bench, "target">) =>
  (await status(bench.target)).migrations
    .filter(({ status: s }) => s === "applied")
    .map(({ version }) => version);

const TWO = { "1_t": "create table public.t (a int)", "2_b": "alter table public.t add b int" };
const refused = (message: string) => ({
  code: "COORD_1024",
  exit: 6,
  message: expect.stringContaining(message) as string,
});

test("whoever holds its claims applies, which its history tells", async () => {
  await using bench = await benchOfTwo(TWO);
  const { db, ada, run } = bench;
  const { fence } = await claim(db, ada, { exclusive: ["public.t"] });
  expect(await run(ada)).toMatchObject({ success: true, applied: [{ version: "1" }, { version: "2" }] });
  expect(await run(ada)).toMatchObject({ applied: [] });
  expect((await history(db, { intentId: ada })).history.at(-1)).toMatchObject({
    reason: "applied 1, 2",
    changed_by: "ada",
    new_status: "registered",
  });
  expect(
    await db.rows(
      sql`select object, intention_exclusive::int as ix, exclusive::int as x from confiture.fence order by 1`,
    ),
  ).toEqual([
    { object: "database", ix: fence, x: 0 },
    { object: "public.t", ix: 0, x: fence },
    { object: "schema public", ix: fence, x: 0 },
  ]);
});

test("a holder that was paused until its claim expired, and another applied, applies nothing", async () => {
  await using bench = await benchOfTwo(TWO);
  const { db, ada, bob, run } = bench;
  await claim(db, ada, { exclusive: ["public.t"] });
  await letExpire(db, ada);
  await claim(db, bob, { exclusive: ["public.t.b"] });
  await run(bob, { target: "1" });
  await expect(run(ada)).rejects.toMatchObject(refused("the claim of intent"));
  expect(await appliedBy(bench)).toEqual(["1"]);
  // Whatever its row says by now: the fence of what was applied is higher.
  await db.run(
    sql`update confiture.claim set expires_at = now() + interval '1 hour', lost_to = null where intent_id = ${ada}`,
  );
  await expect(run(ada)).rejects.toMatchObject(refused("was applied there already"));
  await release(db, ada);
  await expect(run(ada)).rejects.toMatchObject(refused("has claimed nothing"));
  await release(db, bob);
  await claim(db, ada, { exclusive: ["public.t"] });
  expect(await run(ada)).toMatchObject({ applied: [{ version: "2" }] });
});

test("it is asked in the transaction of each migration: a claim stolen between two stops the second", async () => {
  await using bench = await benchOfTwo({ ...TWO, "3_c": "alter table public.t add c int" });
  const { db, ada, bob, run, target } = bench;
  const { claims: held } = await claim(db, ada, { exclusive: ["public.t"] });
  await db.run(
    sql.raw(`
    create function public.steal() returns event_trigger language plpgsql as $$ begin
      if exists (select from pg_attribute where attrelid = to_regclass('public.t') and attname = 'b') then
        update confiture.claim set lost_to = 'bobs' where intent_id = '${ada}';
      end if; end $$;
    create event trigger steal on ddl_command_end execute function public.steal()`),
  );
  await expect(run(ada)).rejects.toMatchObject({
    ...refused("is lost to claim bobs"),
    context: { migration: "3", details: { applied: [{ version: "1" }, { version: "2" }], pending: ["3"] } },
  });
  await db.run(sql`drop event trigger steal`);
  expect(await appliedBy(bench)).toEqual(["1", "2"]);
  expect((await history(db, { intentId: ada })).history.at(-1)).toMatchObject({ reason: "applied 1, 2" });
  await db.run(sql`update confiture.claim set lost_to = null`);
  await steal(db, { claimId: held[0]!.id, intentId: bob, agentId: "bob", reason: "mine now" });
  await expect(run(ada)).rejects.toMatchObject(refused("is lost to claim"));
  expect(await upWithIntent(target, { intentId: bob })).toMatchObject({ applied: [{ version: "3" }] });
});

test("one that was paused within its run, after it was let in, applies nothing of it either", async () => {
  await using bench = await benchOfTwo(TWO);
  const { db, ada, bob, run, project, target } = bench;
  const [waits, goes] = [project.path("waits"), project.path("goes")];
  const pause = { command: `touch ${waits}; while [ ! -e ${goes} ]; do sleep 0.05; done` } as const;
  const paused = {
    ...target,
    projectDir: project.dir,
    environment: { PATH: process.env["PATH"] },
    hooks: { before_run: [{ ...pause, onError: "abort", timeoutMs: 30_000 }] },
  } as const;
  await claim(db, ada, { exclusive: ["public.t"] });
  const late = upWithIntent(paused, { intentId: ada, noLock: true }).catch((error: unknown) => error);
  while (!existsSync(waits)) await db.run(sql`select pg_sleep(0.02)`);
  await letExpire(db, ada);
  await claim(db, bob, { exclusive: ["public.t"] });
  await run(bob, { target: "1", noLock: true });
  project.write("goes", "");
  expect(await late).toMatchObject({
    ...refused("is lost to claim"),
    context: { migration: "1", details: { applied: [], pending: ["1", "2"] } },
  });
  expect(await appliedBy(bench)).toEqual(["1"]);
});

test("intents that are not at work apply nothing; without an intent nobody is asked", async () => {
  await using bench = await benchOfTwo(TWO);
  const { db, ada, bob, run, target } = bench;
  await expect(run("nobody")).rejects.toMatchObject({ code: "COORD_1002" });
  await claim(db, ada, { exclusive: ["public.t"] });
  await letPass(db, ada);
  await expect(run(ada)).rejects.toMatchObject(refused("the lease of intent"));
  await db.run(sql`update confiture.intent set status = 'in_progress' where id = ${bob}`);
  await db.run(sql`update confiture.intent set status = 'completed' where id = ${bob}`);
  await expect(run(bob)).rejects.toMatchObject(refused("is completed"));
  expect(await appliedBy(bench)).toEqual([]);
  expect(await up(target)).toMatchObject({ applied: [{ version: "1" }, { version: "2" }] });
});

test("outside a transaction it is asked before and after, and what is done stays on record", async () => {
  await using bench = await benchOfTwo({
    "1_t": "create table public.t (a int)",
    "2_i": "create index concurrently t_a on public.t (a);\nselect public.lose()",
  });
  const { db, ada, bob, run } = bench;
  await db.run(
    sql.raw(`create function public.lose() returns void language sql as
    $$ update confiture.claim set expires_at = now() where intent_id = '${ada}' $$`),
  );
  await claim(db, ada, { exclusive: ["public.t"] });
  await expect(run(ada)).rejects.toMatchObject(refused("has expired"));
  expect((await status(bench.target)).half_done).toMatchObject([{ version: "2", statements_done: 2 }]);
  expect(await appliedBy(bench)).toEqual(["1"]);
  await expect(run(ada)).rejects.toMatchObject(refused("has expired"));
  await claim(db, bob, { exclusive: ["public.t"] });
  expect(await run(bob)).toMatchObject({ applied: [{ version: "2" }] });
});

test("repeatable files are refused as migrations are", async () => {
  await using bench = await benchOfTwo({ "1_t": "create table public.t (a int)" });
  const { db, ada, project, target } = bench;
  project.write("db/repeatable/v.sql", "create or replace view public.v as select a from public.t");
  const repeatable = { ...target, repeatableDir: project.path("db/repeatable") };
  await claim(db, ada, { exclusive: ["public.t"] });
  await db.run(
    sql.raw(`
    create function public.lose() returns event_trigger language plpgsql as
      $$ begin update confiture.claim set expires_at = now() where intent_id = '${ada}'; end $$;
    create event trigger lose on ddl_command_end when tag in ('CREATE TABLE') execute function public.lose()`),
  );
  await expect(upWithIntent(repeatable, { intentId: ada })).rejects.toMatchObject(refused("has expired"));
  await db.run(sql`drop event trigger lose`);
  expect(await db.rows(sql`select from pg_views where viewname = 'v'`)).toEqual([]);
  await claim(db, ada, { exclusive: ["public.t"] });
  expect(await upWithIntent(repeatable, { intentId: ada })).toMatchObject({ repeatables: ["v.sql"] });
});

test("claims are kept while a long migration runs, and a heartbeat does not wait for it", async () => {
  await using bench = await benchOfTwo({ "1_s": "select pg_sleep(1.5)", "2_t": "create table public.t ()" });
  const { db, ada, run } = bench;
  await claim(db, ada, { exclusive: ["public.t"], ttlMs: 600 });
  expect(await run(ada)).toMatchObject({ applied: [{ version: "1" }, { version: "2" }] });
});
