import pg from "pg";
import { type Sql, sql } from "../sql/tag.ts";

/** What a connection knows about its server, read once after connecting. */
export interface Server {
  /** As `server_version_num`, e.g. 180004. */
  readonly version: number;
  /** 13 to 18. */
  readonly major: number;
  readonly database: string;
  readonly user: string;
}

/** One session on one database. Close it with `await using` or `close()`. */
export class Connection implements AsyncDisposable {
  readonly server: Server;
  /** The driver's own client, for COPY streams and notifications; used inside `pg/` only. */
  readonly client: pg.Client;

  private constructor(client: pg.Client, server: Server) {
    this.client = client;
    this.server = server;
  }

  /** Throws CONFIG_003, CONFIG_006 or CONFIG_011. */
  static async open(url: string, options: { applicationName?: string } = {}): Promise<Connection> {
    const client = new pg.Client({
      connectionString: url,
      application_name: options.applicationName ?? "confiture",
    });
    await client.connect();
    const { rows } = await client.query(
      "select current_setting('server_version_num')::int as version, current_database() as database, current_user as user",
    );
    const { version, database, user } = rows[0];
    return new Connection(client, { version, major: Math.floor(version / 10_000), database, user });
  }

  /** Run one statement and give its rows. */
  async rows<Row extends object = Record<string, unknown>>(statement: Sql): Promise<Row[]> {
    return (await this.client.query(statement.text, [...statement.values])).rows;
  }

  /** Run one or more statements without parameters; gives the rows affected by the last. */
  async run(statement: Sql): Promise<number> {
    const result = await this.client.query(statement.text, [...statement.values]);
    return result.rowCount ?? 0;
  }

  /** Run `work` between BEGIN and COMMIT; anything thrown rolls back. */
  async transaction<T>(work: () => Promise<T>, mode: Sql = sql``): Promise<T> {
    await this.run(sql`begin ${mode}`);
    try {
      const result = await work();
      await this.run(sql`commit`);
      return result;
    } catch (error) {
      await this.run(sql`rollback`);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
