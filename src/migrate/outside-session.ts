import type { Connection } from "../pg/connection.ts";
import { statementFacts } from "../sql/facts.ts";
import type { Node } from "../sql/node.ts";
import type { Script, Statement } from "../sql/script.ts";
import { settingsChangedBy } from "../sql/session-settings.ts";
import { ident, literal, sql } from "../sql/tag.ts";
import { type Job, type JobContext, RESET } from "./job.ts";

/** A session that runs the statements of a migration one by one. */
export interface OutsideSession {
  readonly db: Connection;
  readonly job: Job & { readonly body: { readonly script: Script } };
  readonly statements: readonly Statement[];
  readonly lockTimeoutMs: number;
  readonly context: JobContext;
}

/** What gives the session the role it began with. */
export const OURS = sql.raw(RESET.join("; "));

/** The settings, role and SET statements that held when the statement `done` was reached. */
export async function restoreSession(
  { db, job, statements, lockTimeoutMs, context }: OutsideSession,
  done: number,
): Promise<void> {
  const { statementTimeoutMs } = context.limits ?? {};
  await db.run(sql.raw(`set lock_timeout = ${lockTimeoutMs}`));
  if (statementTimeoutMs !== undefined)
    await db.run(sql.raw(`set statement_timeout = ${statementTimeoutMs}`));
  if (job.body.directives.runAs !== undefined) {
    await db.run(sql.raw(`set role ${ident(job.body.directives.runAs)}`));
  }
  for (const { text } of statements.slice(0, done).filter(setsSession)) await db.run(sql.raw(text));
}

const setsSession = (statement: Statement): boolean =>
  statement.kind === "VariableSetStmt"
    ? (statement.node as Node)["is_local"] !== true
    : onlyConfigures(statement);

/** A SELECT of set_config and nothing else, as pg_dump writes it. */
const onlyConfigures = (statement: Statement): boolean =>
  statement.kind === "SelectStmt" &&
  settingsChangedBy(statement).length > 0 &&
  statementFacts(statement).uses.every(({ type, name }) => type === "function" && name === "set_config");

const setsRole = (statement: Statement): boolean =>
  setsSession(statement) &&
  ["role", "session_authorization"].includes(String((statement.node as Node)["name"]));

/** What gives the session the role it has behind the first `done` statements; empty when it never changed. */
export function roleAt({ job, statements }: OutsideSession, done: number): string {
  const { runAs } = job.body.directives;
  const texts = statements
    .slice(0, done)
    .filter(setsRole)
    .map(({ text }) => text);
  return [...(runAs === undefined ? [] : [`set role ${ident(runAs)}`]), ...texts].join("; ");
}

/** The timeout afterwards is the one before: the file may have set its own. */
export async function withoutLockTimeout<T>({ db }: OutsideSession, work: () => Promise<T>): Promise<T> {
  const [before] = await db.rows<{ ms: string }>(sql`select current_setting('lock_timeout') as ms`);
  await db.run(sql`set lock_timeout = 0`);
  try {
    return await work();
  } finally {
    if (db.isOpen) await db.run(sql.raw(`set lock_timeout = ${literal(before!.ms)}`));
  }
}
