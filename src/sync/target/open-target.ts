import { Connection, type OpenOptions } from "../../pg/connection.ts";
import { sql } from "../../sql/tag.ts";

/** Nothing but the client's own patience ends a long load; row security raises an error instead of hiding rows. */
const SETTINGS = sql`
  set statement_timeout = 0;
  set idle_in_transaction_session_timeout = 0;
  set row_security = off;
  set datestyle = 'ISO, YMD';
  set intervalstyle = 'postgres';
  set timezone = 'UTC';
  set extra_float_digits = 1;
  set bytea_output = 'hex';
  set client_encoding = 'UTF8'`;

/** A connection that loads. Throws CONFIG_006 when the database cannot be reached. */
export async function openTarget(url: string, options: OpenOptions): Promise<Connection> {
  const db = await Connection.open(url, options);
  try {
    await db.run(SETTINGS);
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}
