import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { currentHost } from "../../scratch/host.ts";
import { inTime } from "./deadline.ts";
import type { HookCall, HookEnd, HookEvent } from "./hook.ts";

/** How many of its last lines on stderr an error quotes. */
const QUOTED_LINES = 20;

/** How long a group has to end itself before it is killed. */
const KILL_GRACE_MS = 1000;

/** How long output may trail behind the end of the shell, e.g. that of a process left in the background. */
const DRAIN_MS = 250;

/**
 * Run a shell command in the project's folder, with the event on its stdin and in its environment. A hook has
 * ended when its shell has; one that outlives its time is killed with every process of its group.
 */
export async function runCommand(command: string, call: HookCall): Promise<HookEnd> {
  const child = start(command, call);
  if ("error" in child) return child;
  const closed = once(child, "close").catch(() => undefined);
  const quoted: string[] = [];
  onLines(child.stdout, call.say);
  onLines(child.stderr, (line) => {
    call.say(line);
    quoted.push(line);
    if (quoted.length > QUOTED_LINES) quoted.shift();
  });
  child.stdin.on("error", () => undefined); // a hook need not read its event
  child.stdin.end(`${JSON.stringify(call.event)}\n`);
  const ended = await inTime<HookEnd>(endOf(child), call);
  if ("missed" in ended) await stop(child, closed);
  await inTime(closed, { timeoutMs: DRAIN_MS });
  for (const stream of [child.stdout, child.stderr]) stream.destroy();
  const end = "missed" in ended ? { error: missedText(ended.missed, call) } : ended.value;
  const last = quoted.findLast((line) => line.trim() !== "");
  const error = end.error !== undefined && last !== undefined ? `${end.error}: ${last.trim()}` : end.error;
  return { ...end, ...(error !== undefined && { error }), stderr: quoted.join("\n") };
}

/** In a process group of its own where there are such groups. */
function start(command: string, { event, projectDir, environment }: HookCall) {
  try {
    return spawn(command, {
      shell: true,
      cwd: projectDir,
      env: variablesFor(event, environment),
      detached: hasGroups(),
      windowsHide: true,
    });
  } catch (error) {
    // Not its message, which may quote the command.
    return { error: `cannot be started (${String(Reflect.get(Object(error), "code"))})` };
  }
}

const hasGroups = (): boolean => currentHost().platform !== "win32";

const missedText = (missed: "timeout" | "abort", { timeoutMs }: HookCall): string =>
  missed === "timeout" ? `was killed after ${timeoutMs} ms` : "was killed, because the run was interrupted";

/** Names of an outer run are taken out, so that a hook that calls the tool again is not misled. */
function variablesFor(event: HookEvent, environment: HookCall["environment"]): Record<string, string> {
  const all = {
    ...environment,
    CONFITURE_HOOK_POINT: event.point,
    CONFITURE_DIRECTION: event.direction,
    CONFITURE_DATABASE: event.database,
    CONFITURE_VERSION: event.migration?.version,
    CONFITURE_NAME: event.migration?.name,
    CONFITURE_DRY_RUN: event.dry_run ? "1" : undefined,
    CONFITURE_HOOK_TEST: event.test ? "1" : undefined,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

const onLines = (stream: Readable, take: (line: string) => void): void =>
  void createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on("line", take);

const endOf = (child: ChildProcess): Promise<HookEnd> =>
  new Promise((resolve) => {
    child.once("error", (error) => resolve({ error: `cannot be started: ${error.message}` }));
    child.once("exit", (code, signal) => {
      if (code === 0) resolve({});
      else if (code === null) resolve({ error: `was ended by ${signal}` });
      else resolve({ error: `ended with exit code ${code}`, exitCode: code });
    });
  });

/** End the group, politely first. */
async function stop(child: ChildProcess, closed: Promise<unknown>): Promise<void> {
  signalAll(child, "SIGTERM");
  await inTime(closed, { timeoutMs: KILL_GRACE_MS });
  signalAll(child, "SIGKILL");
}

function signalAll(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  if (!hasGroups()) return void child.kill(signal);
  try {
    currentHost().kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}
