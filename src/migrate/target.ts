import type { Log } from "../base/log.ts";
import type { HooksConfig } from "./hooks/hook.ts";
import type { NotificationsConfig } from "./notifications/notification.ts";

/** The database a migration command works on, and where its migrations lie. */
export interface Target {
  readonly url: string;
  /** The environment of the process, for PGPASSWORD and its like. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Ledger table, `name` or `schema.name`. */
  readonly trackingTable: string;
  readonly migrationsDir: string;
  readonly log: Log;
  /** The process at work, for those who find the migration lock taken; unknown where absent. */
  readonly client?: { readonly pid: number; readonly hostname: string } | undefined;
  /** Sessions in which the server refuses every write; for what only reads. */
  readonly readOnly?: boolean | undefined;
  /** Once aborted, what runs is cancelled and rolled back, and the run ends with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** What the config file says of the migration lock; options of a run overrule it. */
  readonly locking?: { readonly enabled: boolean; readonly timeoutMs: number } | undefined;
  /** Refuse `.sql` files that are no migration. */
  readonly strict?: boolean | undefined;
  /** Whether `migrations.sum` must match the files; where absent, whether there is one. */
  readonly linear?: boolean | undefined;
  /** When view helpers are installed; auto where absent. */
  readonly viewHelpers?: "auto" | "manual" | "off" | undefined;
  /** How long the statements of a migration may wait and run. */
  readonly limits?: Limits | undefined;
  /** Directory of the repeatable files; none are looked for where it is absent. */
  readonly repeatableDir?: string | undefined;
  readonly hooks?: HooksConfig | undefined;
  readonly notifications?: NotificationsConfig | undefined;
  /** Where hooks run; the current folder by default. */
  readonly projectDir?: string | undefined;
}

/** PostgreSQL's timeouts for the statements of a migration, and how often a lost race for a lock is run again. */
export interface Limits {
  /** `lock_timeout`; default 5,000, and 0 waits for ever. */
  readonly lockTimeoutMs?: number | undefined;
  /** How often a migration that ran into `lock_timeout` is tried again; default 10. */
  readonly lockRetries?: number | undefined;
  /** `statement_timeout`; the server's own default where absent. */
  readonly statementTimeoutMs?: number | undefined;
}
