import { expect, test } from "vitest";
import type { NotificationsConfig } from "../../../../src/migrate/notifications/notification.ts";
import { sendNotifications } from "../../../../src/migrate/notifications/notifications.ts";
import { listener } from "../../../support/listener.ts";
import { testLog } from "../../../support/log.ts";
import { mailbox } from "../../../support/mailbox.ts";
import { summaryOf } from "./run-summary.ts";

const toWebhook = (url: string, given: Partial<NotificationsConfig> = {}): NotificationsConfig => ({
  on: ["success", "failure"],
  webhooks: [{ url, preset: "json", headers: { "X-Key": "s3cret" }, timeoutMs: 5000, retries: 1 }],
  ...given,
});

const mailServer = (port: number) => ({
  host: "127.0.0.1",
  port,
  secure: false,
  user: "me",
  password: "s3cret",
  from: "db@example.org",
  to: ["a@example.org"],
  timeoutMs: 5000,
});

test("without a config nobody is told", async () => {
  expect(await sendNotifications(undefined, summaryOf(), { log: testLog() })).toEqual([]);
});

test("every channel gets one message", async () => {
  await using server = await listener();
  await using box = await mailbox({ login: ["me", "s3cret"] });
  const config = toWebhook(`${server.url}/s3cret`);
  const slack = { ...config.webhooks[0]!, preset: "slack" as const };
  const log = testLog();
  const outcomes = await sendNotifications(
    { ...config, webhooks: [...config.webhooks, slack], smtp: mailServer(box.port) },
    summaryOf(),
    { log },
  );
  expect(outcomes).toEqual([
    { channel: "webhook", target: server.url, ok: true, error: null },
    { channel: "webhook", target: server.url, ok: true, error: null },
    { channel: "smtp", target: `smtp://127.0.0.1:${box.port}`, ok: true, error: null },
  ]);
  const bodies = server.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  expect(bodies.find((body) => "event" in body)).toEqual({ event: "migration_completed", ...summaryOf() });
  expect(bodies.find((body) => "attachments" in body)).toMatchObject({
    text: "[Migration] prod (app@db:5432/app): 2 migration(s) applied",
  });
  expect(box.mails[0]).toContain("Subject: [Migration] prod (app@db:5432/app): 2 migration(s) applied");
  expect(box.mails[0]).toContain("003 index_orders (1300 ms)");
  expect(log.lines).toEqual([]);
});

test.each([
  [
    ["success", "failure"],
    [true, true, false],
  ],
  [["failure"], [false, true, false]],
  [["noop"], [false, false, true]],
] as const)("on %j: success, failure, nothing to do are told: %j", async (on, wanted) => {
  await using server = await listener();
  const ends = [summaryOf(), summaryOf({ success: false, applied: [] }), summaryOf({ applied: [] })];
  const told = ends.map((end) => sendNotifications(toWebhook(server.url, { on }), end, { log: testLog() }));
  expect((await Promise.all(told)).map((outcomes) => outcomes.length === 1)).toEqual(wanted);
});

test("what cannot be delivered is warned of and answered, and no secret with it", async () => {
  await using server = await listener([503]);
  await using box = await mailbox({ login: ["me", "another"] });
  const log = testLog();
  const config = toWebhook(`${server.url}/s3cret?s3cret`, { smtp: mailServer(box.port) });
  const outcomes = await sendNotifications(config, summaryOf(), { log, pauseMs: 1 });
  expect(outcomes).toEqual([
    { channel: "webhook", target: server.url, ok: false, error: "answered 503, after 2 attempts" },
    {
      channel: "smtp",
      target: `smtp://127.0.0.1:${box.port}`,
      ok: false,
      error: "refused the login (535)",
    },
  ]);
  expect(log.lines).toEqual([
    `warning: the notification was not sent: webhook ${server.url} answered 503, after 2 attempts`,
    `warning: the notification was not sent: smtp smtp://127.0.0.1:${box.port} refused the login (535)`,
  ]);
  expect(JSON.stringify([outcomes, log.lines])).not.toContain("s3cret");
});

test.each(["s3cret", "http://me:s3cret@127.0.0.1:1/s3cret"])(
  "a URL that no config file would let through shows nothing either: %s",
  async (url) => {
    const log = testLog();
    const outcomes = await sendNotifications(toWebhook(url), summaryOf(), { log, pauseMs: 1 });
    expect(outcomes).toMatchObject([{ ok: false }]);
    expect(JSON.stringify([outcomes, log.lines])).not.toContain("s3cret");
  },
);

test("a defect in one channel does not reach the run", async () => {
  const log = testLog();
  const broken = { ...mailServer(1), to: undefined as never };
  const outcomes = await sendNotifications(toWebhook("", { webhooks: [], smtp: broken }), summaryOf(), {
    log,
  });
  expect(outcomes).toMatchObject([{ ok: false, error: "cannot be used" }]);
  expect(log.lines).toHaveLength(1);
});
