import { sha256 } from "../base/hash.ts";
import type { Log } from "../base/log.ts";
import { applyScripts, parseSources } from "../build/apply.ts";
import { readSources, requireTerminated, type SchemaInput, schemaHash } from "../build/sources.ts";
import { Connection } from "../pg/connection.ts";
import { readSnapshot, type Snapshot } from "../schema/snapshot.ts";
import { withRoles } from "../scratch/roles.ts";
import type { ScratchServer } from "../scratch/scratch.ts";

/**
 * The snapshot of a schema's DDL files, built on a scratch database; an unchanged schema is cloned
 * from its template. Throws the SCHEMA_* errors of a build.
 */
export async function snapshotOfSources(
  scratch: ScratchServer,
  input: SchemaInput,
  log: Log,
): Promise<Snapshot> {
  const sources = readSources({ ...input, schemaOnly: true });
  for (const source of sources) requireTerminated(source);
  await using database = await scratch.clone(sha256(`schema ${schemaHash(sources)}`), async (db) => {
    log.info(`building ${sources.length} schema files on a scratch PostgreSQL ${scratch.major}`);
    const scripts = await parseSources(sources);
    await applyScripts(db, scratch.ours ? await withRoles(db, scripts) : scripts);
  });
  await using db = await Connection.open(database.url);
  return await readSnapshot(db, { builder: db.server.user });
}
