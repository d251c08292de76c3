import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { runScript } from "../pg/run-script.ts";
import { type ObjectName, statementFacts } from "../sql/facts.ts";
import { cutForeignKeys } from "../sql/foreign-keys.ts";
import { parseScript } from "../sql/parse-script.ts";
import { sql } from "../sql/tag.ts";
import type { Script, Statement } from "../sql/script.ts";

/** A statement and the script it comes from. */
export interface Placed {
  readonly script: Script;
  readonly statement: Statement;
}

/** SQLSTATEs that mean "not yet": what the statement names does not exist so far. */
const MISSING: ReadonlySet<unknown> = new Set(["3F000", "42P01", "42703", "42704", "42830", "42883"]);

/** True for a server error that may go away once more of the schema exists. */
export const isMissing = (error: unknown): error is ConfitureError =>
  error instanceof ConfitureError && MISSING.has(error.context.details?.["sqlstate"]);

/** A statement that could not run yet, and what the server said. */
interface Waiting extends Placed {
  readonly error: ConfitureError;
}

/**
 * Run statements in order; what fails because something is missing is tried again after the others,
 * until nothing moves any more. A table whose foreign keys point forward is created without them first.
 * Gives how many had to wait; throws SCHEMA_202 for what can never run, SCHEMA_001 for any other error.
 */
export async function runDeferring(db: Connection, placed: readonly Placed[]): Promise<number> {
  let todo = placed;
  let deferred = 0;
  while (todo.length > 0) {
    const waiting: Waiting[] = [];
    let moved = false;
    for (const one of todo) {
      // What changes an object that is still to be made must come after it, as in the files.
      const behind = waiting.find((other) => concernsSame(other, one));
      const tried = behind
        ? { ran: false, waiting: [{ ...one, error: behind.error }] }
        : await tryOne(db, one);
      waiting.push(...tried.waiting);
      moved ||= tried.ran;
    }
    if (!moved) throw stuck(waiting);
    if (deferred === 0) deferred = waiting.length;
    todo = waiting;
  }
  return deferred;
}

async function tryOne(db: Connection, one: Placed): Promise<{ ran: boolean; waiting: Waiting[] }> {
  const error = await attempt(db, one);
  if (!error) return { ran: true, waiting: [] };
  const cut = one.statement.kind === "CreateStmt" ? await cutForeignKeys(one.statement) : { foreignKeys: [] };
  if (!("withoutForeignKeys" in cut) || cut.foreignKeys.length === 0)
    return { ran: false, waiting: [{ ...one, error }] };
  const stillMissing = await attempt(db, await place(one, cut.withoutForeignKeys));
  if (stillMissing) return { ran: false, waiting: [{ ...one, error: stillMissing }] };
  const keys = await Promise.all(cut.foreignKeys.map((text) => place(one, text)));
  return { ran: true, waiting: keys.map((key) => ({ ...key, error })) };
}

/** A rewritten statement that keeps the place of the one it came from. */
async function place({ script, statement }: Placed, text: string): Promise<Placed> {
  const parsed = await parseScript({ text, file: script.source.file }, "SCHEMA_200");
  return {
    script: { source: script.source, statements: [] },
    statement: { ...parsed.statements[0]!, start: statement.start, position: statement.position },
  };
}

/** Run one statement in a savepoint; gives the error when something it needs is missing. */
async function attempt(db: Connection, { script, statement }: Placed): Promise<ConfitureError | undefined> {
  await db.run(sql`savepoint one`);
  try {
    await runScript(db, { ...script, statements: [statement] }, { code: "SCHEMA_001" });
    await db.run(sql`release savepoint one`);
    return undefined;
  } catch (error) {
    if (!isMissing(error)) throw error;
    await db.run(sql`rollback to savepoint one`);
    return error;
  }
}

/** The error for statements that wait for each other or for what no file defines. */
function stuck(waiting: readonly Waiting[]): ConfitureError {
  const [first] = waiting;
  const circle = waiting.flatMap((one) => {
    const other = waiting.find((w) => w !== one && defines(w, one));
    return other ? [{ one, other }] : [];
  });
  const lines = (w: Waiting) => `${w.script.source.file ?? "?"}:${w.statement.position.line}`;
  const blocked = waiting.map((w) => ({
    file: w.script.source.file,
    line: w.statement.position.line,
    error: w.error.message,
  }));
  const [pair] = circle;
  const message = pair
    ? `${lines(pair.one)} needs what ${lines(pair.other)} defines, which cannot be created either (${pair.other.error.message})`
    : `${lines(first!)}: ${first!.error.message}, and no file defines it`;
  return new ConfitureError("SCHEMA_202", message, {
    ...(pair?.one ?? first!).error.context,
    details: { blocked },
  });
}

/** Whether the second statement makes again or drops what the first makes; functions may only be overloads. */
const concernsSame = (first: Placed, second: Placed): boolean => {
  const made = statementFacts(first.statement).defines.map(nameOf);
  const { defines: again, drops } = statementFacts(second.statement);
  return [...again, ...drops].some((o) => o.type !== "function" && made.includes(nameOf(o)));
};

const nameOf = ({ type, schema, name }: ObjectName): string => `${type} ${schema ?? ""}.${name}`;

const defines = (definer: Placed, user: Placed): boolean => {
  const uses = statementFacts(user.statement).uses.map((o) => o.name);
  return statementFacts(definer.statement).defines.some((o) => uses.includes(o.name));
};
