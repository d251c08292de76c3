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
import type { ScratchDatabase, ScratchServer } from "../scratch/scratch.ts";
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
  await using database = await buildSources(scratch, schemaSources(input), log);
  await using db = await Connection.open(database.url);
  if (before) await db.run(before);
  return await readSnapshot(db, { builder: db.server.user, ours });
}

/** The DDL files without seeds; throws SCHEMA_201, SCHEMA_205 or CONFIG_005. */
export const schemaSources = (input: SchemaInput): SchemaSource[] =>
  readSources({ ...input, schemaOnly: true });

/** A scratch database that is these sources and nothing else; throws the SCHEMA_* errors of a build. */
export async function buildSources(
  scratch: ScratchServer,
  sources: readonly SchemaSource[],
  log: Log,
): Promise<ScratchDatabase> {
  for (const source of sources) requireTerminated(source);
  const build = async (db: Connection) => {
    log.info(`building ${sources.length} schema files on a scratch PostgreSQL ${scratch.major}`);
    await applySources(db, sources, scratch.ours);
  };
  // PostgreSQL keeps subscriptions beside the databases, so a copy of a template has none of them.
  if (!(await holdSubscriptions(sources)))
    return scratch.clone(sha256(`schema ${schemaHash(sources)}`), build);
  const database = await scratch.create();
  try {
    await using db = await Connection.open(database.url);
    await build(db);
    return database;
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
}

async function applySources(
  db: Connection,
  sources: readonly SchemaSource[],
  makeRoles: boolean,
): Promise<void> {
  const scripts = (await parseSources(sources)).map(withoutConnecting);
  await applyScripts(db, makeRoles ? await withRoles(db, scripts) : scripts);
}
