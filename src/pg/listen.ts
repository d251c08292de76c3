import type { Connection } from "./connection.ts";
import { identSql, sql } from "../sql/tag.ts";

/**
 * Call `wake` whenever somebody notifies the channel. Behind a pooler it is never called: a backend that is shared would
 * listen for others. Notifications get lost, so that they say only when to look.
 */
export async function listen(db: Connection, channel: string, wake: () => void): Promise<void> {
  if (Reflect.get(db.client, "processID") !== db.server.pid) return;
  db.client.on("notification", (notification) => {
    if (notification.channel === channel) wake();
  });
  await db.run(sql`listen ${identSql(channel)}`);
}
