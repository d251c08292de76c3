import type { Connection } from "./connection.ts";
import { identSql, sql } from "../sql/tag.ts";

/**
 * Call `wake` whenever somebody notifies the channel, until the function that comes back is called. Behind a pooler it
 * is never called: a backend that is shared would listen for others. Notifications get lost: they say only when to look.
 */
export async function listen(
  db: Connection,
  channel: string,
  wake: () => void,
): Promise<() => Promise<void>> {
  if (Reflect.get(db.client, "processID") !== db.server.pid) return async () => {};
  const hear = (notification: { readonly channel: string }) => {
    if (notification.channel === channel) wake();
  };
  db.client.on("notification", hear);
  await db.run(sql`listen ${identSql(channel)}`);
  return async () => {
    db.client.off("notification", hear);
    await db.run(sql`unlisten ${identSql(channel)}`);
  };
}
