import { spawn } from "node:child_process";
import { access, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ConfitureError } from "../base/errors.ts";
import { redactWithin } from "../pg/dsn.ts";
import { skipBlank } from "../sql/lexer.ts";
import { parseScript } from "../sql/parse-script.ts";
import { decodeUtf8 } from "../sql/decode-utf8.ts";
import type { Script, Statement } from "../sql/script.ts";
import { transactionControlIn, withoutWrapper } from "../sql/transaction-control.ts";

/** A program that writes a migration from two states of a schema. */
export interface ExternalGenerator {
  /** Its name in the config file. */
  readonly id: string;
  /** For `sh`; `{from}`, `{to}` and `{output}` become quoted absolute paths. */
  readonly command: string;
  readonly from: string;
  readonly to: string;
  /** Where it runs. */
  readonly cwd: string;
  /** All it gets of the environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/** How much of what the program says stands in an error. */
const SAID_LENGTH = 4000;

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The command as the shell gets it; without an output file its place stays open. */
export function commandOf({ command, from, to }: ExternalGenerator, output?: string): string {
  const paths: Readonly<Record<string, string | undefined>> = {
    from: resolve(from),
    to: resolve(to),
    output,
  };
  return command.replace(/\{(from|to|output)\}/g, (open: string, place: string) =>
    paths[place] === undefined ? open : quoted(paths[place]),
  );
}

/** Throws CONFIG_004 when one of the two files is missing. */
export async function requireInputs({ from, to }: ExternalGenerator): Promise<void> {
  for (const file of [from, to]) {
    await access(file).catch((cause: Error) => {
      throw new ConfitureError("CONFIG_004", `${file} cannot be read: ${cause.message}`, { file, cause });
    });
  }
}

/**
 * Run the program and give the SQL it wrote, without a BEGIN and COMMIT around the whole of it.
 * Throws GEN_001 when the program fails or writes nothing, MIGR_107 or MIGR_108 for what no migration can be.
 */
export async function runGenerator(generator: ExternalGenerator): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "confiture-generate-"));
  try {
    const output = join(dir, "output.sql");
    const said = await runCommand(generator, commandOf(generator, output));
    const bytes = await readFile(output).catch(() => undefined);
    const file = `the output of ${generator.id}`;
    const script = await parseScript({ text: bytes ? decodeUtf8(bytes, file) : "", file }, "MIGR_108");
    const text = unwrappedText(script);
    if (text === "") throw failure(generator, "wrote no SQL", said);
    return text;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** What the program printed, to be told when its output is of no use; throws GEN_001 unless it ends with 0. */
function runCommand(generator: ExternalGenerator, command: string): Promise<string> {
  const { cwd, environment, signal } = generator;
  return new Promise((done, fail) => {
    let said = "";
    const child = spawn("sh", ["-c", command], {
      cwd,
      env: { ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      signal,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream
        .setEncoding("utf8")
        .on("data", (text: string) => void (said = (said + text).slice(-SAID_LENGTH)));
    }
    child.on("error", (cause) => {
      // What the shell has started may live on and hold them open.
      child.stdout.destroy();
      child.stderr.destroy();
      fail(
        signal?.aborted
          ? (signal.reason as Error)
          : failure(generator, `cannot be started: ${cause.message}`, said),
      );
    });
    child.on("close", (code, killedBy) => {
      if (code === 0) return done(said);
      fail(
        failure(
          generator,
          code === null ? `was ended by ${killedBy}` : `ended with exit code ${code}`,
          said,
          code,
        ),
      );
    });
  });
}

const failure = (
  { id, command }: ExternalGenerator,
  what: string,
  said: string,
  exitCode: number | null = null,
): ConfitureError =>
  new ConfitureError("GEN_001", `generator ${id} ${what}`, {
    details: {
      generator: id,
      command: redactWithin(command),
      exit_code: exitCode,
      stderr: redactWithin(said.trim()),
    },
  });

/** The text of a script, blank when no statement is left. */
function unwrappedText({ source: { text, file }, statements }: Script): string {
  const inner = withoutWrapper(statements);
  const control = transactionControlIn(inner);
  if (control) {
    throw new ConfitureError("MIGR_107", `${control.text.slice(0, 40)} stands in ${file}`, {
      line: control.position.line,
    });
  }
  if (inner.length === 0) return "";
  const [first, last] = [statements[0]!, statements.at(-1)!];
  const body =
    inner === statements
      ? text
      : text.slice(0, first.start) +
        text.slice(endOf(text, first), last.start) +
        text.slice(endOf(text, last));
  return `${body.trim()}\n`;
}

/** Behind the closing semicolon, where there is one. */
function endOf(text: string, { start, text: { length } }: Statement): number {
  const at = skipBlank(text, start + length);
  return text[at] === ";" ? at + 1 : start + length;
}
