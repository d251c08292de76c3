import { ConfitureError } from "../base/errors.ts";
import { main } from "./main.ts";

/** Lend this process to the tool and end with its exit code once everything is written. */
export async function runProcess(argv: readonly string[]): Promise<void> {
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // Once: a second one ends the process at once.
    process.once(signal, () => interrupt.abort(new ConfitureError("INTERRUPTED", `stopped by ${signal}`)));
  }
  process.exitCode = await main(argv, {
    cwd: process.cwd(),
    environment: process.env,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    signal: interrupt.signal,
  });
}
