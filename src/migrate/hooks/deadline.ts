/** What a piece of work gave, or why it was not waited for. */
export type InTime<T> = { readonly value: T } | { readonly missed: "timeout" | "abort" };

/** Waits for `work` until the time is over or the signal is aborted; the work itself is not stopped by that. */
export async function inTime<T>(
  work: Promise<T>,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
): Promise<InTime<T>> {
  const ended = new AbortController();
  const missed = new Promise<InTime<T>>((resolve) => {
    const timer = setTimeout(() => resolve({ missed: "timeout" }), timeoutMs);
    const onAbort = () => resolve({ missed: "abort" });
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { signal: ended.signal });
    ended.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  });
  try {
    return await Promise.race([work.then((value) => ({ value })), missed]);
  } finally {
    ended.abort();
  }
}
