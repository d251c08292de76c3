import type { Log } from "../base/log.ts";

/** The database a migration command works on, and where its migrations lie. */
export interface Target {
  readonly url: string;
  /** The environment of the process, for PGPASSWORD and its like. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Ledger table, `name` or `schema.name`. */
  readonly trackingTable: string;
  readonly migrationsDir: string;
  readonly log: Log;
  /** Once aborted, what runs is cancelled and rolled back, and the run ends with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** What the config file says of the migration lock; options of a run overrule it. */
  readonly locking?: { readonly enabled: boolean; readonly timeoutMs: number } | undefined;
  /** Refuse `.sql` files that are no migration. */
  readonly strict?: boolean | undefined;
  /** When view helpers are installed; auto where absent. */
  readonly viewHelpers?: "auto" | "manual" | "off" | undefined;
  /** PostgreSQL's timeouts for the statements of a migration; its own defaults where absent. */
  readonly lockTimeoutMs?: number | undefined;
  readonly statementTimeoutMs?: number | undefined;
}
