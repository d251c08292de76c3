import type { Readable, Writable } from "node:stream";
import type * as z from "zod";
import type { Log } from "../base/log.ts";
import type { Output } from "../base/output.ts";
import type { Style } from "../base/style.ts";

/** A question with the words that answer it, each with what it means. */
export interface Question {
  readonly text: string;
  readonly answers: ReadonlyMap<string, string>;
}

/** Gives one of the words; throws INTERRUPTED when there will be none. */
export type Ask = (question: Question) => Promise<string>;

/** What a command gets besides its own options; nothing below `cli/` reads the process. */
export interface Context {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Aborted with an INTERRUPTED error when the user presses Ctrl-C. */
  readonly signal?: AbortSignal | undefined;
  /** For a command that holds a conversation instead of printing a result; without it nobody speaks. */
  readonly stdio?: { readonly in: Readable; readonly out: Writable } | undefined;
  /** Asks the person at the terminal; only where there is one, and the result is text. */
  readonly ask?: Ask | undefined;
  /** Shows a line that the next one replaces; only on a terminal, and where the result is text. */
  readonly progress?: ((line: string) => void) | undefined;
  /** Prints one more document of a command that is a stream, before its result. */
  readonly emit: (document: unknown) => Promise<void>;
  /** What is done once the command is through, whether it failed or not. */
  readonly afterwards: (work: () => Promise<void>) => void;
}

/** A positional word, handed to `run` as the option of the same name. */
interface Argument {
  readonly name: string;
  readonly required: boolean;
}

export interface Command<O extends z.ZodObject = z.ZodObject, R extends z.ZodType = z.ZodType> {
  /** Words typed by the user; also the file's path below `commands/`. */
  readonly path: string;
  readonly summary: string;
  readonly arguments?: readonly Argument[];
  /** One flag per key: `.describe()` is its help, `.meta({ short: "c" })` its letter. */
  readonly options: O;
  readonly output: Output<R>;
  /** Flag that names the file for the result, where `--output` means something else. */
  readonly resultFlag?: "report";
  run(context: Context, options: z.infer<O>): Promise<z.infer<R>>;
  /** The same result for a person, undefined where nothing is to be printed; JSON needs no code. */
  text(result: z.infer<R>, style: Style): string | undefined;
  /** Offered as `--format csv` where it exists. */
  csv?(result: z.infer<R>): string;
  /** Offered as `--format sql` where it exists: what psql can run. */
  sql?(result: z.infer<R>): string;
  /** It emits documents as they come, each of the output's shape; in JSON mode each is a line, and so is the result. */
  readonly stream?: true;
  /** The result is offered as `--format yaml` too. */
  readonly yaml?: true;
  /** Lines for stderr in text mode, e.g. hints. */
  notes?(result: z.infer<R>): readonly string[];
  /** Exit code when the answer is "no", e.g. pending migrations. Errors carry their own. */
  exit?(result: z.infer<R>): number;
}

export const defineCommand = <O extends z.ZodObject, R extends z.ZodType>(
  command: Command<O, R>,
): Command<O, R> => command;
