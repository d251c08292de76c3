import { sha256 } from "../base/hash.ts";
import type { Log } from "../base/log.ts";
import { applyScripts, parseSources } from "../build/apply.ts";
import {
  readSources,
  requireTerminated,
  type SchemaInput,
  schemaHash,
  type SchemaSource,
} from "../build/sources.ts";
import { Connection } from "../pg/connection.ts";
import { readSnapshot, type Snapshot, type SnapshotOptions } from "../schema/snapshot.ts";
import type { Sql } from "../sql/tag.ts";
import { withRoles } from "../scratch/roles.ts";
import type { ScratchServer } from "../scratch/scratch.ts";
import { holdSubscriptions, withoutConnecting } from "../scratch/subscriptions.ts";

interface SourcesOptions {
  readonly log: Log;
  /** Runs on the built database before it is read. */
  readonly before?: Sql | undefined;
  readonly ours?: SnapshotOptions["ours"];
}

/**
 * The snapshot of a schema's DDL files, built on a scratch database; an unchanged schema is cloned
 * from its template. Throws the SCHEMA_* errors of a build.
 */
export async function snapshotOfSources(
  scratch: ScratchServer,
  input: SchemaInput,
  { log, before, ours }: SourcesOptions,
): Promise<Snapshot> {
  const sources = readSources({ ...input, schemaOnly: true });
  for (const source of sources) requireTerminated(source);
  const build = async (db: Connection) => {
    log.info(`building ${sources.length} schema files on a scratch PostgreSQL ${scratch.major}`);
    await applySources(db, sources, scratch.ours);
  };
  const read = async (db: Connection) => {
    if (before) await db.run(before);
    return readSnapshot(db, { builder: db.server.user, ours });
  };
  // PostgreSQL keeps subscriptions beside the databases, so a copy of a template has none of them.
  if (await holdSubscriptions(sources)) {
    await using database = await scratch.create();
    await using db = await Connection.open(database.url);
    await build(db);
    return await read(db);
  }
  await using database = await scratch.clone(sha256(`schema ${schemaHash(sources)}`), build);
  await using db = await Connection.open(database.url);
  return await read(db);
}

async function applySources(
  db: Connection,
  sources: readonly SchemaSource[],
  makeRoles: boolean,
): Promise<void> {
  const scripts = (await parseSources(sources)).map(withoutConnecting);
  await applyScripts(db, makeRoles ? await withRoles(db, scripts) : scripts);
}
