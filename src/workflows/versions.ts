import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfitureError } from "../base/errors.ts";
import { applyScripts, parseSources } from "../build/apply.ts";
import type { MigrationFiles } from "../migrate/files.ts";
import type { Target } from "../migrate/target.ts";
import { compareVersions } from "../migrate/version.ts";
import { Connection } from "../pg/connection.ts";
import { readSnapshot, type Snapshot } from "../schema/snapshot.ts";
import { withRoles } from "../scratch/roles.ts";
import type { ScratchServer } from "../scratch/scratch.ts";
import { withoutConnecting } from "../scratch/subscriptions.ts";
import { decodeUtf8 } from "../sql/parse-script.ts";
import { openChain } from "./scratch-chain.ts";

/** One version of a schema: its structure, or why that is not known. */
export interface Version {
  readonly version: string;
  readonly name: string;
  readonly outcome: Snapshot | { readonly error: string };
}

type Scratch = Omit<Target, "url">;

const STRUCTURE = { structureOnly: true };

/** The structure of a database that nothing was done to. */
export async function emptyStructure(scratch: ScratchServer, target: Scratch): Promise<Snapshot> {
  await using chain = await openChain(scratch, target);
  return await chain.snapshot(STRUCTURE);
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
    const error = failed === undefined ? await failureOf(chain.run(migration)) : undefined;
    if (error === undefined && failed === undefined) {
      yield { version, name, outcome: await chain.snapshot(STRUCTURE) };
    } else yield { version, name, outcome: { error: error ?? `not replayed, because ${failed} failed` } };
    if (error !== undefined) failed = version;
  }
}

/** Every `<version>_<name>.sql` of a directory, built on its own; throws CONFIG_004 where there is none. */
export async function* builtVersions(
  scratch: ScratchServer,
  dir: string,
  target: Scratch,
): AsyncGenerator<Version> {
  for (const { version, name } of await findSnapshots(dir)) {
    target.signal?.throwIfAborted();
    const file = join(dir, `${version}_${name}.sql`);
    let outcome: Version["outcome"] | undefined;
    const error = await failureOf(
      structureOfFile(scratch, file, target).then((snapshot) => void (outcome = snapshot)),
    );
    yield { version, name, outcome: outcome ?? { error: error ?? "" } };
  }
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

async function structureOfFile(scratch: ScratchServer, file: string, target: Scratch): Promise<Snapshot> {
  const source = { file, text: decodeUtf8(await readFile(file), file) };
  const scripts = (await parseSources([source])).map(withoutConnecting);
  await using database = await scratch.create();
  await using db = await Connection.open(database.url, target);
  await applyScripts(db, scratch.ours ? await withRoles(db, scripts) : scripts);
  return await readSnapshot(db, { builder: db.server.user, ...STRUCTURE });
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
