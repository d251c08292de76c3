const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Call `end` when this process is ended without waiting for the command, once `interrupted` was aborted: by a second
 * Ctrl-C, or when the time to cancel is over. Gives the way to take that back.
 */
export function endWithProcess(interrupted: AbortSignal | undefined, end: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    stopListening();
    end();
    process.kill(process.pid, signal);
  };
  const listen = () => SIGNALS.forEach((signal) => process.on(signal, onSignal));
  const stopListening = () => SIGNALS.forEach((signal) => process.off(signal, onSignal));
  interrupted?.addEventListener("abort", listen, { once: true });
  return () => {
    interrupted?.removeEventListener("abort", listen);
    stopListening();
  };
}
