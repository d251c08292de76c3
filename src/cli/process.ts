import { createInterface } from "node:readline/promises";
import { main } from "./main.ts";

/** Lend this process to the tool and end with its exit code once everything is written. */
export async function runProcess(argv: readonly string[]): Promise<void> {
  const interactive = process.stdin.isTTY && process.stderr.isTTY;
  process.exitCode = await main(argv, {
    cwd: process.cwd(),
    environment: process.env,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    confirm: interactive ? ask : undefined,
  });
}

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
