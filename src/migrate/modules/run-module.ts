import { ConfitureError } from "../../base/errors.ts";
import type { Connection } from "../../pg/connection.ts";
import type { Statement } from "../../sql/script.ts";
import type { LostCall } from "./awaited-calls.ts";
import { migrationClient } from "./migration-client.ts";
import type { ModuleMigration } from "./module-migration.ts";
import { lineIn } from "./module-stack.ts";

export interface RunModuleOptions {
  /** Everything is rolled back afterwards; a migration that runs outside a transaction is refused. */
  readonly dryRun?: boolean | undefined;
  /** Called after each statement that is done, in order. */
  readonly onStatement?: ((statement: Statement) => void) | undefined;
}

/**
 * Run one direction of a module migration, in the open transaction or, when it is not transactional, outside of one.
 * Throws MIGR_001, MIGR_107, MIGR_108 or CONFIG_006 with file and line, ROLLBACK_600 when there is no way back,
 * and MIGR_001 for a call that nobody waited for or whose failure was passed over.
 */
export async function runModule(
  db: Connection,
  module: ModuleMigration,
  direction: "up" | "down",
  options: RunModuleOptions = {},
): Promise<{ readonly rowsAffected: number }> {
  const { file, transactional } = module;
  const work = module[direction];
  if (work === undefined) throw new ConfitureError("ROLLBACK_600", `${file} has no down()`, { file });
  requireItsTransaction(db, module, options.dryRun ?? false);
  const session = migrationClient(db, { ...options, file, transactional });
  const place: Place = { file, call: `${direction}()` };
  try {
    await work(session.client);
  } catch (error) {
    await session.close(true);
    db.throwIfAborted();
    throw thrownBy(error, place);
  }
  const lost = await session.close(false);
  db.throwIfAborted();
  if (lost !== undefined) throw notAwaited(lost, place);
  if (db.transactionStatus === (transactional ? "T" : "I")) return { rowsAffected: session.rowsAffected() };
  throw passedOver(session.errors(), place);
}

interface Place {
  readonly file: string;
  readonly call: string;
}

function requireItsTransaction(
  db: Connection,
  { file, transactional }: ModuleMigration,
  dryRun: boolean,
): void {
  const isInside = db.transactionStatus !== "I";
  if (!transactional && (dryRun || isInside)) {
    throw new ConfitureError("MIGR_001", `${file} runs outside a transaction, so it cannot be rolled back`, {
      file,
      actionable: "Rehearse it on a database that may be changed.",
    });
  }
  if (transactional && !isInside) {
    throw new ConfitureError("INTERNAL_ERROR", `${file} was to be run without its transaction`, { file });
  }
}

/** An error of the module's own code becomes the migration's failure. */
function thrownBy(error: unknown, { file, call }: Place): ConfitureError {
  if (error instanceof ConfitureError) return error.with({ file });
  const message = error instanceof Error ? error.message : String(error);
  const line = error instanceof Error ? lineIn(error.stack, file) : undefined;
  return new ConfitureError("MIGR_001", `${call} of ${file} threw: ${message}`, {
    file,
    line,
    actionable: "Correct the module and run the command again.",
    cause: error,
  });
}

function notAwaited({ call: { site }, error }: LostCall, { file, call }: Place): ConfitureError {
  const why = error instanceof Error ? `, and failed: ${error.message}` : "";
  return new ConfitureError("MIGR_001", `a statement was not awaited by ${call} of ${file}${why}`, {
    file,
    line: lineIn(site.stack, file),
    actionable: "Write `await` before the call.",
    cause: error,
  });
}

/** What the server answers to every statement behind the one that failed. */
const ABORTED = "25P02";

function passedOver(errors: readonly unknown[], { file, call }: Place): ConfitureError {
  const told = errors.filter((error) => error instanceof ConfitureError);
  const error = told.findLast(({ context }) => context.details?.["sqlstate"] !== ABORTED) ?? told.at(-1);
  const message = error?.message ?? "the transaction is aborted";
  return new ConfitureError("MIGR_001", `${call} of ${file} went on after a failed statement: ${message}`, {
    file,
    ...error?.context,
    actionable: "Let the error through, or put what may fail into `db.savepoint(…)`: without it all is lost.",
    cause: error,
  });
}
