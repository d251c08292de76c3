import { setTimeout as wait } from "node:timers/promises";
import type { Webhook } from "./notification.ts";

/** The longest pause that a server can ask for with Retry-After. */
const MAX_PAUSE_MS = 10_000;

/** After Ctrl-C there is time for one short attempt. */
const HURRIED_MS = 2000;

export interface Delivery {
  readonly signal?: AbortSignal | undefined;
  /** The pause before the first further attempt; it doubles. Default 500. */
  readonly pauseMs?: number | undefined;
}

/** One attempt: sent, or why not and whether another attempt could help. */
type Attempt =
  | { readonly error: null }
  | { readonly error: string; readonly again: boolean; readonly pauseMs?: number };

/**
 * POST a document to a webhook and answer why that failed, or null. Words for errors are our own: those of
 * `fetch` may quote the URL, and a server's answer may quote what it got. Redirects are not followed.
 */
export async function postWebhook(
  webhook: Webhook,
  body: object,
  { signal, pauseMs = 500 }: Delivery = {},
): Promise<string | null> {
  for (let attempt = 0; ; attempt++) {
    const timeoutMs = signal?.aborted ? Math.min(webhook.timeoutMs, HURRIED_MS) : webhook.timeoutMs;
    const sent = await post(webhook, JSON.stringify(body), timeoutMs);
    if (sent.error === null) return null;
    if (!sent.again || attempt >= webhook.retries || signal?.aborted) {
      return attempt === 0 ? sent.error : `${sent.error}, after ${attempt + 1} attempts`;
    }
    const pause = pauseMs * 2 ** attempt * (0.5 + Math.random());
    await wait(Math.min(Math.max(pause, sent.pauseMs ?? 0), MAX_PAUSE_MS), undefined, { signal }).catch(
      () => undefined, // one last attempt
    );
  }
}

async function post({ url, headers }: Webhook, body: string, timeoutMs: number): Promise<Attempt> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "confiture", ...headers },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel().catch(() => undefined); // it is delivered all the same
    return judge(response);
  } catch (error) {
    return { error: failureText(error, timeoutMs), again: true };
  }
}

function judge({ ok, status, headers }: Response): Attempt {
  if (ok) return { error: null };
  if (status >= 300 && status < 400) {
    return { error: `answered ${status}: redirects are not followed`, again: false };
  }
  const seconds = Number(headers.get("retry-after"));
  const pause = Number.isFinite(seconds) ? { pauseMs: seconds * 1000 } : {};
  return { error: `answered ${status}`, again: status >= 500 || status === 429, ...pause };
}

function failureText(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === "TimeoutError") return `gave no answer in ${timeoutMs} ms`;
  const code: unknown = error instanceof Error ? Reflect.get(Object(error.cause), "code") : undefined;
  return typeof code === "string" ? `cannot be reached (${code})` : "cannot be reached";
}
