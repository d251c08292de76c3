import type pg from "pg";
import { ConfitureError } from "../base/errors.ts";
import { type Sql, identSql, sql } from "../sql/tag.ts";
import { connect, type Server, type Session } from "./connect.ts";
import { type Environment, parseDsn } from "./dsn.ts";
import { connectionLost, isCancelled, isConnectionLoss, wrapServerError } from "./server-error.ts";

export type { Server } from "./connect.ts";

/** What the server says beside its results. */
export interface Notice {
  readonly severity: string;
  readonly message: string;
}

export interface OpenOptions {
  /** Where the connection string and the environment name none; default `confiture`. */
  readonly applicationName?: string | undefined;
  /** Defaults below the connection string, as libpq takes them from the environment; none by default. */
  readonly environment?: Environment | undefined;
  readonly onNotice?: ((notice: Notice) => void) | undefined;
  /** Let the server refuse every statement of the session that writes. */
  readonly readOnly?: boolean | undefined;
  /** Once aborted, what runs is cancelled on the server, and fails with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** `I` outside a transaction, `T` inside one, `E` inside one that failed. */
export type TransactionStatus = "I" | "T" | "E";

export interface TransactionOptions {
  /** The last statement of the work is COMMIT, which then travels with what stands before it. */
  readonly workCommits?: boolean | undefined;
}

/** How long a goodbye may take before the socket is cut. */
const CLOSE_TIMEOUT_MS = 2000;

/** One session on one database. Close it with `await using` or `close()`. */
export class Connection implements AsyncDisposable {
  readonly server: Server;
  /** The driver's own client, for COPY streams and notifications; used inside `pg/` only. */
  readonly client: pg.Client;
  /** Settles when the session has ended: undefined after `close()`, else why (CONFIG_006). */
  readonly closed: Promise<ConfitureError | undefined>;

  #isOpen = true;
  #closing: Promise<void> | undefined;
  #loss: ConfitureError | undefined;
  /** Settles with the ReadyForQuery that follows an error, so that `transactionStatus` is never stale. */
  #ready = Promise.resolve();
  #becomeReady = (): void => {};
  /** Grows whenever a transaction begins or ends. */
  #boundaries = 0;
  #inTransaction = false;
  /** Statements through since the server was ready last, and when the last error came. */
  #completed = 0;
  #completedAtError = 0;
  #signal: AbortSignal | undefined;

  private constructor({ client, server }: Session) {
    this.client = client;
    this.server = server;
    this.closed = new Promise((resolve) => {
      client.once("end", () => {
        this.#isOpen = false;
        if (this.#closing === undefined) this.#loss ??= connectionLost(new Error("the server closed it"));
        resolve(this.#loss);
      });
    });
    this.#watch();
  }

  /** Throws CONFIG_003, CONFIG_006 or CONFIG_011. */
  static async open(url: string, options: OpenOptions = {}): Promise<Connection> {
    const dsn = parseDsn(url, options.environment);
    const name = dsn.applicationName ?? options.applicationName ?? "confiture";
    const db = new Connection(await connect(dsn, name));
    const { onNotice } = options;
    if (onNotice) {
      db.client.on("notice", ({ severity = "NOTICE", message = "" }) => onNotice({ severity, message }));
    }
    db.#cancelOnAbort(url, options);
    if (options.readOnly) await db.#refuseWrites();
    return db;
  }

  get isOpen(): boolean {
    return this.#isOpen && this.#closing === undefined;
  }

  get transactionStatus(): TransactionStatus {
    return this.client.getTransactionStatus() ?? "I";
  }

  /**
   * Run one statement and give its rows; several calls at once are sent without waiting for each other.
   * Throws SQL_001, or CONFIG_006 when the connection is lost.
   */
  async rows<Row extends object = Record<string, unknown>>(statement: Sql): Promise<Row[]> {
    return lastOf(await this.#query<Row>(statement))?.rows ?? [];
  }

  /** Run one or more statements, or one with parameters; gives the rows affected by the last. Throws as `rows`. */
  async run(statement: Sql): Promise<number> {
    return lastOf(await this.#query(statement))?.rowCount ?? 0;
  }

  /**
   * Run `work` between BEGIN and COMMIT; anything thrown rolls back and is thrown on. `mode` stands behind BEGIN:
   * an isolation level, or `;` and statements that travel with it.
   * Throws SQL_002 when the transaction is not the one begun, or does not commit.
   */
  async transaction<T>(
    work: () => Promise<T>,
    mode: Sql = sql``,
    options: TransactionOptions = {},
  ): Promise<T> {
    if (this.#inTransaction || this.transactionStatus !== "I") {
      throw new ConfitureError("SQL_002", "a transaction is open already on this connection");
    }
    this.throwIfAborted();
    this.#inTransaction = true;
    try {
      await this.run(sql`begin ${mode}`);
      return await (options.workCommits
        ? this.#committedBy(work)
        : this.#commitAfter(work, this.#boundaries));
    } catch (error) {
      await this.#rollback();
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  /**
   * Send statements that begin and commit a transaction as one message, which the server answers once, so that it costs
   * one round trip; gives a result for each. When one fails the driver's error is thrown, the transaction is rolled back,
   * and `completed` tells how many were through before. Throws SQL_002 when they do not leave the transaction.
   */
  async wholeTransaction(statements: Sql): Promise<pg.QueryResult[]> {
    if (this.#inTransaction || this.transactionStatus !== "I") {
      throw new ConfitureError("SQL_002", "a transaction is open already on this connection");
    }
    this.throwIfAborted();
    this.#inTransaction = true;
    try {
      const results = [await this.client.query(statements.text)].flat();
      if (this.transactionStatus === "I") return results;
      throw new ConfitureError("SQL_002", "the transaction was not committed");
    } catch (error) {
      const failure = await this.failure(error);
      await this.#rollback();
      throw failure instanceof ConfitureError && failure.code === "CONFIG_006"
        ? failure.with({ details: { commit: "unknown" } })
        : failure;
    } finally {
      this.#inTransaction = false;
    }
  }

  /** How many statements of the last message that failed were through before the error. */
  get completed(): number {
    return this.#completedAtError;
  }

  /** Run `work` in a savepoint of the open transaction; anything thrown rolls back to it and is thrown on. */
  async savepoint<T>(name: string, work: () => Promise<T>): Promise<T> {
    await this.run(sql`savepoint ${identSql(name)}`);
    try {
      const result = await work();
      await this.run(sql`release savepoint ${identSql(name)}`);
      return result;
    } catch (error) {
      const back = sql`rollback to savepoint ${identSql(name)}; release savepoint ${identSql(name)}`;
      await this.run(back).catch(() => {
        // The first error is the one to tell; an aborted transaction stays aborted, so nothing is lost.
      });
      throw error;
    }
  }

  /**
   * Have the connection for `work` alone, e.g. for a COPY stream, which the driver's pipelining does not know.
   * Nothing else may be under way.
   */
  async exclusively<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    setPipelining(this.client, false);
    try {
      return await work(this.client);
    } catch (error) {
      throw await this.failure(error);
    } finally {
      setPipelining(this.client, true);
    }
  }

  /** Throws the reason of the connection's signal once that is aborted. */
  throwIfAborted(): void {
    this.#signal?.throwIfAborted();
  }

  /** Does not wait for a server that does not answer; safe to call again, and on a lost connection. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The error of a statement, once the server is ready again or gone; a lost connection says how it was lost. */
  async failure(error: unknown): Promise<unknown> {
    await this.#ready;
    if (this.#signal?.aborted && isCancelled(error)) return this.#signal.reason;
    if (!isConnectionLoss(error)) return error;
    this.client.connection.stream.destroy();
    await this.closed;
    return this.#loss ?? error;
  }

  async #query<Row extends object>(statement: Sql): Promise<pg.QueryResult<Row> | pg.QueryResult<Row>[]> {
    try {
      return await this.client.query<Row>(statement.text, [...statement.values]);
    } catch (error) {
      throw wrapServerError(await this.failure(error), { statement });
    }
  }

  async #commitAfter<T>(work: () => Promise<T>, begun: number): Promise<T> {
    const result = await work();
    if (this.#boundaries !== begun) {
      throw new ConfitureError("SQL_002", "a statement inside the transaction began or ended one");
    }
    const answer = await this.#commit();
    // A transaction that failed answers COMMIT with ROLLBACK, and no error.
    if (answer?.command !== "COMMIT" || this.transactionStatus !== "I") {
      throw new ConfitureError(
        "SQL_002",
        "the transaction was rolled back: an error inside it was passed over",
      );
    }
    return result;
  }

  /** A session lost in the work may have committed or not, and says so in `details.commit`. */
  async #committedBy<T>(work: () => Promise<T>): Promise<T> {
    const result = await work().catch((error: unknown) => {
      const unknown = error instanceof ConfitureError && error.code === "CONFIG_006";
      throw unknown ? error.with({ details: { commit: "unknown" } }) : error;
    });
    if (this.transactionStatus === "I") return result;
    throw new ConfitureError("SQL_002", "the transaction was not committed");
  }

  /** A session lost here may have committed or not, and says so in `details.commit`. */
  async #commit(): Promise<pg.QueryResult | undefined> {
    try {
      return lastOf(await this.#query(sql`commit`));
    } catch (error) {
      const unknown = error instanceof ConfitureError && error.code === "CONFIG_006";
      throw unknown ? error.with({ details: { commit: "unknown" } }) : error;
    }
  }

  /** Never throws: what failed before is the error to tell. A session that cannot roll back is given up. */
  async #rollback(): Promise<void> {
    if (!this.isOpen || this.transactionStatus === "I") return;
    try {
      await this.client.query("rollback");
    } catch {
      this.client.connection.stream.destroy();
      await this.closed;
    }
  }

  /** Through a second session, as the first is busy; one that cannot be opened leaves the statement running. */
  #cancelOnAbort(url: string, { signal, ...options }: OpenOptions): void {
    if (signal === undefined) return;
    this.#signal = signal;
    const cancel = async () => {
      await using other = await Connection.open(url, options);
      await other.run(sql`select pg_catalog.pg_cancel_backend(${this.server.pid})`);
    };
    const onAbort = () => void cancel().catch(() => undefined);
    signal.addEventListener("abort", onAbort, { once: true });
    this.client.once("end", () => signal.removeEventListener("abort", onAbort));
  }

  async #refuseWrites(): Promise<void> {
    try {
      await this.run(sql`set session characteristics as transaction read only`);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  #watch(): void {
    const { client } = this;
    client.on("error", (error) => {
      if (this.#closing === undefined) this.#loss ??= connectionLost(error);
      client.connection.stream.destroy();
    });
    client.connection.on("errorMessage", (error: unknown) => {
      if (isConnectionLoss(error)) this.#loss ??= connectionLost(error);
      this.#completedAtError = this.#completed;
      this.#ready = new Promise((resolve) => {
        this.#becomeReady = resolve;
      });
    });
    client.connection.once("end", () => this.#becomeReady());
    client.connection.on("readyForQuery", ({ status }: { status: string }) => {
      this.#becomeReady();
      this.#completed = 0;
      if (status === "I") this.#boundaries++;
    });
    client.connection.on("commandComplete", ({ text }: { text: string }) => {
      this.#completed++;
      if (/^(BEGIN|START TRANSACTION|COMMIT|PREPARE TRANSACTION)/.test(text)) this.#boundaries++;
    });
  }

  async #end(): Promise<void> {
    const cut = setTimeout(() => this.client.connection.stream.destroy(), CLOSE_TIMEOUT_MS);
    try {
      await this.client.end();
    } finally {
      clearTimeout(cut);
    }
  }
}

/** Several statements in one text give several results. */
const lastOf = <T>(results: T | T[]): T | undefined => (Array.isArray(results) ? results.at(-1) : results);

/** The driver reads this whenever it sends; to change it is safe while no statement is under way. */
const setPipelining = (client: pg.Client, pipeline: boolean): void =>
  void Object.assign(client, { pipeline });
