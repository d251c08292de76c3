import { ConfitureError } from "../base/errors.ts";
import type { Connection } from "../pg/connection.ts";
import { sql } from "../sql/tag.ts";
import { readIntent } from "./intents/intent.ts";
import { readOnly, underLock } from "./intents/lock.ts";
import { expired, stand } from "./intents/move.ts";
import type { Status } from "./intents/states.ts";

/** Gives the version that is wanted, which is none of those that are reserved. */
export type ChooseVersion = (reserved: readonly string[]) => Promise<string>;

/** Work on these is allowed to begin, or has begun. */
const MAY_RESERVE: readonly Status[] = ["registered", "in_progress"];

/**
 * Reserve a version of a migration for an intent; no other intent ever gets it, in whatever folder it works. What is
 * chosen is chosen under the lock. Throws COORD_1001, COORD_1002, COORD_1004, COORD_1005 and COORD_1007.
 */
export const reserveVersion = (db: Connection, intentId: string, choose: ChooseVersion): Promise<string> =>
  underLock(db, async () => {
    const standing = await stand(db, intentId, {});
    if (standing.expired) throw expired(intentId, standing);
    requireWorking(intentId, standing.status);
    const version = await choose(await reservedVersions(db));
    await db.run(
      sql`insert into confiture.reserved_version (version, intent_id) values (${version}, ${intentId})`,
    );
    return version;
  });

/** What `reserveVersion` would reserve just now; writes nothing. Throws the same, but for COORD_1007. */
export const previewVersion = (db: Connection, intentId: string, choose: ChooseVersion): Promise<string> =>
  readOnly(db, async () => {
    const intent = await readIntent(db, intentId);
    if (intent.expired) throw expired(intentId, intent);
    requireWorking(intentId, intent.status);
    return await choose(await reservedVersions(db));
  });

const reservedVersions = async (db: Connection): Promise<string[]> =>
  (await db.rows<{ version: string }>(sql`select version from confiture.reserved_version`)).map(
    ({ version }) => version,
  );

function requireWorking(intentId: string, status: Status): void {
  if (MAY_RESERVE.includes(status)) return;
  throw new ConfitureError("COORD_1004", `intent ${intentId} is ${status}: nothing is generated for it`, {
    details: { intent_id: intentId, status, allowed: MAY_RESERVE },
  });
}
