import { ConfitureError } from "../base/errors.ts";
import { fenceStatement, requireClaims, toldAsRefusal } from "../coordinate/claims/fence.ts";
import { keepAlive } from "../coordinate/claims/keep-alive.ts";
import { note } from "../coordinate/claims/note.ts";
import { underLock } from "../coordinate/intents/lock.ts";
import type { Guard } from "../migrate/guard.ts";
import type { Target } from "../migrate/target.ts";
import { up, type UpOptions, type UpResult } from "../migrate/up.ts";
import { Connection } from "../pg/connection.ts";

/**
 * `up` on behalf of an intent, which keeps its claims meanwhile: each transaction begins with a look at them, and what was
 * applied is written in its history. Throws as `up`, COORD_1001, COORD_1002, and COORD_1024 where the claims are lost.
 */
export async function upWithIntent(
  target: Target,
  { intentId, ...options }: UpOptions & { readonly intentId: string },
): Promise<UpResult> {
  await using _alive = await keepAlive(target.url, intentId, target);
  try {
    const result = await up(target, { ...options, guard: guardOf(intentId) });
    await record(target, intentId, versionsOf(result.applied));
    return result;
  } catch (error) {
    if (error instanceof ConfitureError)
      await record(target, intentId, versionsOf(error.context.details?.["applied"]));
    throw error;
  }
}

const guardOf = (intentId: string): Guard => ({
  beforeRun: (db) => requireClaims(db, intentId),
  statement: fenceStatement(intentId),
  explain: (error) => toldAsRefusal(error, intentId),
});

const versionsOf = (applied: unknown): string[] =>
  Array.isArray(applied) ? applied.map((ran: { readonly version: string }) => ran.version) : [];

/** What is applied stays so, whether or not it can be written down. */
async function record(target: Target, intentId: string, versions: readonly string[]): Promise<void> {
  if (versions.length === 0) return;
  try {
    await using db = await Connection.open(target.url, { environment: target.environment });
    await underLock(db, () => note(db, intentId, { by: null, reason: `applied ${versions.join(", ")}` }));
  } catch (error) {
    if (!(error instanceof ConfitureError)) throw error;
    target.log.warn(
      `the history of intent ${intentId} lacks that it applied ${versions.join(", ")}: ${error.message}`,
    );
  }
}
