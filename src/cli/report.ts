import { access, appendFile, constants, stat, writeFile } from "node:fs/promises";
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
  /** The answer is one of several lines: the file keeps what is in it. */
  readonly isLine?: boolean | undefined;
}

/** Print one document of a command that is a stream: a line of JSON, or its text. */
export const reportLine = async (
  command: Command,
  document: unknown,
  { format, io, file }: Channels & { readonly format: Format },
): Promise<void> =>
  deliver(
    `${format === "json" ? JSON.stringify(command.output.schema.parse(document)) : command.text(document, plain)}\n`,
    { io, file, isLine: true },
  );

/** Print a command's result: stdout or the file gets it, and nothing else. */
export async function reportResult(
  command: Command,
  result: unknown,
  { io, file, format }: Channels & { readonly format: Format },
): Promise<void> {
  const text = await {
    json: () => JSON.stringify(command.output.schema.parse(result), null, command.stream ? 0 : 2),
    yaml: () => yamlOf(command.output.schema.parse(result)),
    csv: () => command.csv!(result),
    sql: () => command.sql!(result).trimEnd(),
    text: () => command.text(result, (file === undefined && io.style) || plain),
  }[format]();
  if (format === "text") for (const note of command.notes?.(result) ?? []) io.err(`${note}\n`);
  if (text === undefined) return;
  await deliver(`${text}\n`, { io, file, isLine: command.stream });
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
    const envelope = `${JSON.stringify({ ok: false, error: issue }, null, channels.isLine ? 0 : 2)}\n`;
    await deliver(envelope, channels).catch(() => channels.io.out(envelope));
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

/** Make the file of a stream anew, which gets line after line. */
export const emptyFile = (cwd: string, file: string): Promise<void> => writeFile(resolve(cwd, file), "");

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

async function deliver(text: string, { io, file, isLine }: Channels): Promise<void> {
  if (file === undefined) return io.out(text);
  try {
    await (isLine ? appendFile : writeFile)(resolve(io.cwd, file), text);
  } catch (cause) {
    throw unwritable(file, (cause as Error).message);
  }
}
