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
  const named = new Set(scripts.flatMap((script) => script.statements.flatMap(rolesOf)));
  const rows = await db.rows<{ rolname: string }>(sql`select rolname from pg_catalog.pg_roles`);
  for (const { rolname } of rows) named.delete(rolname);
  for (const role of named) {
    await db.run(
      sql`do ${sql.raw(quoteBody(`begin create role ${identSql(role).text}; exception when duplicate_object or unique_violation then null; end`))}`,
    );
  }
  return scripts.map((script) => ({
    ...script,
    statements: script.statements.filter((statement) => !ABOUT_ROLES.has(statement.kind)),
  }));
}

const quoteBody = (body: string) => `$confiture$${body}$confiture$`;

const rolesOf = (statement: Script["statements"][number]): string[] => {
  const { uses, defines } = statementFacts(statement);
  return [...uses, ...defines].filter((object) => object.type === "role").map((object) => object.name);
};
