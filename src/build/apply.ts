import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { runScript } from "../pg/run-script.ts";
import { statementFacts } from "../sql/facts.ts";
import { parseScript } from "../sql/parse-script.ts";
import type { Script, Statement } from "../sql/script.ts";
import { sql } from "../sql/tag.ts";
import { transactionControlIn } from "../sql/transaction-control.ts";
import { isMissing, type Placed, runDeferring } from "./defer.ts";
import type { SchemaSource } from "./sources.ts";

/** What applying a schema did. */
export interface Applied {
  readonly statements: number;
  /** Statements that ran later than their file says, because they need something of a later file. */
  readonly deferred: number;
}

/** Parse every file of a schema; throws SCHEMA_200, SCHEMA_206, SCHEMA_207 or SCHEMA_001 with file and line. */
export async function parseSources(sources: readonly SchemaSource[]): Promise<Script[]> {
  const scripts: Script[] = [];
  for (const source of sources) scripts.push(await parseScript(source, "SCHEMA_200"));
  for (const script of scripts) refuseTransactionControl(script);
  return scripts;
}

/**
 * Run a schema's files on a database in one transaction; statements that cannot live in one follow after it.
 * A statement that needs something of a later file waits for it. Throws SCHEMA_001, or SCHEMA_202 for what never came.
 */
export async function applyScripts(db: Connection, scripts: readonly Script[]): Promise<Applied> {
  const deferred = await db.transaction(() => applyInside(db, scripts));
  await applyOutside(db, scripts);
  return { statements: placedIn(scripts).length, deferred };
}

const placedIn = (scripts: readonly Script[]): Placed[] =>
  scripts.flatMap((script) => script.statements.map((statement) => ({ script, statement })));

const standsOutside = ({ statement }: Placed): boolean => statementFacts(statement).transactional === false;

/** The part of `applyScripts` that happens in a transaction, in the one that is open; gives how many had to wait. */
export async function applyInside(db: Connection, scripts: readonly Script[]): Promise<number> {
  const placed = placedIn(scripts);
  const outside = new Set(placed.filter(standsOutside).map(({ statement }) => statement));
  await db.run(sql`savepoint files`);
  if (await runInFileOrder(db, scripts, outside)) return 0;
  await db.run(sql`rollback to savepoint files`);
  return runDeferring(
    db,
    placed.filter(({ statement }) => !outside.has(statement)),
  );
}

/** The part of `applyScripts` that no transaction can hold; gives how many statements that were. */
export async function applyOutside(db: Connection, scripts: readonly Script[]): Promise<number> {
  const outside = placedIn(scripts).filter(standsOutside);
  for (const { script, statement } of outside) {
    await runScript(db, { ...script, statements: [statement] }, { code: "SCHEMA_001" });
  }
  return outside.length;
}

/** The usual case, at full speed: false when something is needed before it is there. */
async function runInFileOrder(
  db: Connection,
  scripts: readonly Script[],
  without: ReadonlySet<Statement>,
): Promise<boolean> {
  try {
    for (const script of scripts) {
      const statements = script.statements.filter((s) => !without.has(s));
      await runScript(db, { ...script, statements }, { code: "SCHEMA_001" });
    }
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function refuseTransactionControl(script: Script): void {
  const found = transactionControlIn(script.statements);
  if (!found) return;
  throw new ConfitureError("SCHEMA_001", `${found.text.slice(0, 40)} stands in a schema file`, {
    file: script.source.file,
    line: found.position.line,
    actionable: "Remove it: a schema is built in one transaction.",
  });
}
