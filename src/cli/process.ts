import { Console } from "node:console";
import { ConfitureError } from "../base/errors.ts";
import { main } from "./main.ts";
import { terminalAsk } from "./terminal-ask.ts";
import { terminalStyle } from "./terminal-style.ts";

/** How long what runs has to be cancelled and rolled back; the server does so by itself when we are gone. */
const GRACE_MS = 3000;

/** How long a module of the user's that was given up, e.g. a hook that outlived its time, may keep us. */
const LINGER_MS = 1000;

/** Lend this process to the tool and end with its exit code once everything is written. */
export async function runProcess(argv: readonly string[]): Promise<void> {
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop(interrupt, signal));
  keepStdoutClean();
  const line = bottomLine(process.stderr);
  process.exitCode = await main(argv, {
    cwd: process.cwd(),
    environment: process.env,
    out: (text) => (line.clear(), void process.stdout.write(text)),
    err: (text) => (line.clear(), void process.stderr.write(text)),
    signal: interrupt.signal,
    stdio: { in: process.stdin, out: process.stdout },
    style: terminalStyle(process.stdout),
    progress: process.stderr.isTTY ? (text) => line.show(text) : undefined,
    ask: process.stdin.isTTY && process.stdout.isTTY ? terminalAsk(process, interrupt.signal) : undefined,
  });
  // oxlint-disable-next-line unicorn/no-process-exit -- everything is written, and what is left was given up
  process.stdout.write("", () => setTimeout(() => process.exit(), LINGER_MS).unref());
}

/** Of a terminal that does not say. */
const USUAL_COLUMNS = 80;

/** A line at the bottom of a terminal that goes when something else is written. */
function bottomLine(stream: NodeJS.WriteStream) {
  let isShown = false;
  const clear = () => {
    if (isShown) stream.write("\r\u001B[K");
    isShown = false;
  };
  return {
    clear,
    show(line: string) {
      clear();
      isShown = true;
      stream.write(line.slice(0, (stream.columns || USUAL_COLUMNS) - 1));
    },
  };
}

/** Modules of the user's, such as hooks, may log to the console; stdout carries the result and nothing else. */
function keepStdoutClean(): void {
  let stderrConsole: Console | undefined;
  Object.defineProperty(globalThis, "console", {
    configurable: true,
    get: () => (stderrConsole ??= new Console(process.stderr)),
  });
}

/** Cancel what runs; a second signal, or the end of the grace, ends the process at once. */
function stop(interrupt: AbortController, signal: NodeJS.Signals): void {
  interrupt.abort(new ConfitureError("INTERRUPTED", `stopped by ${signal}`));
  setTimeout(() => process.kill(process.pid, signal), GRACE_MS).unref();
}
