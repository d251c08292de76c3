import { once } from "node:events";
import { ConfitureError } from "../base/errors.ts";
import type { Ask, Question } from "./command.ts";

interface Terminal {
  readonly stdin: NodeJS.ReadableStream;
  readonly stderr: NodeJS.WritableStream;
}

/** Asks on stderr until one of the words comes from stdin, as stdout carries the result and nothing else. */
export const terminalAsk =
  ({ stdin, stderr }: Terminal, signal: AbortSignal): Ask =>
  async (question) => {
    const { createInterface } = await import("node:readline");
    const lines = createInterface({ input: stdin, terminal: false });
    const ended = once(lines, "close", { signal }).then(() => null);
    try {
      for (;;) {
        stderr.write(questionText(question));
        const next = once(lines, "line", { signal }) as Promise<[string]>;
        const word = (await Promise.race([next, ended]))?.[0].trim().toLowerCase();
        if (word === undefined) throw new ConfitureError("INTERRUPTED", `no answer: ${question.text}`);
        if (question.answers.has(word)) return word;
      }
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      lines.close();
    }
  };

function questionText({ text, answers }: Question): string {
  const lines = [...answers].map(([word, meaning]) => `  ${word}  ${meaning}\n`);
  return `${text}\n${lines.join("")}${[...answers.keys()].join("/")}? `;
}
