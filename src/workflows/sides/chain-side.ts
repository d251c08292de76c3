import { findMigrations, type MigrationFile, migrationNamed, requireRunnable } from "../../migrate/files.ts";
import { findLedger } from "../../migrate/ledger/ledger.ts";
import type { Target } from "../../migrate/target.ts";
import type { Connection } from "../../pg/connection.ts";
import type { ScratchServer } from "../../scratch/scratch.ts";
import { sql } from "../../sql/tag.ts";
import { helpersFor, runRepeatableFiles } from "../rehearse.ts";
import { openChain, type ScratchChain } from "../scratch-chain.ts";
import { readScratch } from "./built-side.ts";
import type { Side, SideContext } from "./side.ts";

/**
 * What the migrations lead to, replayed on a scratch database: up to and including `version`, or all of them and
 * then the repeatable files. Throws CONFIG_004, MIGR_100, MIGR_106 or MIGR_109; opening it as `up` does.
 */
export async function chainSide(version: string | undefined, { target }: SideContext): Promise<Side> {
  const files = await findMigrations(target.migrationsDir);
  requireRunnable(files);
  const last = version === undefined ? undefined : migrationNamed(files, version);
  const migrations =
    last === undefined ? files.migrations : files.migrations.slice(0, files.migrations.indexOf(last) + 1);
  const chain: Chain = { migrations, withRepeatables: last === undefined, target };
  return {
    label: version === undefined ? "migrations" : `migrations@${version}`,
    major: async () => null,
    async open({ scratch: find, read }) {
      const scratch = await find();
      const replayed = await replayOn(scratch, chain);
      try {
        const snapshot = await readScratch(replayed.db, target, read);
        const isCopied = !(await hasSubscriptions(replayed.db));
        await replayed.db.close();
        const again = async () => {
          const { db, database } = await replayOn(scratch, chain);
          await db.close();
          return database;
        };
        return {
          snapshot,
          copy: () => (isCopied ? scratch.copy(replayed.database) : again()),
          [Symbol.asyncDispose]: () => replayed[Symbol.asyncDispose](),
        };
      } catch (error) {
        await replayed[Symbol.asyncDispose]();
        throw error;
      }
    },
  };
}

interface Chain {
  readonly migrations: readonly MigrationFile[];
  readonly withRepeatables: boolean;
  readonly target: Omit<Target, "url">;
}

async function replayOn(
  scratch: ScratchServer,
  { migrations, withRepeatables, target }: Chain,
): Promise<ScratchChain> {
  target.log.info(`replaying ${migrations.length} migration(s) on a scratch PostgreSQL ${scratch.major}`);
  const chain = await openChain(scratch, target);
  try {
    await helpersFor(chain.db, migrations, target);
    for (const migration of migrations) {
      target.signal?.throwIfAborted();
      await chain.run(migration);
    }
    if (withRepeatables) {
      await runRepeatableFiles(chain.db, await findLedger(chain.db, target.trackingTable), target, scratch);
    }
    return chain;
  } catch (error) {
    await chain[Symbol.asyncDispose]();
    throw error;
  }
}

/** PostgreSQL keeps them beside the databases, so a copy of one has none. */
async function hasSubscriptions(db: Connection): Promise<boolean> {
  const rows = await db.rows(sql`
    select from pg_catalog.pg_subscription
    where subdbid = (select oid from pg_catalog.pg_database where datname = current_database())`);
  return rows.length > 0;
}
