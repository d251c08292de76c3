import { parseSources } from "../build/apply.ts";
import { readSources, requireTerminated, type SchemaInput } from "../build/sources.ts";
import type { Connection } from "../pg/connection.ts";
import { statementFacts } from "../sql/facts.ts";
import { parseScript } from "../sql/parse-script.ts";
import type { Script, Statement } from "../sql/script.ts";
import { sql } from "../sql/tag.ts";
import { withoutConcurrently } from "../sql/without-concurrently.ts";

/** A schema as a rebuild runs it. */
export interface RebuildScripts {
  readonly scripts: readonly Script[];
  readonly statements: number;
  /** How many of them no transaction can hold. */
  readonly outside: number;
  readonly warnings: readonly string[];
}

/**
 * The DDL files for a server that knows the schema's roles already, in plain forms where those give the same
 * in a transaction. Throws SCHEMA_200 to SCHEMA_207 or SCHEMA_001.
 */
export async function readRebuildScripts(db: Connection, input: SchemaInput): Promise<RebuildScripts> {
  const sources = readSources({ ...input, schemaOnly: true });
  for (const source of sources) requireTerminated(source);
  const roles = await db.rows<{ rolname: string }>(sql`select rolname from pg_catalog.pg_roles`);
  const existing = new Set(roles.map((role) => role.rolname));
  const warnings: string[] = [];
  const scripts: Script[] = [];
  for (const script of await parseSources(sources)) {
    const kept = script.statements.filter((statement) => {
      const role = createdRole(statement);
      if (role === undefined || !existing.has(role)) return true;
      warnings.push(`role ${role} is there already: its CREATE ROLE was left out`);
      return false;
    });
    scripts.push({ ...script, statements: await Promise.all(kept.map(plainly)) });
  }
  const statements = scripts.flatMap((script) => script.statements);
  const outside = statements.filter((s) => statementFacts(s).transactional === false);
  return { scripts, statements: statements.length, outside: outside.length, warnings };
}

const createdRole = (statement: Statement): string | undefined =>
  statement.kind === "CreateRoleStmt" ? statementFacts(statement).defines[0]?.name : undefined;

/** Nobody uses a database that is being rebuilt, so CONCURRENTLY would only cost the one transaction. */
async function plainly(statement: Statement): Promise<Statement> {
  if (statementFacts(statement).transactional !== false) return statement;
  const plain = await withoutConcurrently(statement);
  if (plain === undefined) return statement;
  const { statements } = await parseScript({ text: plain.text }, "SCHEMA_200");
  return { ...statements[0]!, start: statement.start, position: statement.position };
}
