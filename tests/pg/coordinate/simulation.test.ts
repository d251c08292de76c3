import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ConfitureError } from "../../../src/base/errors.ts";
import { claim } from "../../../src/coordinate/claim.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import {
  type Agent,
  applyBegins,
  chooseAction,
  CLEAR,
  leaveInQueue,
  PREPARE,
  QUEUE_LEASE_MS,
  TTL_MS,
} from "../../support/agents.ts";
import { clashes } from "../../support/claims.ts";
import { coordinated } from "../../support/coordination.ts";
import type { TestDatabase } from "../../support/database.ts";
import { randomFrom } from "../../support/random.ts";

const SCHEDULES = Number(process.env["CONFITURE_TEST_SCHEDULES"] ?? 40);
const SEED = Number(process.env["CONFITURE_TEST_SEED"] ?? 1);
const TICKS = 25;

/** What an agent may be answered; anything else is a defect. */
const REFUSALS = new Set([
  "COORD_1004",
  "COORD_1005",
  "COORD_1020",
  "COORD_1021",
  "COORD_1022",
  "COORD_1023",
]);

/** The fence, and a wait for another's transaction that took too long. */
const REFUSED_BY_SERVER = new Set<unknown>(["CF001", "55P03"]);

let database: TestDatabase;
let observer: Connection;
const sessions: Connection[] = [];

beforeAll(async () => {
  database = await coordinated();
  observer = await Connection.open(database.url);
  await observer.run(PREPARE);
  for (let n = 0; n < 4; n++) sessions.push(await Connection.open(database.url));
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterAll(async () => {
  vi.useRealTimers();
  for (const session of [observer, ...sessions]) await session.close();
  await database[Symbol.asyncDispose]();
});

test(
  `${SCHEDULES} schedules of agents that claim, apply, stall and crash`,
  { timeout: 60_000 + SCHEDULES * 3000 },
  async () => {
    const seen = { commits: 0, refused: 0, crashed: 0 };
    for (let n = 0; n < SCHEDULES; n++) {
      const done = await runSchedule(SEED + n).catch((error: unknown) => {
        throw new Error(`schedule with seed ${SEED + n}`, { cause: error });
      });
      for (const key of ["commits", "refused", "crashed"] as const) seen[key] += done[key];
    }
    // Nothing was shown unless all of it happened.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
    if (process.env["CONFITURE_TEST_SCHEDULES"]) process.stderr.write(`${JSON.stringify(seen)}\n`);
  },
);

/** The seed decides who does what when; what is done in one tick, on sessions of its own, runs in whatever order. */
async function runSchedule(seed: number) {
  const random = randomFrom(seed);
  const upTo = (count: number) => Math.floor(random() * count);
  await observer.run(CLEAR);
  const agents = await makeAgents(2 + Math.floor(random() ** 2 * 49), random);
  const clock = await startClock();
  const seen = { commits: 0, refused: 0, crashed: 0, fence: 0 };
  let open: { agent: Agent; until: number } | undefined;
  const slow = sessions[3]!;
  for (let tick = 0; tick < TICKS; tick++) {
    await clock.move(nextStep(random));
    if (open !== undefined && open.until <= tick) {
      await slow.run(open.agent.crashedAt === undefined ? sql`commit` : sql`rollback`);
      open = undefined;
    }
    const free = agents.filter(
      (agent) => agent.crashedAt === undefined && agent.stalledUntil <= tick && agent !== open?.agent,
    );
    const acting = pick(free, 1 + upTo(3), random);
    vi.setSystemTime(new Date("2030-01-01").getTime() + (acting[0]?.skewMs ?? 0));
    const isAlone = acting.length === 1 && open === undefined;
    const before = await lastApplied();
    const answers = await Promise.all(
      acting.map(async (agent, slot) => answerOf(chooseAction(agent, random)(sessions[slot]!))),
    );
    for (const answer of answers) {
      if (answer === "refused") seen.refused++;
      else if (answer !== undefined) expect(answer).toBeGreaterThan(seen.fence);
    }
    seen.fence = Math.max(seen.fence, ...answers.filter((answer) => typeof answer === "number"));
    if (isAlone) await expectHeld(before);
    for (const agent of acting) {
      strike(agent, { tick, random, latest: clock.latest() });
      if (agent.crashedAt !== undefined && random() < 0.3) await leaveInQueue(observer, agent.intentId);
    }
    const [sleeper] = pick(
      free.filter((agent) => agent.holds),
      1,
      random,
    );
    if (open === undefined && sleeper !== undefined && random() < 0.2) {
      const answer = await answerOf(slow.run(sql.raw(applyBegins(sleeper.intentId))).then(() => undefined));
      if (answer === "refused") await slow.run(sql`rollback`);
      else open = { agent: sleeper, until: tick + 1 + upTo(3) };
    }
    expect(await clashes(observer)).toEqual([]);
    await expectRecovered(agents, clock.now());
  }
  if (open !== undefined) await slow.run(open.agent.crashedAt === undefined ? sql`commit` : sql`rollback`);
  await expectAllFree(clock, seen.fence);
  seen.commits = await expectHighestFences();
  seen.crashed = agents.filter(({ crashedAt }) => crashedAt !== undefined).length;
  return seen;
}

/** Mostly a fraction of a claim's time, now and then more than all of it, or back. */
function nextStep(random: () => number): number {
  const kind = random();
  if (kind < 0.04) return -Math.round((random() * TTL_MS) / 2);
  if (kind < 0.1) return Math.round(TTL_MS * (1 + random()));
  return Math.round((random() * TTL_MS) / 4);
}

/** Some stall, some crash. */
function strike(
  agent: Agent,
  { tick, random, latest }: { tick: number; random: () => number; latest: number },
) {
  const dice = random();
  if (dice < 0.05) agent.crashedAt = latest;
  else if (dice < 0.2) {
    agent.stalledUntil = tick + 2 + Math.floor(random() * 8);
    agent.isZombie = true;
  }
}

const pick = <T>(all: readonly T[], count: number, random: () => number): T[] =>
  all
    .map((one) => ({ one, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .slice(0, count)
    .map(({ one }) => one);

async function answerOf(work: Promise<number | undefined>): Promise<number | "refused" | undefined> {
  try {
    return await work;
  } catch (error) {
    const isExpected =
      error instanceof ConfitureError &&
      (REFUSALS.has(error.code) || REFUSED_BY_SERVER.has(error.context.details?.["sqlstate"]));
    if (isExpected) return "refused";
    throw error;
  }
}

async function makeAgents(count: number, random: () => number): Promise<Agent[]> {
  const ttls = Array.from({ length: count }, () => Math.round(TTL_MS * (2 + random() * 10)));
  const rows = await observer.rows<{ id: string; agent_id: string }>(sql`
    insert into confiture.intent (agent_id, feature_name, branch_name, ttl_ms)
    select 'agent ' || n, 'x', 'feature/' || n, ttl from unnest(${ttls}::int8[]) with ordinality as t (ttl, n)
    returning id, agent_id`);
  return rows.map(({ id, agent_id: name }) => ({
    intentId: id,
    name,
    skewMs: Math.round((random() - 0.5) * 20 * TTL_MS),
    stalledUntil: 0,
    isZombie: false,
    holds: false,
  }));
}

async function startClock() {
  const [row] = await observer.rows<{ at: number }>(
    sql`select (extract(epoch from at) * 1000)::float8 as at from public.clock`,
  );
  let now = row!.at;
  let latest = now;
  return {
    now: () => now,
    latest: () => latest,
    async move(byMs: number) {
      now += byMs;
      latest = Math.max(latest, now);
      await observer.run(sql`update public.clock set at = to_timestamp(${now}::float8 / 1000)`);
    },
  };
}

const lastApplied = async (): Promise<string> =>
  (await observer.rows<{ n: string }>(sql`select coalesce(max(n), 0)::text as n from public.applied`))[0]!.n;

/** Who applies while nobody else does anything holds all that it has claimed. */
async function expectHeld(since: string): Promise<void> {
  expect(
    await observer.rows(sql`select path from public.applied where n > ${since}::int8 and not held`),
  ).toEqual([]);
}

/** What a crashed agent has claimed is free once its time has passed. */
async function expectRecovered(agents: readonly Agent[], now: number): Promise<void> {
  const gone = agents.filter(({ crashedAt }) => crashedAt !== undefined && now > crashedAt + TTL_MS);
  const ids = gone.map(({ intentId }) => intentId);
  expect(
    await observer.rows(
      sql`select object from confiture.claim_in_force where intent_id = any (${ids}::text[])`,
    ),
  ).toEqual([]);
}

/** Once all that anybody left has passed, somebody new gets everything, under a fence higher than any. */
async function expectAllFree(clock: Awaited<ReturnType<typeof startClock>>, fence: number): Promise<void> {
  await clock.move(clock.latest() - clock.now() + Math.max(TTL_MS, QUEUE_LEASE_MS) + 1);
  const [heir] = await makeAgentsNamed("heir");
  const granted = await claim(observer, heir!, { exclusive: ["database"], ttlMs: TTL_MS });
  expect(granted.fence).toBeGreaterThan(fence);
}

const makeAgentsNamed = async (name: string): Promise<string[]> =>
  (
    await observer.rows<{ id: string }>(sql`
      insert into confiture.intent (agent_id, feature_name, branch_name) values (${name}, 'x', 'feature/heir')
      returning id`)
  ).map(({ id }) => id);

interface Applied {
  readonly intent_id: string;
  readonly path: string[];
  readonly mode: string;
  readonly fence: number;
}

/** No commit has a lower fence than an earlier one of another intent that it does not go together with. */
async function expectHighestFences(): Promise<number> {
  const rows = await observer.rows<Applied & Record<string, unknown>>(
    sql`select intent_id, path, mode, fence::float8 as fence from public.applied order by n`,
  );
  const overtaken = rows.filter((row, at) =>
    rows.slice(0, at).some((earlier) => earlier.fence > row.fence && doClash(earlier, row)),
  );
  expect(overtaken).toEqual([]);
  return rows.length;
}

const doClash = (a: Applied, b: Applied): boolean =>
  a.intent_id !== b.intent_id &&
  (a.mode === "exclusive" || b.mode === "exclusive") &&
  (a.path.includes(b.path.at(-1)!) || b.path.includes(a.path.at(-1)!));
