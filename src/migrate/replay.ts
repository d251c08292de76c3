import { ConfitureError } from "../base/errors.ts";
import { type Issue, issueOf } from "../base/issue.ts";
import type { Connection } from "../pg/connection.ts";
import { runScript } from "../pg/run-script.ts";
import { ident, sql } from "../sql/tag.ts";
import { statementFacts } from "../sql/facts.ts";
import type { Script, Statement } from "../sql/script.ts";
import { beginningOf } from "../sql/statement-text.ts";
import { withoutConcurrently } from "../sql/without-concurrently.ts";
import type { MigrationFile } from "./files.ts";
import { fireDeferred } from "./fire-deferred.ts";
import { RESET } from "./job.ts";
import { readBody } from "./migration.ts";
import { runModule } from "./modules/run-module.ts";

/** How one migration fared in a rehearsal. */
export interface Replayed {
  readonly version: string;
  readonly name: string;
  readonly success: boolean;
  readonly duration_ms: number;
  /** What was done otherwise than a real run would, e.g. a plain CREATE INDEX instead of a concurrent one. */
  readonly notes: readonly string[];
  readonly issue: Issue | null;
}

/**
 * Run migrations one on top of the other inside the transaction that is open, each in a savepoint;
 * a failing one is undone and the next is tried, so that one pass finds every failure.
 * What cannot run in a transaction is replayed in the form that can, and noted.
 */
export async function replay(db: Connection, migrations: readonly MigrationFile[]): Promise<Replayed[]> {
  const replayed: Replayed[] = [];
  for (const migration of migrations) replayed.push(await replayOne(db, migration));
  return replayed;
}

async function replayOne(db: Connection, migration: MigrationFile): Promise<Replayed> {
  const { version, name } = migration;
  const started = performance.now();
  const took = () => Math.round(performance.now() - started);
  const savepoint = sql.raw(ident(`sp_${version}`));
  await db.run(sql`savepoint ${savepoint}`);
  try {
    const body = await readBody(migration, "up");
    if (!body.script && !body.transactional) {
      await db.run(sql`release savepoint ${savepoint}`);
      const notes = [`${body.file} runs outside a transaction: not replayed`];
      return { version, name, success: true, duration_ms: took(), notes, issue: null };
    }
    const notes: string[] = [];
    if (body.directives.runAs !== undefined)
      await db.run(sql.raw(`set local role ${ident(body.directives.runAs)}`));
    if (body.script) {
      const statements = await inTransaction(body.script, notes);
      await runScript(db, { ...body.script, statements }, { code: "MIGR_001" });
    } else await runModule(db, body.module, "up", { dryRun: true });
    await db.run(sql.raw([...RESET, "reset all"].join("; ")));
    await fireDeferred(db);
    await db.run(sql`release savepoint ${savepoint}`);
    return { version, name, success: true, duration_ms: took(), notes, issue: null };
  } catch (error) {
    if (!(error instanceof ConfitureError) || !db.isOpen) throw error;
    await db.run(sql`rollback to savepoint ${savepoint}`);
    return failed(migration, error, took());
  }
}

/** A migration that did not go through, and why. */
export function failed(
  { version, name }: Pick<MigrationFile, "version" | "name">,
  error: ConfitureError,
  durationMs: number,
): Replayed {
  const issue = issueOf(error.with({ migration: version }));
  const details: Record<string, unknown> = { ...issue.details, error_code: error.code };
  // 55P04: up commits between migrations and would get through; here nobody can know.
  const actionable =
    details["sqlstate"] === "55P04"
      ? "`up` commits before this one; rehearse without --against, or let --allow-non-transactional use the copy up."
      : issue.actionable;
  return {
    version,
    name,
    success: false,
    duration_ms: durationMs,
    notes: [],
    issue: { ...issue, code: "PFLIGHT_REPLAY_FAILED", actionable, details },
  };
}

/** The statements in a form that can run inside a transaction; what that changed is noted. */
async function inTransaction(script: Script, notes: string[]): Promise<Statement[]> {
  const statements: Statement[] = [];
  for (const statement of script.statements) {
    const outside = statementFacts(statement).transactional === false;
    const runnable = outside ? await withoutConcurrently(statement) : statement;
    if (runnable) statements.push(runnable);
    if (outside) {
      notes.push(
        `${beginningOf(statement, 60)}: ${runnable ? "replayed without CONCURRENTLY" : "not replayed"}`,
      );
    }
  }
  return statements;
}
