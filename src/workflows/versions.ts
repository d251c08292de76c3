import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfitureError } from "../base/errors.ts";
import { applyScripts, parseSources } from "../build/apply.ts";
import type { MigrationFiles } from "../migrate/files.ts";
import type { Target } from "../migrate/target.ts";
import { compareVersions } from "../migrate/version.ts";
import { Connection } from "../pg/connection.ts";
import { isStructure, readSnapshot, type Snapshot, type SnapshotOptions } from "../schema/snapshot.ts";
import { withRoles } from "../scratch/roles.ts";
import type { ScratchServer } from "../scratch/scratch.ts";
import { withoutConnecting } from "../scratch/subscriptions.ts";
import { decodeUtf8 } from "../sql/decode-utf8.ts";
import { openChain } from "./scratch-chain.ts";

/** One version of a schema on a scratch database, which is its own until the next version is asked for. */
export interface Version {
  readonly version: string;
  readonly name: string;
  /** Why the version cannot be made; it has no snapshot then. */
  readonly error?: string | undefined;
  readonly snapshot: (only: SnapshotOptions["only"]) => Promise<Snapshot>;
}

type Scratch = Omit<Target, "url">;

/** The structure of a database that nothing was done to. */
export async function emptyStructure(scratch: ScratchServer, target: Scratch): Promise<Snapshot> {
  await using chain = await openChain(scratch, target);
  return await chain.snapshot({ only: isStructure });
}

/** Every version of the chain in its order; what lies behind a migration that fails is not known. */
export async function* replayedVersions(
  scratch: ScratchServer,
  { migrations }: MigrationFiles,
  target: Scratch,
): AsyncGenerator<Version> {
  await using chain = await openChain(scratch, target);
  let failed: string | undefined;
  for (const migration of migrations) {
    target.signal?.throwIfAborted();
    const { version, name } = migration;
    const skipped = failed === undefined ? undefined : `not replayed, because ${failed} failed`;
    const error = skipped ?? (await failureOf(chain.run(migration)));
    if (error !== undefined) failed ??= version;
    yield { version, name, error, snapshot: (only) => chain.snapshot({ only }) };
  }
}

/** Every `<version>_<name>.sql` of a directory, built on its own; throws CONFIG_004 where there is none. */
export async function* builtVersions(
  scratch: ScratchServer,
  dir: string,
  target: Scratch,
): AsyncGenerator<Version> {
  for (const found of await findSnapshots(dir)) {
    target.signal?.throwIfAborted();
    yield* builtVersion(scratch, { ...found, file: join(dir, `${found.version}_${found.name}.sql`) }, target);
  }
}

async function* builtVersion(
  scratch: ScratchServer,
  { version, name, file }: { readonly version: string; readonly name: string; readonly file: string },
  target: Scratch,
): AsyncGenerator<Version> {
  await using database = await scratch.create();
  await using db = await Connection.open(database.url, target);
  const error = await failureOf(buildFile(db, file, scratch.ours));
  const snapshot: Version["snapshot"] = (only) => readSnapshot(db, { builder: db.server.user, only });
  yield { version, name, error, snapshot };
}

async function buildFile(db: Connection, file: string, makeRoles: boolean): Promise<void> {
  const source = { file, text: decodeUtf8(await readFile(file), file) };
  const scripts = (await parseSources([source])).map(withoutConnecting);
  await applyScripts(db, makeRoles ? await withRoles(db, scripts) : scripts);
}

async function findSnapshots(dir: string): Promise<{ version: string; name: string }[]> {
  const names = await readdir(dir).catch((cause: NodeJS.ErrnoException) => {
    throw new ConfitureError(
      "CONFIG_004",
      `the snapshots directory ${dir} cannot be read: ${cause.message}`,
      {
        file: dir,
        cause,
      },
    );
  });
  const found = names.flatMap((file) => {
    const [, version, name] = /^([^_]+)_(.*)\.sql$/.exec(file) ?? [];
    return version === undefined || name === undefined ? [] : [{ version, name }];
  });
  if (found.length === 0)
    throw new ConfitureError("CONFIG_004", `no <version>_<name>.sql in the snapshots directory ${dir}`, {
      file: dir,
    });
  return found.toSorted((a, b) => compareVersions(a.version, b.version));
}

/** Why the work failed, where the version is to blame; anything else is thrown on. */
async function failureOf(work: Promise<void>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfitureError) || BEYOND_VERSIONS.has(error.code)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

const BEYOND_VERSIONS: ReadonlySet<string> = new Set(["CONFIG_006", "INTERNAL_ERROR", "INTERRUPTED"]);
