import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { ConfitureError } from "../../base/errors.ts";
import type { Connection, Server } from "../../pg/connection.ts";
import { decodeUtf8 } from "../../sql/decode-utf8.ts";
import type { Source } from "../../sql/script.ts";
import { sql as sqlTag } from "../../sql/tag.ts";
import { type AwaitedCalls, awaitedCalls, type Call } from "./awaited-calls.ts";
import { moduleStatements, type StatementOptions } from "./module-statements.ts";
import { lineIn } from "./module-stack.ts";
import { openSavepoints } from "./open-savepoints.ts";

/** What a migration module gets to work with; its calls run one after the other, in the order they are made. */
export interface MigrationClient {
  /** Run one or more statements, or one with parameters `$1`, `$2`; gives the rows written. */
  execute(sql: string, params?: readonly unknown[]): Promise<number>;
  /** Run one statement and give its rows. */
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    params?: readonly unknown[],
  ): Promise<Row[]>;
  /** `query` as a template: what stands in it becomes a parameter, never a piece of the SQL. */
  sql<Row extends object = Record<string, unknown>>(
    parts: TemplateStringsArray,
    ...params: readonly unknown[]
  ): Promise<Row[]>;
  /** Run an SQL file statement by statement; its path starts from the migration's folder. Gives the rows written. */
  executeFile(path: string): Promise<number>;
  /** Run `work` in a savepoint: what it throws undoes it, and is thrown on. */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
  readonly server: Pick<Server, "major" | "version" | "database">;
  /** A rehearsal: all of it is rolled back, so leave out what reaches beyond the database. */
  readonly dryRun: boolean;
}

export interface ClientOptions extends StatementOptions {
  /** The migration's module, as the user knows it. */
  readonly file: string;
  readonly dryRun?: boolean | undefined;
}

/** A client and what its owner asks of it. */
export interface ClientSession extends Pick<AwaitedCalls, "close" | "errors"> {
  readonly client: MigrationClient;
  readonly rowsAffected: () => number;
}

/**
 * A client on an open connection; the transaction is the caller's. Its calls throw MIGR_001, MIGR_107 or MIGR_108
 * with the module and the line of the call, or with those of the file that `executeFile` ran, or CONFIG_006.
 */
export function migrationClient(db: Connection, options: ClientOptions): ClientSession {
  const { file } = options;
  const statements = moduleStatements(db, options);
  const { calls, inTurn, savepoint } = turnsOf(db, options);

  const query = <Row extends object>(text: string, params: readonly unknown[] = []): Promise<Row[]> =>
    inTurn(async () => (await statements.runOne<Row>(text, params)).rows);

  const { major, version, database } = db.server;
  const client: MigrationClient = {
    server: { major, version, database },
    dryRun: options.dryRun ?? false,
    execute: (text, params = []) =>
      inTurn(async () =>
        params.length === 0
          ? statements.runAll({ text })
          : (await statements.runOne(text, params)).rowsAffected,
      ),
    query,
    sql<Row extends object>(parts: TemplateStringsArray, ...params: readonly unknown[]) {
      const { text, values } = sqlTag(parts, ...params);
      return query<Row>(text, values);
    },
    executeFile: (path) =>
      inTurn(async () =>
        statements.runAll(await readSqlFile(isAbsolute(path) ? path : join(dirname(file), path))),
      ),
    savepoint,
  };
  return { client, rowsAffected: statements.rowsAffected, errors: calls.errors, close: calls.close };
}

/** The order of a client's calls, each of which tells its errors where it stands. */
interface Turns {
  readonly calls: AwaitedCalls;
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  readonly savepoint: <T>(work: () => Promise<T>) => Promise<T>;
}

function turnsOf(db: Connection, { file, transactional }: ClientOptions): Turns {
  const savepoints = openSavepoints();
  const calls = awaitedCalls((call) => atCall(afterTheEnd(), call, file));
  const inTurn: Turns["inTurn"] = (work) => {
    const inside = savepoints.around();
    return calls.queue(async (call) => {
      try {
        if (inside !== savepoints.innermost) throw besideSavepoint();
        return await work();
      } catch (error) {
        throw error instanceof ConfitureError ? atCall(error, call, file) : error;
      }
    });
  };
  const runStatement = (statement: string, done: () => void) =>
    inTurn(async () => {
      await db.run(sqlTag.raw(statement));
      done();
    });
  const savepoint: Turns["savepoint"] = (work) =>
    calls.track(async (call) => {
      if (!transactional) throw atCall(noTransaction(), call, file);
      return savepoints.run(work, runStatement);
    });
  return { calls, inTurn, savepoint };
}

async function readSqlFile(file: string): Promise<Source> {
  const bytes = await readFile(file).catch((cause: Error) => {
    throw new ConfitureError("MIGR_001", `${file} cannot be read: ${cause.message}`, { cause });
  });
  return { text: decodeUtf8(bytes, file), file };
}

const besideSavepoint = (): ConfitureError =>
  new ConfitureError("MIGR_001", "a call was made beside an open savepoint, which may undo it", {
    actionable: "Await the savepoint before the next call, or make the call inside it.",
  });

const noTransaction = (): ConfitureError =>
  new ConfitureError("MIGR_001", "a savepoint needs a transaction, and the migration runs outside of one");

const afterTheEnd = (): ConfitureError =>
  new ConfitureError("MIGR_001", "a statement came after the migration had ended", {
    actionable: "Await everything that the migration does.",
  });

/** The error of a call, with the module and line of the call; one in an SQL file keeps its own place. */
function atCall(error: ConfitureError, { site }: Call, file: string): ConfitureError {
  const line = lineIn(site.stack, file);
  const code = error.code === "SQL_001" ? "MIGR_001" : error.code;
  const { context, message } = error;
  if (context.file === undefined) return new ConfitureError(code, message, { ...context, file, line });
  return error.with({ details: { called_at: line === undefined ? file : `${file}:${line}` } });
}
