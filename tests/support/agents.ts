import { abandon } from "../../src/coordinate/abandon.ts";
import { claim } from "../../src/coordinate/claim.ts";
import { fenceStatement } from "../../src/coordinate/claims/fence.ts";
import { heartbeat } from "../../src/coordinate/heartbeat.ts";
import { release } from "../../src/coordinate/release.ts";
import { steal } from "../../src/coordinate/steal.ts";
import type { Connection } from "../../src/pg/connection.ts";
import { literal, sql } from "../../src/sql/tag.ts";

/** How long claims last, by the clock of the simulation. */
export const TTL_MS = 1000;

/** One that claims, applies and now and then fails. */
export interface Agent {
  readonly intentId: string;
  readonly name: string;
  /** By which its own clock is wrong. */
  readonly skewMs: number;
  /** It does nothing before this tick. */
  stalledUntil: number;
  /** The highest moment of the clock until it crashed; it never returns. */
  crashedAt?: number;
  /** Whether it has just come back, sure that all is as before. */
  isZombie: boolean;
  /** Whether it believes that it holds something. */
  holds: boolean;
}

const OBJECTS = [
  "public.a",
  "public.a.x",
  "public.a.y",
  "public.b",
  "public.b.x",
  "public.b.y",
  "app.c",
  "app.c.x",
  "app.d",
  "function public.f",
  "schema public",
  "schema app",
];

/** Tables of the simulation, and a clock that is moved by hand instead of the server's. */
export const PREPARE = sql.raw(`
  create table public.clock (at timestamptz);
  insert into public.clock values ('2030-01-01');
  create or replace function confiture.now() returns timestamptz language sql volatile as 'select at from public.clock';
  create table public.applied (n bigint generated always as identity, intent_id text, path text[], mode text,
    fence bigint, held boolean)`);

/** Everything of the last schedule goes; the sequence of fences goes on. */
export const CLEAR = sql`truncate confiture.intent, confiture.fence, public.applied cascade`;

/** In one transaction: refused by the fence, or on record with what the intent holds. */
export const applyBegins = (intentId: string): string => `
  begin; set local lock_timeout = 30; ${fenceStatement(intentId)};
  insert into public.applied (intent_id, path, mode, fence, held)
    select c.intent_id, c.path, c.mode, c.fence, exists (select from confiture.claim_in_force f where f.id = c.id)
    from confiture.claim c where c.intent_id = ${literal(intentId)}`;

/** What an agent does; gives the fence of a grant. */
export type Action = (db: Connection) => Promise<number | undefined>;

/** What an agent does next, by chance. */
export function chooseAction(agent: Agent, random: () => number): Action {
  const { intentId, name } = agent;
  const dice = random();
  const mode = agent.isZombie ? "zombie" : agent.holds ? "holder" : "idle";
  agent.isZombie = false;
  const kind = KINDS[mode].find(([below]) => dice < below)![1];
  if (kind === "claim") {
    const some = (share: number) => OBJECTS.filter(() => random() < share);
    const [exclusive, shared] = [some(0.08), some(0.08)];
    const wanted =
      exclusive.length + shared.length > 0 ? { exclusive, shared } : { exclusive: ["public.a.x"] };
    const waitMs = random() < 0.3 ? 1 : 0;
    return async (db) => {
      const { fence } = await claim(db, intentId, { ...wanted, agentId: name, ttlMs: TTL_MS, waitMs });
      agent.holds = true;
      return fence;
    };
  }
  if (kind === "steal") return (db) => stealAny(db, agent, random);
  return async (db) => {
    if (kind === "apply") await applyAtOnce(db, intentId);
    if (kind === "heartbeat") await heartbeat(db, intentId);
    if (kind === "abandon") await abandon(db, intentId, { reason: "enough" });
    if (kind === "release") {
      await release(db, intentId);
      agent.holds = false;
    }
    return undefined;
  };
}

/** How long the place in the queue of somebody who is gone is kept. */
export const QUEUE_LEASE_MS = 5000;

/** What is left of one that was killed while it waited for a table. */
export const leaveInQueue = (db: Connection, intentId: string): Promise<number> =>
  db.run(sql`
    insert into confiture.claim_wait (intent_id, wanted, lease_expires_at)
    select id, '[{"path": ["database", "schema public", "public.a"], "mode": "exclusive"}]',
      confiture.now() + ${QUEUE_LEASE_MS} * interval '1 ms' from confiture.intent where id = ${intentId}`);

type Kind = "abandon" | "apply" | "claim" | "heartbeat" | "release" | "steal";

/** What one does, by the first number that is higher than the dice. */
const KINDS: Readonly<
  Record<"zombie" | "holder" | "idle", readonly (readonly [below: number, kind: Kind])[]>
> = {
  zombie: [
    [0.7, "apply"],
    [0.9, "heartbeat"],
    [1, "claim"],
  ],
  holder: [
    [0.45, "apply"],
    [0.6, "heartbeat"],
    [0.75, "release"],
    [0.9, "claim"],
    [0.98, "steal"],
    [1, "abandon"],
  ],
  idle: [
    [0.85, "claim"],
    [0.9, "apply"],
    [0.95, "heartbeat"],
    [1, "steal"],
  ],
};

async function applyAtOnce(db: Connection, intentId: string): Promise<void> {
  try {
    await db.run(sql.raw(`${applyBegins(intentId)}; commit`));
  } catch (error) {
    await db.run(sql`rollback`);
    throw error;
  }
}

async function stealAny(db: Connection, agent: Agent, random: () => number) {
  const { intentId, name } = agent;
  const [loot] = await db.rows<{ id: string }>(sql`
    select id from confiture.claim where intent_id <> ${intentId} order by seq offset ${Math.floor(random() * 5)} limit 1`);
  if (loot === undefined) return undefined;
  const { claim: taken } = await steal(db, { claimId: loot.id, intentId, agentId: name, reason: "chance" });
  agent.holds = true;
  return taken.fence;
}
