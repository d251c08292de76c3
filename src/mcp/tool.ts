import type * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import type { Target } from "../migrate/target.ts";
import type { Plans } from "./plans.ts";
import type { Project } from "./project.ts";

/** One call of a tool: what it works on, and the signal that ends it when the client has given it up. */
export interface Call {
  readonly project: Project;
  readonly plans: Plans;
  readonly signal: AbortSignal;
}

/** Something that a client can ask for. Whatever it opens it closes, so no call can be in the way of the next. */
export interface Tool<I extends z.ZodObject = z.ZodObject, O extends z.ZodType = z.ZodType> {
  /** With `_` for the `-` of its file. */
  readonly name: string;
  /** For a model, so every word costs. */
  readonly description: string;
  readonly input: I;
  /** What the result is cut to; it is not told to clients, as it would cost more than it helps. */
  readonly output: O;
  /** Is there only under --allow-write. */
  readonly writes: boolean;
  run(call: Call, input: z.infer<I>): Promise<z.infer<O>>;
}

export const defineTool = <I extends z.ZodObject, O extends z.ZodType>(tool: Tool<I, O>): Tool<I, O> => tool;

/** The database, in sessions that cannot write. Throws CONFIG_010. */
export async function readTarget({ project, signal }: Call): Promise<Target> {
  return { ...project.target, url: await requireUrl(project), signal, readOnly: true };
}

/** The database for those who were let write. Throws CONFIG_010. */
export async function writeTarget({ project, signal }: Call): Promise<Target> {
  return { ...project.target, url: await requireUrl(project), signal };
}

async function requireUrl({ url }: Project): Promise<string> {
  const found = await url();
  if (found !== undefined) return found;
  throw new ConfitureError("CONFIG_010", "the server was started without a database", {
    actionable: "Start `confiture mcp` with --database-url, CONFITURE_DATABASE_URL or a config file.",
  });
}
