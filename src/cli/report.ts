import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { ConfitureError } from "../base/errors.ts";
import type { Command } from "./command.ts";
import { placeIn } from "./issue-text.ts";

export type Format = "text" | "json" | "csv";

interface Channels {
  readonly io: { readonly cwd: string; out(text: string): void; err(text: string): void };
  /** File that takes the result instead of stdout. */
  readonly file?: string | undefined;
}

/** Print a command's result: stdout or the file gets it, and nothing else. */
export async function reportResult(
  command: Command,
  result: unknown,
  { io, file, format }: Channels & { readonly format: Format },
): Promise<void> {
  const text = {
    json: () => JSON.stringify(command.output.schema.parse(result), null, 2),
    csv: () => command.csv!(result),
    text: () => command.text(result),
  }[format]();
  if (format === "text") for (const note of command.notes?.(result) ?? []) io.err(`${note}\n`);
  await deliver(`${text}\n`, { io, file });
  if (file !== undefined && format !== "json") io.err(`wrote ${file}\n`);
}

/** Print an error: one envelope in JSON mode, else lines on stderr; gives the exit code. */
export async function reportError(error: unknown, format: Format, channels: Channels): Promise<number> {
  const { issueOf } = await import("../base/issue.ts");
  const issue = issueOf(error);
  const exit = error instanceof ConfitureError ? error.exit : 1;
  if (format === "json") {
    await deliver(`${JSON.stringify({ ok: false, error: issue }, null, 2)}\n`, channels).catch(() => {
      channels.io.out(`${JSON.stringify({ ok: false, error: issue }, null, 2)}\n`);
    });
  } else {
    channels.io.err(errorText(error));
  }
  if (!(error instanceof ConfitureError) && error instanceof Error) channels.io.err(`${error.stack}\n`);
  return exit;
}

function errorText(error: unknown): string {
  if (!(error instanceof ConfitureError)) return `error INTERNAL_ERROR: ${String(error)}\n`;
  const { file, line, pointer } = error.context;
  const lines = [`error ${error.code}: ${error.message}`];
  const place = placeIn(error.message, file, line);
  if (place !== undefined) lines.push(`  at ${place}`);
  if (pointer !== undefined) lines.push(...pointer.split("\n").map((l) => `  ${l}`));
  lines.push(`  ${error.actionable}`);
  return `${lines.join("\n")}\n`;
}

async function deliver(text: string, { io, file }: Channels): Promise<void> {
  if (file === undefined) return io.out(text);
  try {
    await writeFile(resolve(io.cwd, file), text);
  } catch (cause) {
    throw new ConfitureError(
      "CONFIG_004",
      `the result file ${file} cannot be written: ${(cause as Error).message}`,
      {
        cause,
        file,
      },
    );
  }
}
