import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { inTime } from "./deadline.ts";
import type { HookCall, HookDatabase, HookEnd, HookFunction } from "./hook.ts";

/**
 * Call a module's default export, or its `hook`. It cannot be stopped from outside: one that outlives its time
 * is told by its signal, loses the database, and is not waited for.
 */
export async function runModule(module: string, call: HookCall): Promise<HookEnd> {
  const over = new AbortController();
  const db = call.db && lend(call.db, over.signal);
  const work = async () => {
    const hook = await load(resolve(call.projectDir, module));
    await hook(call.event, { db, signal: over.signal });
  };
  try {
    const ended = await inTime(work(), call);
    if ("value" in ended) return {};
    const why =
      ended.missed === "timeout" ? ` after ${call.timeoutMs} ms` : ", because the run was interrupted";
    return { error: `was abandoned${why}` };
  } catch (error) {
    return { error: `failed: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    over.abort();
  }
}

/** TypeScript goes through jiti, which keeps no cache: its default lies in a folder that others may write to. */
async function load(file: string): Promise<HookFunction> {
  const exported = /\.m?ts$/.test(file)
    ? await (await import("jiti")).createJiti(file, { fsCache: false }).import<Exported>(file)
    : ((await import(pathToFileURL(file).href)) as Exported);
  const hook = [exported.default, exported.hook].find((value) => typeof value === "function");
  if (hook === undefined) throw new Error("it exports no function, neither as default nor as `hook`");
  return hook as HookFunction;
}

interface Exported {
  readonly default?: unknown;
  readonly hook?: unknown;
}

/** The migration's database until the hook is over: whoever comes later would write outside its transaction. */
function lend(db: HookDatabase, over: AbortSignal): HookDatabase {
  const open = (): HookDatabase => {
    if (over.aborted) throw new Error("the hook is over, and so is its use of the database");
    return db;
  };
  return {
    execute: async (statement, parameters) => await open().execute(statement, parameters),
    query: async (statement, parameters) => await open().query(statement, parameters),
  };
}
