import { randomBytes } from "node:crypto";
import { ConfitureError } from "../base/errors.ts";
import { sha256 } from "../base/hash.ts";
import type { OnWork, Work } from "../migrate/work.ts";
import type { Connection } from "../pg/connection.ts";
import { readIdentity } from "../sync/source/source.ts";

export type Direction = "up" | "down";

/** Which way, and how far; null goes to the end. */
export interface Course {
  readonly direction: Direction;
  readonly to: string | null;
}

export interface Issued {
  readonly hash: string;
  /** ISO 8601, UTC. */
  readonly expires_at: string;
}

/** Plans that were shown and may be carried out: each once, for a while, and only as it was shown. */
export interface Plans {
  issue(course: Course, fingerprint: string): Issued;
  /** Use a hash up. Throws MCP_002. */
  redeem(hash: string, direction: Direction): Approved;
}

/** A course that was approved, and the refusal of any other work than the approved one. */
export interface Approved extends Course {
  readonly onWork: OnWork;
}

const LIFETIME_MS = 600_000;
/** For so long it can be told why a hash is no good any more. */
const REMEMBERED_MS = 24 * 3_600_000;

interface Plan extends Course {
  readonly fingerprint: string;
  readonly expiresAtMs: number;
  readonly used: boolean;
}

/** In memory, so that a new server knows none. */
export function newPlans(now: () => number): Plans {
  const plans = new Map<string, Plan>();
  return {
    issue(course, fingerprint) {
      for (const [hash, { expiresAtMs }] of plans)
        if (expiresAtMs + REMEMBERED_MS < now()) plans.delete(hash);
      const hash = sha256(`${fingerprint} ${randomBytes(16).toString("hex")}`).slice(0, 32);
      const expiresAtMs = now() + LIFETIME_MS;
      plans.set(hash, { ...course, fingerprint, expiresAtMs, used: false });
      return { hash, expires_at: new Date(expiresAtMs).toISOString() };
    },
    redeem(hash, direction) {
      const plan = plans.get(hash);
      if (plan === undefined) throw refused("unknown", "no plan of this server has this hash");
      if (plan.used) throw refused("used", "the plan was carried out, or tried, already");
      if (plan.expiresAtMs <= now()) throw refused("expired", "the plan is older than ten minutes");
      if (plan.direction !== direction)
        throw refused("direction", `the plan is for migrate_${plan.direction}, not for migrate_${direction}`);
      plans.set(hash, { ...plan, used: true });
      const { to, fingerprint } = plan;
      return { direction, to, onWork: onlyIf(fingerprint, { direction, to }) };
    },
  };
}

/** The same for the same work on the same database, and for nothing else. */
export async function fingerprintOf(course: Course, work: Work, db: Connection | undefined): Promise<string> {
  const database = db === undefined ? null : await readIdentity(db);
  return sha256(JSON.stringify([database, course.direction, course.to, work]));
}

const onlyIf =
  (fingerprint: string, course: Course): OnWork =>
  async (work, db) => {
    if ((await fingerprintOf(course, work, db)) === fingerprint) return;
    throw refused("changed", "files, ledger or database are not what they were when the plan was made");
  };

const refused = (reason: string, message: string): ConfitureError =>
  new ConfitureError("MCP_002", `Nothing was run: ${message}`, { details: { reason } });
