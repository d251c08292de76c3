import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import type { Ran } from "./job.ts";
import type { MigrationFile } from "./files.ts";
import type { Guard } from "./guard.ts";
import type { Hooks } from "./hooks/hooks.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { MigrationLock } from "./lock/lock.ts";
import type { MigrationBody } from "./migration.ts";
import type { Target } from "./target.ts";
import type { Prepared } from "./up-plan.ts";
import { viewHelpersNeeded } from "./view-helpers/view-helpers-needed.ts";
import type { UpResult } from "./up.ts";

/** Everything one run of `up` works with, once it holds the lock. */
export interface Run {
  readonly target: Target;
  readonly db: Connection;
  readonly ledger: Ledger;
  readonly lock: MigrationLock;
  readonly runHooks: Hooks;
  readonly guard: Guard | undefined;
  /** Grows as migrations are through. */
  readonly applied: Ran[];
}

export const needsSuperuser = ({ directives }: MigrationBody): boolean => directives.requiresSuperuser;

export const isSuperuser = async (db: Connection): Promise<boolean> =>
  (await db.rows(sql`select from pg_catalog.pg_roles where rolname = current_user and rolsuper`)).length > 0;

/** Migrations of a project that relies on the view helpers find them installed. */
export async function ensureHelpersFor(
  { db, target }: Pick<Run, "db" | "target">,
  prepared: readonly Prepared[],
): Promise<void> {
  const scripts = prepared.flatMap(([, body]) => (body.script ? [body.script] : []));
  if ((target.viewHelpers ?? "auto") !== "auto" || !viewHelpersNeeded(scripts)) return;
  const { ensureViewHelpers } = await import("./view-helpers/view-helpers.ts");
  if (await ensureViewHelpers(db)) target.log.info("installed the view helpers in schema confiture");
}

/** The result of a run that stops before a migration that needs a superuser. */
export const haltedBefore = ({ version, name }: MigrationFile): Partial<UpResult> => ({
  success: false,
  skipped_superuser: [
    {
      version,
      name,
      reason: `needs a superuser, and this role is none; run: confiture migrate apply-as <role> ${version}`,
    },
  ],
});

/** The error with what this run had applied before it, and what it did not get to. */
export function partly(error: unknown, applied: readonly Ran[], prepared: readonly Prepared[]): unknown {
  if (!(error instanceof ConfitureError)) return error;
  const done = new Set(applied.map(({ version }) => version));
  const pending = prepared.map(([{ version }]) => version).filter((version) => !done.has(version));
  return error.with({ details: { applied: [...applied], pending } });
}
