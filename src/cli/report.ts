import { access, constants, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { ConfitureError } from "../base/errors.ts";
import { plain } from "../base/style.ts";
import type { Command } from "./command.ts";
import { placeIn } from "./issue-text.ts";
import type { Io } from "./main.ts";

export type Format = "text" | "json" | "yaml" | "csv" | "sql";

interface Channels {
  readonly io: Pick<Io, "cwd" | "out" | "err" | "style">;
  /** File that takes the result instead of stdout. */
  readonly file?: string | undefined;
}

/** Print a command's result: stdout or the file gets it, and nothing else. */
export async function reportResult(
  command: Command,
  result: unknown,
  { io, file, format }: Channels & { readonly format: Format },
): Promise<void> {
  const text = await {
    json: () => JSON.stringify(command.output.schema.parse(result), null, 2),
    yaml: () => yamlOf(command.output.schema.parse(result)),
    csv: () => command.csv!(result),
    sql: () => command.sql!(result).trimEnd(),
    text: () => command.text(result, (file === undefined && io.style) || plain),
  }[format]();
  if (format === "text") for (const note of command.notes?.(result) ?? []) io.err(`${note}\n`);
  if (text === undefined) return;
  await deliver(`${text}\n`, { io, file });
  if (file !== undefined && format !== "json") io.err(`wrote ${file}\n`);
}

/** So that readers of YAML 1.1 understand it too, to whom a bare `no` is false. */
async function yamlOf(value: unknown): Promise<string> {
  const { stringify } = await import("yaml");
  return stringify(value, { version: "1.1", aliasDuplicateObjects: false }).trimEnd();
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

/** Refuse a result file that cannot be written before anything is done; throws CONFIG_004. */
export async function requireWritable(cwd: string, file: string): Promise<void> {
  const path = resolve(cwd, file);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw unwritable(file, "it is a directory");
  await access(found ? path : dirname(path), constants.W_OK).catch((cause: Error) => {
    throw unwritable(file, cause.message);
  });
}

const unwritable = (file: string, reason: string): ConfitureError =>
  new ConfitureError("CONFIG_004", `the result file ${file} cannot be written: ${reason}`, {
    file,
    actionable: "Name a file in a folder that is there and can be written.",
  });

async function deliver(text: string, { io, file }: Channels): Promise<void> {
  if (file === undefined) return io.out(text);
  try {
    await writeFile(resolve(io.cwd, file), text);
  } catch (cause) {
    throw unwritable(file, (cause as Error).message);
  }
}
