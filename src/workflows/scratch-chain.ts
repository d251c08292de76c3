import { runJob } from "../migrate/apply.ts";
import type { MigrationFile } from "../migrate/files.ts";
import { findLedger } from "../migrate/ledger/ledger.ts";
import { readBody } from "../migrate/migration.ts";
import type { Target } from "../migrate/target.ts";
import { Connection } from "../pg/connection.ts";
import { readSnapshot, type Snapshot, type SnapshotOptions } from "../schema/snapshot.ts";
import type { ScratchDatabase, ScratchServer } from "../scratch/scratch.ts";
import { rehearsable } from "./rehearsable.ts";

/** A scratch database that migrations are run on one by one; disposing drops it. */
export interface ScratchChain extends AsyncDisposable {
  readonly database: ScratchDatabase;
  /** The session that the migrations run on. */
  readonly db: Connection;
  /** Run one migration as `up` or `down` would, without a ledger row; throws as those. */
  run(migration: MigrationFile, direction?: "up" | "down"): Promise<void>;
  snapshot(options?: SnapshotOptions): Promise<Snapshot>;
}

/** An empty scratch database for migrations. */
export async function openChain(scratch: ScratchServer, target: Omit<Target, "url">): Promise<ScratchChain> {
  const database = await scratch.create();
  try {
    const db = await Connection.open(database.url, target);
    const ledger = await findLedger(db, target.trackingTable);
    return {
      database,
      db,
      async run(migration, direction = "up") {
        const body = await readBody(migration, direction);
        const script = body.script && (await rehearsable(db, body.script, scratch));
        // A role that is made for the occasion may do nothing there, and owners are not what this is about.
        const runAs = scratch.ours ? undefined : body.directives.runAs;
        const directives = { ...body.directives, runAs };
        const rehearsed = script ? { ...body, script } : body;
        const asked = { directives, preconditions: [] };
        await runJob(db, ledger, { migration, body: { ...rehearsed, ...asked }, ledgerRow: "keep" });
      },
      snapshot: (options) => readSnapshot(db, { builder: db.server.user, ...options }),
      async [Symbol.asyncDispose]() {
        await db.close();
        await database[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
}
