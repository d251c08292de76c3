import type { Connection } from "../../pg/connection.ts";
import type { Job, JobContext } from "../job.ts";
import type { HookPoint } from "./hook.ts";

/** Fires the run's hooks around one migration; those of a transactional one get its connection. */
export function hooksAround(
  db: Connection,
  { migration, body }: Job,
  { runHooks, done = [] }: JobContext,
): (point: HookPoint) => Promise<void> {
  const started = performance.now();
  return async (point) => {
    if (!runHooks?.has(point)) return;
    const durationMs = point === "before_migration" ? undefined : Math.round(performance.now() - started);
    const facts = { migration, applied: done, durationMs };
    if (!body.transactional) {
      await runHooks.fire(point, facts);
      return;
    }
    const { migrationClient } = await import("../modules/migration-client.ts");
    const session = migrationClient(db, { file: body.file, transactional: true });
    try {
      await runHooks.fire(point, facts, session.client);
    } finally {
      await session.close(false);
    }
  };
}
