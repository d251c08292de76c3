import { findLedger } from "../../migrate/ledger/ledger.ts";
import type { Target } from "../../migrate/target.ts";
import { Connection } from "../../pg/connection.ts";
import type { Snapshot } from "../../schema/snapshot.ts";
import type { ScratchDatabase } from "../../scratch/scratch.ts";
import { ident } from "../../sql/tag.ts";
import type { Read, Side } from "./side.ts";

/** A new database. */
export const emptySide = (target: Omit<Target, "url">): Side => ({
  label: "empty",
  major: async () => null,
  async open(opening) {
    const make = async () => (await opening.scratch()).create();
    const snapshot = await snapshotOfMade(make, target, opening.read);
    return { snapshot, copy: make, [Symbol.asyncDispose]: async () => {} };
  },
});

/** What a scratch database is once it is made, without the ledger and without who made it. */
export async function snapshotOfMade<S extends Snapshot>(
  make: () => Promise<ScratchDatabase>,
  target: Omit<Target, "url">,
  read: Read<S>,
): Promise<S> {
  await using database = await make();
  await using db = await Connection.open(database.url, target);
  return await readScratch(db, target, read);
}

export async function readScratch<S extends Snapshot>(
  db: Connection,
  { trackingTable }: Omit<Target, "url">,
  read: Read<S>,
): Promise<S> {
  const ledger = await findLedger(db, trackingTable);
  return await read(db, { builder: db.server.user, ours: [ident(...ledger.path)] });
}
