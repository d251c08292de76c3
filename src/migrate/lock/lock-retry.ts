import { setTimeout as sleep } from "node:timers/promises";
import { ConfitureError } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { Connection } from "../../pg/connection.ts";
import { type Blocker, type BlockerWatch, watchBlockers } from "./blockers.ts";
import type { Limits, Target } from "../target.ts";

/**
 * A statement that waits for a table makes everybody behind it wait as well, readers included. So it gives up
 * after this time and the whole migration is tried again later.
 */
const DEFAULT_LOCK_TIMEOUT_MS = 5000;
const DEFAULT_RETRIES = 10;

/** The `lock_timeout` of a run's statements, in ms. */
export const lockTimeoutOf = (limits: Limits | undefined): number =>
  limits?.lockTimeoutMs ?? DEFAULT_LOCK_TIMEOUT_MS;

export interface RetryOptions {
  /** What is being run, for messages. */
  readonly what: string;
  readonly lockTimeoutMs: number;
  readonly limits?: Limits | undefined;
  readonly log?: Log | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Connection string for the session that finds out who stands in the way; nobody is named without it. */
  readonly url?: string | undefined;
  readonly environment?: Target["environment"] | undefined;
}

/** SQLSTATE of lock_not_available: `lock_timeout` ran out, or NOWAIT found the lock taken. */
const LOCK_NOT_AVAILABLE = "55P03";

/**
 * Run `attempt` again, after a pause that doubles and is spread at random, while it loses its race for a lock.
 * It must leave nothing behind when it fails so. Throws LOCK_1301 naming the blockers once the tries are used up.
 */
export async function withLockRetry<T>(
  db: Connection,
  attempt: () => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const retries = options.limits?.lockRetries ?? DEFAULT_RETRIES;
  for (let tried = 1; ; tried++) {
    const watch = watchFor(db, options);
    try {
      return await attempt();
    } catch (error) {
      if (!lostRace(error)) throw error;
      const blockers = watch.last();
      if (tried > retries) throw givenUp(error, { ...options, tries: tried, blockers });
      const pauseMs = pauseAfter(tried, options.lockTimeoutMs);
      const who = whoOf(blockers);
      options.log?.warn(
        `${options.what} did not get its lock${who}; try ${tried} of ${retries + 1}, the next in ${pauseMs} ms`,
      );
      await pause(pauseMs, options.signal);
    } finally {
      await watch[Symbol.asyncDispose]();
    }
  }
}

/** A statement that waits has been waiting for half its time by the first look, and the last comes just before the end. */
function watchFor(db: Connection, { url, environment = {}, lockTimeoutMs }: RetryOptions): BlockerWatch {
  if (url === undefined || lockTimeoutMs === 0) return BLIND;
  const afterMs = lockTimeoutMs / 2;
  return watchBlockers({ url, environment }, db.server.pid, { afterMs, everyMs: lockTimeoutMs / 8 });
}

const BLIND: BlockerWatch = { last: () => [], [Symbol.asyncDispose]: async () => {} };

const lostRace = (error: unknown): error is ConfitureError =>
  error instanceof ConfitureError && error.context.details?.["sqlstate"] === LOCK_NOT_AVAILABLE;

/** From a fifth of the timeout up to six times as much, halved or half as much again at random. */
function pauseAfter(tried: number, lockTimeoutMs: number): number {
  const base = Math.max(10, lockTimeoutMs || DEFAULT_LOCK_TIMEOUT_MS);
  return Math.round(Math.min(base * 6, base * 0.2 * 2 ** (tried - 1)) * (0.5 + Math.random()));
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch((error: unknown) => {
    throw signal?.aborted ? signal.reason : error;
  });
}

interface GivenUp extends RetryOptions {
  readonly tries: number;
  readonly blockers: readonly Blocker[];
}

function givenUp(error: ConfitureError, { what, tries, blockers }: GivenUp): ConfitureError {
  return new ConfitureError("LOCK_1301", `${what} did not get its lock in ${tries} tries${whoOf(blockers)}`, {
    ...error.context,
    details: { ...error.context.details, tries, blockers },
    cause: error,
  });
}

/** The sessions in the way, for people. */
function whoOf(blockers: readonly Blocker[]): string {
  const told = blockers.slice(0, 3).map(({ pid, user, state, query_age_ms: age }) => {
    const since = age === null ? "" : `, query ${Math.round(age / 1000)} s old`;
    return `pid ${pid} (${user ?? "unknown user"}, ${state ?? "unknown state"}${since})`;
  });
  return told.length === 0 ? "" : `: blocked by ${told.join(", ")}`;
}
