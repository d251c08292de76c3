import type pg from "pg";
import { identSql, sql } from "../sql/tag.ts";
import type { Connection } from "./connection.ts";

/**
 * Call `wake` whenever somebody notifies the channel, until this is disposed of. Behind a pooler it is never called: a
 * backend that is shared would listen for others. Notifications get lost, so that they say only when to look.
 */
export async function listen(db: Connection, channel: string, wake: () => void): Promise<AsyncDisposable> {
  if (Reflect.get(db.client, "processID") !== db.server.pid) return { [Symbol.asyncDispose]: async () => {} };
  const hear = (notification: pg.Notification) => {
    if (notification.channel === channel) wake();
  };
  db.client.on("notification", hear);
  await db.run(sql`listen ${identSql(channel)}`);
  return {
    async [Symbol.asyncDispose]() {
      db.client.off("notification", hear);
      if (!db.isOpen) return;
      await db.run(sql`unlisten ${identSql(channel)}`).catch(() => {
        // The session is cancelled or on its way out, and whoever listened knows why.
      });
    },
  };
}
