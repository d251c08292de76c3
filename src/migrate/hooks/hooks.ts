import { randomUUID } from "node:crypto";
import { ConfitureError } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { redactWithin } from "../../pg/dsn.ts";
import {
  type Failure,
  type Hook,
  type HookCall,
  type HookDatabase,
  type HookEnd,
  type HookEvent,
  type HookOutcome,
  type HookPoint,
  type HooksConfig,
  type MigrationName,
} from "./hook.ts";

export interface HooksOptions {
  readonly projectDir: string;
  /** What commands find in their environment, beside what the event adds. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  readonly direction: "up" | "down";
  /** What is done will be rolled back: the points after a commit are never reached. */
  readonly dryRun?: boolean | undefined;
  /** As `describeTarget` says it. */
  readonly database: string;
  /** The events are samples. */
  readonly test?: boolean | undefined;
}

/** What is known at one point beside the run's own facts. */
export interface HookFacts {
  readonly migration?: MigrationName | undefined;
  readonly applied?: readonly MigrationName[] | undefined;
  readonly error?: Failure | null | undefined;
  readonly durationMs?: number | undefined;
}

/** The hooks of one run. */
export interface Hooks {
  /** Every hook that ran so far. */
  readonly outcomes: readonly HookOutcome[];
  /** Whether anything would run there; false costs nothing. */
  has(point: HookPoint): boolean;
  /**
   * Run the hooks of a point one after the other. One that fails is warned of, or, where it says `abort`, ends
   * the run: HOOK_1100 before the work, HOOK_1101 after it. With `facts.error` nothing is thrown, as the run's
   * own error is the one to tell. `db` is the migration's connection inside its transaction; to be given wherever
   * there is one, as it says what a failure undoes.
   */
  fire(point: HookPoint, facts?: HookFacts, db?: HookDatabase): Promise<HookOutcome[]>;
}

/** Open the hooks of a run; nothing runs, and nothing is loaded, before the first `fire` with something to run. */
export function openHooks(config: HooksConfig | undefined, options: HooksOptions): Hooks {
  const outcomes: HookOutcome[] = [];
  const executionId = randomUUID();
  const at = (point: HookPoint): readonly Hook[] =>
    options.dryRun && isAfterCommit(point) ? [] : (config?.[point] ?? []);
  return {
    outcomes,
    has: (point) => at(point).length > 0,
    async fire(point, facts = {}, db) {
      const fired: HookOutcome[] = [];
      for (const [index, hook] of at(point).entries()) {
        const event = eventOf(point, { facts, options, executionId });
        const label = hookLabel(point, index, hook);
        const lent = isAfterCommit(point) ? undefined : db;
        const { end, outcome } = await runOne(hook, { label, event, options, db: lent });
        outcomes.push(outcome);
        fired.push(outcome);
        judge(end, { hook, label, facts, event, options, isInside: lent !== undefined });
      }
      return fired;
    },
  };
}

const isAfterCommit = (point: HookPoint): boolean => point.endsWith("_commit");

/** The hook's key in the config file and the word it begins with; the rest of a command may hold secrets. */
export function hookLabel(point: HookPoint, index: number, hook: Hook): string {
  const word = "module" in hook ? hook.module : /^[\w./~+-]+(?=\s|$)/.exec(hook.command)?.[0];
  return `hooks.${point}[${index}]${word === undefined ? "" : ` (${word})`}`;
}

interface Occasion {
  readonly facts: HookFacts;
  readonly options: HooksOptions;
  readonly executionId: string;
}

const eventOf = (point: HookPoint, { facts, options, executionId }: Occasion): HookEvent => ({
  point,
  execution_id: executionId,
  timestamp: new Date().toISOString(),
  direction: options.direction,
  dry_run: options.dryRun ?? false,
  database: options.database,
  migration: facts.migration ? nameOf(facts.migration) : null,
  applied: (facts.applied ?? []).map(nameOf),
  error: facts.error ?? null,
  duration_ms: facts.durationMs ?? null,
  ...(options.test && { test: true as const }),
});

/** Callers hand in results, which know more than a hook is promised. */
const nameOf = ({ version, name }: MigrationName): MigrationName => ({ version, name });

interface Turn {
  readonly label: string;
  readonly event: HookEvent;
  readonly options: HooksOptions;
  readonly db: HookDatabase | undefined;
}

async function runOne(hook: Hook, { label, event, options, db }: Turn) {
  const started = performance.now();
  const { projectDir, environment, signal, log } = options;
  const say = (line: string) => log.info(`${label} | ${redactWithin(line)}`);
  const call = { event, projectDir, environment, timeoutMs: hook.timeoutMs, signal, db, say };
  const end = signal?.aborted
    ? { error: "was not run, because the run was interrupted" }
    : masked(await run(hook, call));
  const duration = Math.round(performance.now() - started);
  const { point } = event;
  const { error = null } = end;
  const outcome: HookOutcome = { point, hook: label, ok: error === null, duration_ms: duration, error };
  if (outcome.ok) log.info(`${label} done (${duration} ms)`);
  return { end, outcome };
}

async function run(hook: Hook, call: HookCall): Promise<HookEnd> {
  if ("command" in hook) return (await import("./hook-command.ts")).runCommand(hook.command, call);
  const { runModule } = await import("./hook-module.ts");
  if (call.db === undefined || hook.onError === "abort") return runModule(hook.module, call);
  return inSavepoint(call.db, () => runModule(hook.module, call));
}

/** A statement that fails would take the migration along; a hook that may fail must not. */
async function inSavepoint(db: HookDatabase, work: () => Promise<HookEnd>): Promise<HookEnd> {
  await db.execute("savepoint confiture_hook");
  const end = await work();
  if (end.error !== undefined) await db.execute("rollback to savepoint confiture_hook");
  await db.execute("release savepoint confiture_hook");
  return end;
}

const masked = ({ error, stderr, ...end }: HookEnd): HookEnd => ({
  ...end,
  ...(error !== undefined && { error: redactWithin(error) }),
  ...(stderr !== undefined && { stderr: redactWithin(stderr) }),
});

interface Verdict {
  readonly hook: Hook;
  readonly label: string;
  readonly facts: HookFacts;
  readonly event: HookEvent;
  readonly options: HooksOptions;
  readonly isInside: boolean;
}

function judge(end: HookEnd, { hook, label, facts, event, options, isInside }: Verdict): void {
  if (end.error === undefined) return;
  const { point } = event;
  const mayThrow = !facts.error && !isAfterCommit(point);
  if (mayThrow) options.signal?.throwIfAborted();
  if (hook.onError === "warn" || !mayThrow) return options.log.warn(`${label} ${end.error}`);
  const isBefore = point === "before_run" || point === "before_migration";
  throw new ConfitureError(
    isBefore ? "HOOK_1100" : "HOOK_1101",
    `${label} ${end.error}; ${consequence(event, isInside)}`,
    {
      migration: facts.migration?.version,
      details: {
        point,
        hook: label,
        exit_code: end.exitCode ?? null,
        error: end.error,
        stderr: end.stderr ?? "",
      },
    },
  );
}

/** What a failure leaves behind. */
function consequence(event: HookEvent, isInside: boolean): string {
  const { point, migration, applied, direction } = event;
  const which = `migration ${migration?.version}`;
  if (point === "before_run") return "nothing was run";
  if (point === "before_migration") return `${which} was not run`;
  if (event.dry_run) return "nothing of this dry run stays";
  if (point === "after_migration") {
    return isInside ? `${which} is undone` : `${which} is no single transaction, and what it did stays`;
  }
  const done = direction === "up" ? "applied" : "rolled back";
  return `the ${applied.length} migration(s) of this run stay ${done}`;
}
