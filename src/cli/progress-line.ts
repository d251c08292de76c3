import type { Progress } from "../sync/sync.ts";

/** Width of the bar in characters. */
const WIDTH = 24;
/** Shortest time between two lines. */
const PAUSE_MS = 100;

/** How far a load is, as one line: a bar, rows and bytes a second, and the time left at this speed. */
export function progressText({ bytes, totalBytes, rows }: Progress, elapsedMs: number): string {
  // Rows on their way have another size than in the heap, so that only the end is the end.
  const share = totalBytes === 0 ? 1 : Math.min(bytes / totalBytes, 0.99);
  const filled = Math.round(share * WIDTH);
  const seconds = Math.max(elapsedMs, 1) / 1000;
  const left = share === 0 ? "?" : Math.ceil((seconds / share) * (1 - share));
  const bar = `[${"#".repeat(filled)}${".".repeat(WIDTH - filled)}]`;
  const speed = `${Math.round(rows / seconds).toLocaleString("en")} rows/s  ${(bytes / 1e6 / seconds).toFixed(1)} MB/s`;
  return `${bar} ${String(Math.floor(share * 100)).padStart(2)} %  ${speed}  about ${left} s left`;
}

/** Shows progress where there is a terminal, not more often than an eye can follow. */
export function showProgress(
  show: ((line: string) => void) | undefined,
  now: () => number,
): ((progress: Progress) => void) | undefined {
  if (show === undefined) return undefined;
  const started = now();
  let last = -Infinity;
  return (progress) => {
    if (now() - last < PAUSE_MS) return;
    last = now();
    show(progressText(progress, last - started));
  };
}
