import type { Connection } from "../pg/connection.ts";
import { statementFacts } from "../sql/facts.ts";
import type { Script } from "../sql/script.ts";
import { identSql, sql } from "../sql/tag.ts";

/** Statements about roles, which belong to the server and not to the database. */
const ABOUT_ROLES: ReadonlySet<string> = new Set([
  "CreateRoleStmt",
  "AlterRoleStmt",
  "AlterRoleSetStmt",
  "DropRoleStmt",
  "GrantRoleStmt",
]);

/**
 * Make scripts runnable on a scratch server of our own: every role they name is created there
 * (without login), and their own statements about roles are left out.
 */
export async function withRoles(db: Connection, scripts: readonly Script[]): Promise<Script[]> {
  await makeRoles(db, new Set(scripts.flatMap((script) => script.statements.flatMap(rolesOf))));
  return scripts.map((script) => ({
    ...script,
    statements: script.statements.filter((statement) => !ABOUT_ROLES.has(statement.kind)),
  }));
}

/** Create those roles that are not there, without login, on a scratch server of our own. */
export async function makeRoles(db: Connection, names: Iterable<string>): Promise<void> {
  const missing = new Set(names);
  const rows = await db.rows<{ rolname: string }>(sql`select rolname from pg_catalog.pg_roles`);
  for (const { rolname } of rows) missing.delete(rolname);
  for (const role of missing) {
    await db.run(
      sql`do ${sql.raw(quoteBody(`begin create role ${identSql(role).text}; exception when duplicate_object or unique_violation then null; end`))}`,
    );
  }
}

const quoteBody = (body: string) => `$confiture$${body}$confiture$`;

const rolesOf = (statement: Script["statements"][number]): string[] => {
  const { uses, defines } = statementFacts(statement);
  return [...uses, ...defines].filter((object) => object.type === "role").map((object) => object.name);
};
