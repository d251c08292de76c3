import * as z from "zod";
import type { MigrationFile } from "../migrate/files.ts";
import { readBodyIfValid } from "../migrate/migration.ts";
import { statementFacts } from "../sql/facts.ts";

export const changeSetSchema = z.object({
  contract_version: z.literal(1),
  changes: z
    .array(
      z.object({
        kind: z.string().describe("The parser's name of the statement, e.g. AlterTableStmt"),
        object: z.string().nullable(),
        migration: z.string(),
        detail: z.string().describe("The statement's beginning"),
      }),
    )
    .describe("One per statement; an entry without a tier is not classified and must be denied"),
});

/** What the pending migrations say they will do, statement by statement. */
export async function changeSetOf(
  pending: readonly MigrationFile[],
): Promise<z.infer<typeof changeSetSchema>> {
  const changes = [];
  for (const migration of pending) {
    const body = await readBodyIfValid(migration);
    for (const statement of body?.script?.statements ?? []) {
      const { defines, drops, uses } = statementFacts(statement);
      const object = [...defines, ...drops, ...uses][0];
      changes.push({
        kind: statement.kind,
        object: object ? [object.schema, object.name].filter(Boolean).join(".") : null,
        migration: migration.version,
        detail: statement.text.slice(0, 120),
      });
    }
  }
  return { contract_version: 1, changes };
}
