import { ConfitureError } from "../../base/errors.ts";
import type { Connection } from "../../pg/connection.ts";
import { ident, sql } from "../../sql/tag.ts";
import { beginningOf } from "../../sql/statement-text.ts";
import { guardStatements, ledgerStatements, type Job, type JobContext, RESET } from "../job.ts";
import { hooksAround } from "../hooks/job-hooks.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { lockTimeoutOf } from "../lock/lock-retry.ts";
import type { ModuleMigration } from "./module-migration.ts";
import { requirePreconditions } from "../preconditions/preconditions.ts";
import { runModule } from "./run-module.ts";

/**
 * Run a module outside a transaction; the ledger row follows when it is through. Nobody can know where in its code a
 * failed one stopped, so the next run begins it anew. Throws MIGR_110 with the statements that are done.
 */
export async function runModuleOutside(
  db: Connection,
  ledger: Ledger,
  job: Job & { readonly body: { readonly module: ModuleMigration } },
  context: JobContext,
): Promise<number> {
  const { body, migration } = job;
  const started = performance.now();
  const hooked = hooksAround(db, job, context);
  const guards = guardStatements(context.guard);
  for (const statement of guards) await db.run(sql.raw(statement));
  await hooked("before_migration");
  await requirePreconditions(db, body.preconditions, { migration: migration.version, file: body.file });
  await applySettings(db, job, context);
  const done: string[] = [];
  try {
    const { rowsAffected } = await runModule(db, body.module, body.direction, {
      onStatement: (statement) => done.push(beginningOf(statement, 200)),
    });
    await hooked("after_migration");
    await db.run(sql.raw(RESET.join("; ")));
    const took = Math.round(performance.now() - started);
    for (const statement of [...guards, ...ledgerStatements(ledger, job, took)])
      await db.run(sql.raw(statement));
    return rowsAffected;
  } catch (error) {
    if (!(error instanceof ConfitureError) || done.length === 0) throw error;
    const code = error.code === "MIGR_001" ? "MIGR_110" : error.code;
    throw new ConfitureError(
      code,
      `${error.message} (${done.length} statements before it are done and stay)`,
      {
        ...error.context,
        details: { ...error.context.details, statements_done: done },
        actionable:
          "Make the module such that it can run again over what is done, then run the command again.",
        cause: error,
      },
    );
  }
}

async function applySettings(db: Connection, { body }: Job, { limits }: JobContext): Promise<void> {
  const { lockTimeoutMs, runAs } = body.directives;
  await db.run(sql.raw(`set lock_timeout = ${lockTimeoutMs ?? lockTimeoutOf(limits)}`));
  const { statementTimeoutMs } = limits ?? {};
  if (statementTimeoutMs !== undefined)
    await db.run(sql.raw(`set statement_timeout = ${statementTimeoutMs}`));
  if (runAs !== undefined) await db.run(sql.raw(`set role ${ident(runAs)}`));
}
