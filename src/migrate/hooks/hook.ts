import * as z from "zod";

/** Where a run stops for its hooks, in the order in which they come. */
export const HOOK_POINTS = [
  "before_run",
  "before_migration",
  "after_migration",
  "after_migration_commit",
  "after_run",
  "after_run_commit",
] as const;

export type HookPoint = (typeof HOOK_POINTS)[number];

/** What is run at a point, and what its failure does. */
export type Hook = ({ readonly command: string } | { readonly module: string }) & {
  /** `abort` acts at the points before a commit only. */
  readonly onError: "abort" | "warn";
  readonly timeoutMs: number;
};

export type HooksConfig = Readonly<Partial<Record<HookPoint, readonly Hook[]>>>;

/** A migration, as hooks and notifications know it. */
export interface MigrationName {
  readonly version: string;
  readonly name: string;
}

/** Why a run or a migration failed. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** What every hook is told, a command as one JSON document on stdin. */
export interface HookEvent {
  readonly point: HookPoint;
  /** The same for all events of one run. */
  readonly execution_id: string;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  readonly direction: "up" | "down";
  /** What is done will be rolled back. */
  readonly dry_run: boolean;
  /** `user@host:port/database`. */
  readonly database: string;
  /** Null at the points of a run. */
  readonly migration: MigrationName | null;
  /** What this run has done so far: applied, or with direction `down` rolled back. */
  readonly applied: readonly MigrationName[];
  /** Why the run failed, at the points after it. */
  readonly error: Failure | null;
  /** Of the migration or of the run, at the points after it. */
  readonly duration_ms: number | null;
  /** Made by `hooks test`; absent otherwise. */
  readonly test?: true;
}

/** The connection of a migration, inside its transaction. */
export interface HookDatabase {
  execute(statement: string, parameters?: readonly unknown[]): Promise<unknown>;
  query(statement: string, parameters?: readonly unknown[]): Promise<readonly unknown[]>;
}

export interface HookContext {
  /** At `before_migration` and `after_migration` of a migration that is one transaction. */
  readonly db: HookDatabase | undefined;
  /** Aborted when the hook's time is over; what it does afterwards is ignored. */
  readonly signal: AbortSignal;
}

/** What a module exports as default or as `hook`; failing means throwing. */
export type HookFunction = (event: HookEvent, context: HookContext) => unknown;

/** One hook that ran, as results list it. */
export const hookOutcomeSchema = z.object({
  point: z.enum(HOOK_POINTS),
  hook: z.string().describe("Its key in the config file, and what it runs"),
  ok: z.boolean(),
  duration_ms: z.int(),
  error: z.string().nullable(),
});

export type HookOutcome = z.infer<typeof hookOutcomeSchema>;

/** What a hook needs in order to run. */
export interface HookCall {
  readonly event: HookEvent;
  readonly projectDir: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly db: HookDatabase | undefined;
  /** Takes what the hook prints, line by line. */
  readonly say: (line: string) => void;
}

/** How a hook ended; without an error it did what it should. */
export interface HookEnd {
  /** The rest of a sentence that begins with the hook. */
  readonly error?: string;
  readonly exitCode?: number | undefined;
  /** The last lines a command wrote to stderr. */
  readonly stderr?: string;
}
