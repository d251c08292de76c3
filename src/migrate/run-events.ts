import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { describeTarget } from "../pg/dsn.ts";
import { currentHost } from "../scratch/host.ts";
import { type Failure, hookOutcomeSchema, type MigrationName } from "./hooks/hook.ts";
import { type Hooks, type HooksOptions, openHooks } from "./hooks/hooks.ts";
import {
  type NotificationOutcome,
  notificationOutcomeSchema,
  type RunSummary,
} from "./notifications/notification.ts";
import type { Target } from "./target.ts";

/** A run, as far as hooks and notifications are concerned. */
export interface EventfulRun {
  readonly direction: "up" | "down";
  /** Whatever is done is rolled back: no commit is ever told of, and nobody is notified. */
  readonly dryRun?: boolean | undefined;
  /** What the run has done; it grows while the run goes on. */
  readonly done: readonly (MigrationName & { readonly duration_ms: number })[];
  /** Versions the run did not get to; undefined as long as it does not know. */
  readonly pending?: (() => readonly string[] | undefined) | undefined;
}

/** What the work of a run calls while it goes on. */
export interface RunEvents {
  readonly hooks: Hooks;
  /** Fires `before_run`; to be called under the lock, and only when there is something to do. Throws HOOK_1100. */
  begin(): Promise<void>;
  /** Fires `after_run`, before the run is called done. Throws HOOK_1101. */
  end(): Promise<void>;
}

/** Keys that the result of every run has beside its own. */
export const runReports = {
  hooks: z.array(hookOutcomeSchema).describe("Every hook that ran"),
  notifications: z.array(notificationOutcomeSchema).describe("Who was told how the run ended"),
};

export type RunReports = z.infer<z.ZodObject<typeof runReports>>;

/**
 * Do the work of a run with its hooks and its notification around it. `after_run_commit` and the notification
 * follow when the work is over and its lock released; a run that throws has `after_run` as well, if it began, and
 * its error says in `details.hooks` and `details.notifications` what ran and who was told.
 */
export async function withRunEvents<R extends { readonly success: boolean }>(
  target: Target,
  run: EventfulRun,
  work: (events: RunEvents) => Promise<R>,
): Promise<R & RunReports> {
  const started = { at: new Date(), clock: performance.now() };
  const hooks = openHooks(target.hooks, hooksOptions(target, run));
  const state = { begun: false, ended: false };
  const factsNow = (error: Failure | null) => ({
    applied: run.done,
    error,
    durationMs: Math.round(performance.now() - started.clock),
  });
  const events: RunEvents = {
    hooks,
    async begin() {
      state.begun = true;
      await hooks.fire("before_run", { applied: run.done });
    },
    async end() {
      state.ended = true;
      await hooks.fire("after_run", factsNow(null));
    },
  };
  const close = async (success: boolean, error: Failure | null): Promise<RunReports> => {
    const facts = factsNow(error);
    if (state.begun) await hooks.fire("after_run_commit", facts);
    const notifications = await notify(target, run, { ...facts, success, startedAt: started.at });
    return { hooks: [...hooks.outcomes], notifications };
  };
  let result: R;
  try {
    result = await work(events);
  } catch (error) {
    const failure = failureOf(error);
    if (state.begun && !state.ended) await hooks.fire("after_run", factsNow(failure));
    throw withReports(error, await close(false, failure));
  }
  return { ...result, ...(await close(result.success, null)) };
}

const hooksOptions = (target: Target, { direction, dryRun }: EventfulRun): HooksOptions => ({
  projectDir: target.projectDir ?? ".",
  environment: target.environment,
  log: target.log,
  signal: target.signal,
  direction,
  dryRun,
  database: describeTarget(target.url, target.environment),
});

/** What a hook and a message are told of an error. */
const failureOf = (error: unknown): Failure => ({
  code: error instanceof ConfitureError ? error.code : "INTERNAL_ERROR",
  message: error instanceof Error ? error.message : String(error),
});

interface Outcome {
  readonly success: boolean;
  readonly error: Failure | null;
  readonly startedAt: Date;
  readonly durationMs: number;
}

async function notify(target: Target, run: EventfulRun, outcome: Outcome): Promise<NotificationOutcome[]> {
  const { notifications: config, log, signal } = target;
  if (run.dryRun || config === undefined) return [];
  const { sendNotifications } = await import("./notifications/notifications.ts");
  return sendNotifications(config, summaryOf(target, run, outcome), { log, signal });
}

const summaryOf = (target: Target, run: EventfulRun, outcome: Outcome): RunSummary => ({
  database: describeTarget(target.url, target.environment),
  environment: target.notifications?.environment ?? null,
  direction: run.direction,
  success: outcome.success,
  applied: run.done.map(({ version, name, duration_ms }) => ({ version, name, duration_ms })),
  pending_count: run.pending?.()?.length ?? null,
  duration_ms: outcome.durationMs,
  error: outcome.error,
  started_at: outcome.startedAt.toISOString(),
  finished_at: new Date().toISOString(),
  host: currentHost().name,
});

function withReports(error: unknown, { hooks, notifications }: RunReports): unknown {
  if (!(error instanceof ConfitureError) || hooks.length + notifications.length === 0) return error;
  return error.with({ details: { hooks, notifications } });
}
