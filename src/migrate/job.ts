import { ident } from "../sql/tag.ts";
import type { Guard } from "./guard.ts";
import type { MigrationFile } from "./files.ts";
import type { Hooks } from "./hooks/hooks.ts";
import { deleteRows, insertRow, type Ledger } from "./ledger/ledger.ts";
import { lockTimeoutOf } from "./lock/lock-retry.ts";
import type { MigrationBody } from "./migration.ts";
import type { Limits, Target } from "./target.ts";

/** One migration that ran. */
export interface Ran {
  readonly version: string;
  readonly name: string;
  readonly duration_ms: number;
  readonly rows_affected: number;
}

/** A migration, its body in the wanted direction, and what happens to its ledger row. */
export interface Job {
  readonly migration: MigrationFile;
  readonly body: MigrationBody;
  readonly ledgerRow: "insert" | "delete" | "keep";
  /** Versions that a squash stands for: their rows go with its own. */
  readonly squashes?: readonly string[] | undefined;
}

/** What a job takes from the run it belongs to. */
export interface JobContext extends Partial<
  Pick<Target, "environment" | "limits" | "log" | "signal" | "url">
> {
  /** The run's hooks; none on a rehearsal. */
  readonly runHooks?: Hooks | undefined;
  /** What must hold in each transaction. */
  readonly guard?: Guard | undefined;
  /** What the run had done before this job. */
  readonly done?: readonly Ran[] | undefined;
}

/** Statements that give the session its own role again, in which our records are written. */
export const RESET = ["reset session authorization", "reset role"] as const;

/** What a job does to the ledger, behind the migration's own statements; `executionMs` where no transaction tells. */
export function ledgerStatements(
  ledger: Ledger,
  { migration, body, ledgerRow, squashes }: Job,
  executionMs?: number,
): string[] {
  const { version, name } = migration;
  if (ledgerRow === "insert") {
    return [insertRow(ledger, { version, name, checksum: body.checksum, reason: "applied", executionMs })];
  }
  return ledgerRow === "delete" ? [deleteRows(ledger, [version, ...(squashes ?? [])])] : [];
}

/** What stands before a migration in its transaction: settings and the guard, as statements, and the lock timeout among them. */
export function limitsOf(
  { directives }: MigrationBody,
  { limits, guard }: JobContext,
): { readonly statements: readonly string[]; readonly lockTimeoutMs: number } {
  const lockTimeoutMs = directives.lockTimeoutMs ?? lockTimeoutOf(limits);
  const role = directives.runAs === undefined ? [] : [`set local role ${ident(directives.runAs)}`];
  const settings = limitStatements({ ...limits, lockTimeoutMs });
  return { statements: [...settings, ...guardStatements(guard), ...role], lockTimeoutMs };
}

/** What refuses the rest of a transaction, if anything may. */
export const guardStatements = (guard: Guard | undefined): string[] =>
  guard === undefined ? [] : [guard.statement];

/** PostgreSQL's timeouts for the rest of a transaction. */
export const limitStatements = (limits: Limits | undefined): string[] => [
  `set local lock_timeout = ${lockTimeoutOf(limits)}`,
  ...(limits?.statementTimeoutMs === undefined
    ? []
    : [`set local statement_timeout = ${limits.statementTimeoutMs}`]),
];
