/** Waits until it is rung, a time is over, or the signal is aborted; one that rang meanwhile does not wait. */
export function makeBell(signal: AbortSignal | undefined) {
  let hasRung = false;
  let wake = () => {};
  const ring = () => {
    hasRung = true;
    wake();
  };
  signal?.addEventListener("abort", ring, { once: true });
  return {
    ring,
    async wait(milliseconds: number): Promise<void> {
      if (!hasRung) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((done) => {
          wake = done;
          timer = setTimeout(done, milliseconds);
        });
        clearTimeout(timer);
      }
      hasRung = false;
    },
  };
}
