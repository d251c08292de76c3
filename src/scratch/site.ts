import type { Connection } from "../pg/connection.ts";

/** One session on a server, and the URL of its maintenance database. */
export interface Site {
  readonly db: Connection;
  readonly url: string;
  readonly owner: string;
  /** Whether the server is one of our own. */
  readonly ours: boolean;
  readonly open: (url: string) => Promise<Connection>;
}
