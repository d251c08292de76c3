import { type Catalog, readCatalog } from "../../coordinate/footprint/catalog.ts";
import { Connection } from "../../pg/connection.ts";
import { readLinkedSnapshot } from "../../schema/snapshot.ts";
import {
  openScratch,
  type ScratchDatabase,
  type ScratchOptions,
  type ScratchServer,
} from "../../scratch/scratch.ts";
import { copyOf } from "../proven-plan.ts";
import type { Side } from "../sides/side.ts";

/** The state that changes start from, on a scratch server; disposing drops it. */
export interface Base extends AsyncDisposable {
  readonly scratch: ScratchServer;
  /** Nobody is connected to it, so that it can be copied. */
  readonly database: ScratchDatabase;
  readonly catalog: Catalog;
}

/** Make a side on a scratch server of its version. Throws what the side throws, and SCRATCH_001 to SCRATCH_003. */
export async function openBase(side: Side, options: ScratchOptions): Promise<Base> {
  const major = (await side.major()) ?? options.major;
  const scratch = await openScratch({ ...options, major });
  const held: AsyncDisposable[] = [scratch];
  const dispose = async () => {
    for (const one of held.toReversed()) await one[Symbol.asyncDispose]();
  };
  try {
    const opened = await side.open({ scratch: async () => scratch, read: readLinkedSnapshot });
    held.push(opened);
    const database = await copyOf(opened, scratch);
    held.push(database);
    return { scratch, database, catalog: await catalogOf(database.url), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function catalogOf(url: string): Promise<Catalog> {
  await using db = await Connection.open(url);
  return await readCatalog(db);
}
