import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Webhook } from "../../../../src/migrate/notifications/notification.ts";
import { postWebhook } from "../../../../src/migrate/notifications/webhook.ts";
import { listener } from "../../../support/listener.ts";

const hook = (url: string, given: Partial<Webhook> = {}): Webhook => ({
  url: `${url}/s3cret?key=s3cret`,
  preset: "json",
  headers: { "X-Key": "s3cret", Authorization: "Bearer s3cret" },
  timeoutMs: 5000,
  retries: 2,
  ...given,
});

test("the document is posted once, with the headers", async () => {
  await using server = await listener();
  expect(await postWebhook(hook(server.url), { a: "ä" })).toBe(null);
  expect(server.received).toMatchObject([
    {
      path: "/s3cret?key=s3cret",
      body: '{"a":"ä"}',
      headers: {
        "content-type": "application/json",
        "user-agent": "confiture",
        "x-key": "s3cret",
        authorization: "Bearer s3cret",
      },
    },
  ]);
});

test.each([
  [[500, 503, 200], 3, null],
  [[429, 204], 2, null],
  [[500], 3, "answered 500, after 3 attempts"],
  [[400], 1, "answered 400"],
  [[502, 404], 2, "answered 404, after 2 attempts"],
])("answers %j take %i attempts: %s", async (answers, attempts, wanted) => {
  await using server = await listener(answers);
  expect(await postWebhook(hook(server.url), {}, { pauseMs: 1 })).toBe(wanted);
  expect(server.received).toHaveLength(attempts);
});

test("the pauses between attempts grow", async () => {
  await using server = await listener([500]);
  await postWebhook(hook(server.url, { retries: 3 }), {}, { pauseMs: 40 });
  const times = server.received.map(({ at }) => at);
  const pauses = times.slice(1).map((at, i) => at - times[i]!);
  expect(pauses[0]).toBeGreaterThan(19);
  expect(pauses[2]).toBeGreaterThan(79);
});

test("a server may ask for a longer pause", async () => {
  let answered = 0;
  await using server = await listener((response) => {
    if (answered++ === 0) response.writeHead(429, { "retry-after": "1" }).end();
    else response.writeHead(200).end();
  });
  expect(await postWebhook(hook(server.url), {}, { pauseMs: 1 })).toBe(null);
  expect(server.received[1]!.at - server.received[0]!.at).toBeGreaterThan(950);
});

test("no redirect is followed, so that nothing reaches another host", async () => {
  await using other = await listener();
  await using server = await listener((response) =>
    response.writeHead(307, { location: `${other.url}/s3cret` }).end(),
  );
  expect(await postWebhook(hook(server.url), {})).toBe("answered 307: redirects are not followed");
  expect([server.received.length, other.received.length]).toEqual([1, 0]);
});

test("a server that does not answer is given up, after every attempt", async () => {
  await using server = await listener(() => {});
  const error = await postWebhook(hook(server.url, { timeoutMs: 100, retries: 1 }), {}, { pauseMs: 1 });
  expect(error).toBe("gave no answer in 100 ms, after 2 attempts");
  expect(server.received).toHaveLength(2);
});

test("a server that is not there", async () => {
  const gone = await listener();
  await gone[Symbol.asyncDispose]();
  expect(await postWebhook(hook(gone.url, { retries: 0 }), {})).toBe("cannot be reached (ECONNREFUSED)");
});

test.each(["http://me:s3cret@127.0.0.1/s3cret", "s3cret", "http://[s3cret/"])(
  "what fetch says of a URL it refuses is not told: %s",
  async (url) => {
    const error = await postWebhook({ ...hook(""), url, retries: 0 }, {});
    expect(error).toMatch(/^cannot be reached( \(ERR_INVALID_URL\))?$/);
  },
);

test("after an interruption there is one last attempt, and no pause", async () => {
  await using server = await listener([500]);
  const interrupt = new AbortController();
  const { signal } = interrupt;
  const started = performance.now();
  const running = postWebhook(hook(server.url, { retries: 9 }), {}, { signal, pauseMs: 8000 });
  await expect.poll(() => server.received.length).toBe(1);
  await wait(50);
  interrupt.abort();
  expect(await running).toBe("answered 500, after 2 attempts");
  expect(await postWebhook(hook(server.url, { retries: 9 }), {}, { signal })).toBe("answered 500");
  expect(performance.now() - started).toBeLessThan(4000);
});
