import * as z from "zod";
import type { Log } from "../../base/log.ts";
import { defineOutput } from "../../base/output.ts";
import { currentHost } from "../../scratch/host.ts";
import { type Hook, HOOK_POINTS, hookOutcomeSchema, type HookPoint, type HooksConfig } from "./hook.ts";
import { type HookFacts, hookLabel, openHooks } from "./hooks.ts";
import {
  notificationOutcomeSchema,
  type NotificationsConfig,
  type RunSummary,
} from "../notifications/notification.ts";

export const hooksTestOutput = defineOutput(
  "hooks.test",
  1,
  z.object({
    ok: z.boolean().describe("Everything ran and was sent; with --dry-run, there is something to run"),
    dry_run: z.boolean(),
    planned_hooks: z.array(
      z.object({ point: z.enum(HOOK_POINTS), hook: z.string(), on_error: z.enum(["abort", "warn"]) }),
    ),
    planned_notifications: z.array(
      z.object({
        channel: z.enum(["webhook", "smtp"]),
        target: z.string(),
        message: z.record(z.string(), z.unknown()).describe("The document, or subject and text"),
      }),
    ),
    hooks: z.array(hookOutcomeSchema).describe("Empty with --dry-run"),
    notifications: z.array(notificationOutcomeSchema).describe("Empty with --dry-run"),
  }),
);

export type HooksTestResult = z.infer<typeof hooksTestOutput.schema>;

export interface HooksTestOptions {
  readonly projectDir: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  /** Only the hooks of this point, and no notification. */
  readonly point?: HookPoint | undefined;
  /** Say what would run and be sent; run and send nothing. */
  readonly dryRun?: boolean | undefined;
}

interface Configured {
  readonly hooks?: HooksConfig | undefined;
  readonly notifications?: NotificationsConfig | undefined;
}

const DATABASE = "confiture_test@localhost:5432/confiture_test";
const MIGRATION = { version: "20260520120000", name: "synthetic_test_migration", duration_ms: 247 };

/** Run every configured hook, and send every notification, as after a sample run; no database is needed. */
export async function testHooks(config: Configured, options: HooksTestOptions): Promise<HooksTestResult> {
  const points = HOOK_POINTS.filter((point) => options.point === undefined || options.point === point);
  const notifications = options.point === undefined ? config.notifications : undefined;
  const plan = {
    planned_hooks: points.flatMap((point) => plannedHooks(point, config.hooks?.[point] ?? [])),
    planned_notifications: notifications === undefined ? [] : await plannedNotifications(notifications),
  };
  const isEmpty = plan.planned_hooks.length + plan.planned_notifications.length === 0;
  if (options.dryRun) return { ok: !isEmpty, dry_run: true, ...plan, hooks: [], notifications: [] };
  const ran = await fireAll(config.hooks, points, options);
  const sent = await sendSample(notifications, options);
  const ok = !isEmpty && [...ran, ...sent].every((outcome) => outcome.ok);
  return { ok, dry_run: false, ...plan, hooks: ran, notifications: sent };
}

const plannedHooks = (point: HookPoint, hooks: readonly Hook[]) =>
  hooks.map((hook, index) => ({ point, hook: hookLabel(point, index, hook), on_error: hook.onError }));

async function plannedNotifications({ environment, webhooks, smtp }: NotificationsConfig) {
  const { bodyOf, subjectOf, textOf } = await import("../notifications/notification-message.ts");
  const { mailTarget, webhookTarget } = await import("../notifications/notifications.ts");
  const summary = sampleSummary(environment);
  const posts = webhooks.map((webhook) => ({
    channel: "webhook" as const,
    target: webhookTarget(webhook),
    message: { ...bodyOf[webhook.preset](summary) },
  }));
  if (smtp === undefined) return posts;
  const message = { subject: subjectOf(summary), text: textOf(summary) };
  return [...posts, { channel: "smtp" as const, target: mailTarget(smtp), message }];
}

/** One that fails keeps no other from running: the question is which of them work. */
async function fireAll(
  config: HooksConfig | undefined,
  points: readonly HookPoint[],
  options: HooksTestOptions,
) {
  const lenient = Object.fromEntries(
    points.map((point) => [
      point,
      (config?.[point] ?? []).map((hook) => ({ ...hook, onError: "warn" as const })),
    ]),
  );
  const { projectDir, environment, log, signal } = options;
  const surroundings = { projectDir, environment, log, signal };
  const hooks = openHooks(lenient, { ...surroundings, direction: "up", database: DATABASE, test: true });
  for (const point of points) await hooks.fire(point, factsAt(point));
  return [...hooks.outcomes];
}

function factsAt(point: HookPoint): HookFacts {
  const isAfter = point.startsWith("after");
  return {
    migration: point.includes("migration") ? MIGRATION : undefined,
    applied: isAfter && point !== "after_migration" ? [MIGRATION] : [],
    durationMs: isAfter ? MIGRATION.duration_ms : undefined,
  };
}

async function sendSample(config: NotificationsConfig | undefined, { log, signal }: HooksTestOptions) {
  if (config === undefined) return [];
  const { sendNotifications } = await import("../notifications/notifications.ts");
  const summary = sampleSummary(config.environment);
  return sendNotifications({ ...config, on: ["success"] }, summary, { log, signal });
}

function sampleSummary(environment: string | undefined): RunSummary {
  const finished = Date.now();
  return {
    database: DATABASE,
    environment: environment ?? null,
    direction: "up",
    success: true,
    applied: [MIGRATION],
    pending_count: 0,
    duration_ms: MIGRATION.duration_ms,
    error: null,
    started_at: new Date(finished - MIGRATION.duration_ms).toISOString(),
    finished_at: new Date(finished).toISOString(),
    host: currentHost().name,
    test: true,
  };
}
