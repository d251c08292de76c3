import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { ConfitureError } from "../../../src/base/errors.ts";
import type { Hook, HookEvent, HooksConfig } from "../../../src/migrate/hooks/hook.ts";
import type { RunEnd, RunSummary } from "../../../src/migrate/notifications/notification.ts";
import {
  type EventfulRun,
  type RunEvents,
  runReports,
  withRunEvents,
} from "../../../src/migrate/run-events.ts";
import type { Target } from "../../../src/migrate/target.ts";
import { type Listener, listener } from "../../support/listener.ts";
import { testLog } from "../../support/log.ts";
import { testProject } from "../../support/project.ts";
import { failure } from "../config/project.ts";

const RAN = { version: "001", name: "a", duration_ms: 3, rows_affected: 0 };

/** A hook that keeps its event as a line of `events`. */
const keep: Hook = { command: "cat >> events", onError: "abort", timeoutMs: 20_000 };
const fails: Hook = { ...keep, command: "exit 1" };
const EVERYWHERE: HooksConfig = { before_run: [keep], after_run: [keep], after_run_commit: [keep] };

/** A target whose hooks keep their events and whose notifications reach `server`. */
function bench(hooks: HooksConfig, server?: Listener, on: readonly RunEnd[] = ["success", "failure"]) {
  const project = testProject();
  onTestFinished(() => project[Symbol.dispose]());
  const log = testLog();
  const webhook = { preset: "json" as const, headers: {}, timeoutMs: 5000, retries: 0 };
  const target: Target = {
    url: "postgresql://app:s3cret@db/app",
    environment: { PATH: process.env["PATH"] },
    trackingTable: "tb_confiture",
    migrationsDir: "db/migrations",
    log,
    hooks,
    projectDir: project.dir,
    notifications: server && { environment: "prod", on, webhooks: [{ url: server.url, ...webhook }] },
  };
  const events = () =>
    readFileSync(project.path("events"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as HookEvent);
  return { target, log, events };
}

const sentTo = ({ received }: Listener) => received.map(({ body }) => JSON.parse(body) as RunSummary);

/** A run of one migration that ends as `last` says. */
function runOf(last: (events: RunEvents) => Promise<void>, given: Partial<EventfulRun> = {}) {
  const done: (typeof RAN)[] = [];
  const run: EventfulRun = { direction: "up", done, pending: () => ["002"], ...given };
  const work = async (events: RunEvents) => {
    await events.begin();
    done.push(RAN);
    await last(events);
    return { success: true, applied: [...done] };
  };
  return [run, work] as const;
}

test("a run that goes well", async () => {
  await using server = await listener();
  const { target, events } = bench(EVERYWHERE, server);
  const result = await withRunEvents(target, ...runOf((run) => run.end()));
  expect(result).toMatchObject({
    success: true,
    applied: [RAN],
    hooks: ["before_run", "after_run", "after_run_commit"].map((point) => ({ point, ok: true })),
    notifications: [{ channel: "webhook", target: server.url, ok: true }],
  });
  expect(z.object(runReports).safeParse(result).error).toBe(undefined);
  const applied = [{ version: "001", name: "a" }];
  expect(events()).toMatchObject([
    { point: "before_run", applied: [], duration_ms: null, database: "app@db:5432/app" },
    { point: "after_run", applied, error: null, duration_ms: expect.any(Number) },
    { point: "after_run_commit", applied, error: null },
  ]);
  expect(sentTo(server)).toEqual([
    {
      event: "migration_completed",
      database: "app@db:5432/app",
      environment: "prod",
      direction: "up",
      success: true,
      applied: [{ version: "001", name: "a", duration_ms: 3 }],
      pending_count: 1,
      duration_ms: expect.any(Number),
      error: null,
      started_at: expect.stringMatching(/Z$/),
      finished_at: expect.stringMatching(/Z$/),
      host: expect.any(String),
    },
  ]);
});

test("a run that fails tells its hooks and its notification why, and fails as it would without them", async () => {
  await using server = await listener();
  const { target, events } = bench({ ...EVERYWHERE, after_run: [keep, fails] }, server);
  const original = new ConfitureError("MIGR_001", "no such table", { details: { pending: ["002"] } });
  const error = await failure(withRunEvents(target, ...runOf(() => Promise.reject(original))));
  expect(error).toMatchObject({
    code: "MIGR_001",
    message: "no such table",
    context: {
      details: {
        pending: ["002"],
        hooks: [{ ok: true }, { ok: true }, { ok: false }, { ok: true }],
        notifications: [{ ok: true }],
      },
    },
  });
  const failed = { code: "MIGR_001", message: "no such table" };
  expect(events()).toMatchObject([
    { point: "before_run", error: null },
    { point: "after_run", error: failed },
    { point: "after_run_commit", error: failed },
  ]);
  expect(sentTo(server)).toMatchObject([{ success: false, error: failed, applied: [{ version: "001" }] }]);
});

test("a hook that stops the run is what the run failed of", async () => {
  await using server = await listener();
  const { target, events } = bench({ ...EVERYWHERE, before_run: [fails] }, server);
  const [run, work] = runOf((r) => r.end());
  expect(await failure(withRunEvents(target, run, work))).toMatchObject({ code: "HOOK_1100" });
  expect(events().map(({ point, error }) => [point, error?.code])).toEqual([
    ["after_run", "HOOK_1100"],
    ["after_run_commit", "HOOK_1100"],
  ]);
  expect(run.done).toEqual([]);
  expect(sentTo(server)).toMatchObject([{ success: false, error: { code: "HOOK_1100" }, applied: [] }]);
});

test("an after_run hook that fails is not run a second time", async () => {
  const { target } = bench({ after_run: [fails] });
  const error = await failure(withRunEvents(target, ...runOf((run) => run.end())));
  expect(error).toMatchObject({
    code: "HOOK_1101",
    message: expect.stringMatching(/the 1 migration\(s\) of this run stay applied$/),
  });
  expect(error.context.details!["hooks"]).toHaveLength(1);
});

test("a run that fails before it begins fires no hook, but is told of", async () => {
  await using server = await listener();
  const { target, log } = bench(EVERYWHERE, server);
  const busy = () => Promise.reject(new ConfitureError("LOCK_1300", "busy"));
  const error = await failure(withRunEvents(target, { direction: "up", done: [] }, busy));
  expect(error.context.details!["hooks"]).toEqual([]);
  expect(sentTo(server)).toMatchObject([{ error: { code: "LOCK_1300" }, pending_count: null }]);
  expect(log.lines).toEqual([]);
});

test("a run with nothing to do fires nothing and tells nobody, unless asked to", async () => {
  await using server = await listener();
  const idle = async () => ({ success: true });
  const run = { direction: "up" as const, done: [] };
  const { target } = bench(EVERYWHERE, server);
  expect(await withRunEvents(target, run, idle)).toEqual({ success: true, hooks: [], notifications: [] });
  const asked = bench(EVERYWHERE, server, ["noop"]);
  expect((await withRunEvents(asked.target, run, idle)).notifications).toHaveLength(1);
  expect(server.received).toHaveLength(1);
});

test("a run that stops short without an error is told as a failure", async () => {
  await using server = await listener();
  const { target } = bench({}, server);
  const run = { direction: "up" as const, done: [RAN] };
  await withRunEvents(target, run, async () => ({ success: false }));
  expect(sentTo(server)).toMatchObject([{ success: false, error: null }]);
});

test("a dry run fires its hooks up to the commit, and notifies nobody", async () => {
  await using server = await listener();
  const { target, events } = bench(EVERYWHERE, server);
  const result = await withRunEvents(target, ...runOf((run) => run.end(), { dryRun: true }));
  expect(result.notifications).toEqual([]);
  expect(events().map(({ point, dry_run }) => [point, dry_run])).toEqual([
    ["before_run", true],
    ["after_run", true],
  ]);
  expect(server.received).toEqual([]);
});

test("a notification that cannot be sent does not fail the run", async () => {
  await using server = await listener([500]);
  const { target, log } = bench({}, server);
  const result = await withRunEvents(target, ...runOf((run) => run.end()));
  expect(result).toMatchObject({ success: true, notifications: [{ ok: false, error: "answered 500" }] });
  expect(log.lines).toEqual([`warning: the notification was not sent: webhook ${server.url} answered 500`]);
});

test("a defect is told as one, and thrown on as it is", async () => {
  await using server = await listener();
  const { target } = bench({}, server);
  const defect = new TypeError("x is not a function");
  const run = withRunEvents(target, ...runOf(() => Promise.reject(defect)));
  await expect(run).rejects.toBe(defect);
  expect(sentTo(server)).toMatchObject([{ error: { code: "INTERNAL_ERROR" } }]);
});

test("a target without hooks and notifications costs nothing but two empty lists", async () => {
  const { target, log } = bench({});
  const result = await withRunEvents(target, ...runOf((run) => run.end()));
  expect(result).toMatchObject({ hooks: [], notifications: [] });
  expect(log.lines).toEqual([]);
});
