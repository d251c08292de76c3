import { findLedger } from "../../migrate/ledger/ledger.ts";
import type { Target } from "../../migrate/target.ts";
import { Connection } from "../../pg/connection.ts";
import { readSnapshot, type Snapshot } from "../../schema/snapshot.ts";
import type { ScratchDatabase } from "../../scratch/scratch.ts";
import { ident } from "../../sql/tag.ts";
import type { Opening, Side } from "./side.ts";

/** A new database. */
export const emptySide = (target: Omit<Target, "url">): Side => ({
  label: "empty",
  major: async () => null,
  async open(opening) {
    const make = async () => (await opening.scratch()).create();
    const snapshot = await snapshotOfMade(make, target, opening.reading);
    return { snapshot, copy: make, [Symbol.asyncDispose]: async () => {} };
  },
});

/** What a scratch database is once it is made, without the ledger and without who made it. */
export async function snapshotOfMade(
  make: () => Promise<ScratchDatabase>,
  target: Omit<Target, "url">,
  reading: Opening["reading"],
): Promise<Snapshot> {
  await using database = await make();
  await using db = await Connection.open(database.url, target);
  return await readScratch(db, target, reading);
}

export async function readScratch(
  db: Connection,
  { trackingTable }: Omit<Target, "url">,
  reading: Opening["reading"],
): Promise<Snapshot> {
  const ledger = await findLedger(db, trackingTable);
  return await readSnapshot(db, { ...reading, builder: db.server.user, ours: [ident(...ledger.path)] });
}
