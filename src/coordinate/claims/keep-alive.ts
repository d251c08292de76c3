import { Connection, type OpenOptions } from "../../pg/connection.ts";
import { sql } from "../../sql/tag.ts";
import { heartbeat } from "../heartbeat.ts";

/**
 * Renew an intent and its claims until it is disposed, on a session of its own, so that long work does not lose them.
 * It never fails: what is lost is found by whoever checks the claims.
 */
export async function keepAlive(
  url: string,
  intentId: string,
  { environment }: Pick<OpenOptions, "environment"> = {},
): Promise<AsyncDisposable> {
  const db = await Connection.open(url, { environment, applicationName: "confiture coordinate" });
  const [shortest] = await db
    .rows<{ ttl_ms: number }>(
      sql`select least(i.ttl_ms, min(c.ttl_ms))::float8 as ttl_ms from confiture.intent i
        join confiture.claim c on c.intent_id = i.id where i.id = ${intentId} group by i.ttl_ms`,
    )
    .catch(() => []);
  let beat: Promise<unknown> = Promise.resolve();
  const everyMs = Math.min(Math.max((shortest?.ttl_ms ?? 60_000) / 3, 20), 60_000);
  const timer = setInterval(() => {
    beat = beat.then(() => heartbeat(db, intentId)).catch(() => undefined);
  }, everyMs);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await beat;
      await db.close();
    },
  };
}
