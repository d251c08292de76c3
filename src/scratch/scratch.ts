import { join } from "node:path";
import { chmodSync, mkdirSync, realpathSync } from "node:fs";
import { ConfitureError } from "../base/errors.ts";
import { type Log, silentLog } from "../base/log.ts";
import { Connection } from "../pg/connection.ts";
import { describeTarget } from "../pg/dsn.ts";
import { sql } from "../sql/tag.ts";
import { type Binaries, findBinaries, listBinaries } from "./binaries.ts";
import { dataMajor } from "./data-dir.ts";
import { shownUrl, withDatabase } from "./database-url.ts";
import { holdServer } from "./hold-server.ts";
import { currentHost, type Host } from "./host.ts";
import { keepDatabase, type KeptDatabase, keptDatabases, type Note, sweepKept } from "./kept-databases.ts";
import { type LocalServer, localUrl } from "./local-server.ts";
import { cacheDir } from "./private-dir.ts";
import { dropDatabase, nameSession, newOwner, sweepScratch } from "./scratch-databases.ts";
import type { Site } from "./site.ts";
import { openServer } from "./server.ts";
import { serverUser } from "./server-user.ts";
import { copyDatabase, copyTemplate, makeTemplate, templateName, type TemplateNames } from "./templates.ts";
import { markUsed, removeUnused } from "./unused-folders.ts";
import { makeUsable } from "./usable-binaries.ts";

export interface ScratchOptions {
  /** A server to use instead of a local one; the role needs CREATEDB. */
  readonly url?: string | undefined;
  /** Major version wanted; by default the newest that is found. */
  readonly major?: number | undefined;
  /** Where installed npm packages are looked for besides our own, usually the project's folder. */
  readonly projectDir?: string | undefined;
  readonly log?: Log | undefined;
  /** How long a local server runs on without clients; default 10 minutes. */
  readonly idleMs?: number | undefined;
  readonly host?: Host | undefined;
}

/** A throwaway database; disposing drops it. */
export interface ScratchDatabase extends AsyncDisposable {
  readonly url: string;
  readonly name: string;
}

/** A server that scratch databases are made on; disposing gives up our hold on it. */
export interface ScratchServer extends AsyncDisposable {
  /** False for a server the user named: no roles may be made there. */
  readonly ours: boolean;
  readonly major: number;
  /** An empty database. */
  create(): Promise<ScratchDatabase>;
  /** A clone of the template that `build` once made for `key`; built at most once per server and key. */
  clone(key: string, build: (db: Connection) => Promise<void>): Promise<ScratchDatabase>;
  /** A copy of one that nobody is connected to; PostgreSQL does not copy its subscriptions. */
  copy(database: ScratchDatabase): Promise<ScratchDatabase>;
  /** Let a database of ours live on under this name until the time in its note, which openings look for. */
  keep(database: ScratchDatabase, name: string, note: Note): Promise<KeptUrl>;
  kept(): Promise<(KeptDatabase & KeptUrl)[]>;
  /** Drop a kept database, whoever is connected to it. */
  dropKept(name: string): Promise<void>;
  /** Kept databases whose time was over when the server was opened, and that are gone. */
  readonly expired: readonly string[];
  /** Keep a local server running for some time after this process, as it stops when it is idle. */
  hold(forMs: number): Promise<void>;
}

interface KeptUrl {
  /** Without the password of a server that the user named. */
  readonly url: string;
}

const IDLE_MS = 600_000;

/**
 * A server for throwaway databases: the one of `url`, else a local one that is made and started where needed.
 * Throws SCRATCH_001 to SCRATCH_003, or CONFIG_006 when the URL's server cannot be reached.
 */
export async function openScratch(options: ScratchOptions = {}): Promise<ScratchServer> {
  const host = options.host ?? currentHost();
  const site =
    options.url === undefined
      ? await openLocal(host, options)
      : await openNamed(host, options.url, options.major);
  try {
    await sweepScratch(site, host, options.log ?? silentLog);
    return scratchServer(site, await sweepKept(site, host, options.log ?? silentLog));
  } catch (error) {
    await site.db.close();
    throw error;
  }
}

/** The major versions of those local servers that were made already, newest first. */
export function localMajors({ host = currentHost(), projectDir }: ScratchOptions): number[] {
  const servers = join(cacheDir(host, serverUser(host)), "servers");
  const majors = [...new Set(listBinaries(host, projectDir).map(({ major }) => major))];
  return majors.filter(
    (major) => dataMajor(join(servers, folderOf(findBinaries(host, { major, projectDir }), host))) === major,
  );
}

const folderOf = ({ origin, version }: Binaries, { name }: Host): string => `${origin}-${version}-${name}`;

async function openLocal(host: Host, options: ScratchOptions): Promise<Site> {
  const user = serverUser(host);
  const binaries = makeUsable(host, user, findBinaries(host, options));
  const servers = join(cacheDir(host, user), "servers");
  const dir = join(servers, folderOf(binaries, host));
  mkdirSync(dir, { recursive: true });
  if (user.isOther) chmodSync(servers, 0o711);
  markUsed(host, dir);
  const idleMs = options.idleMs ?? IDLE_MS;
  const server: LocalServer = { host, user, binaries, dir: realpathSync(dir), durable: false, idleMs };
  const owner = newOwner(host);
  const { db, started } = await openServer(server, owner);
  if (started) removeUnused(host, servers);
  if (started) options.log?.info(`started PostgreSQL ${binaries.version} for scratch databases`);
  return { db, url: localUrl(host, server.dir), owner, ours: true, open: (url) => Connection.open(url) };
}

async function openNamed(host: Host, url: string, major: number | undefined): Promise<Site> {
  const open = (target: string) => Connection.open(target, { environment: host.env });
  const db = await open(url);
  try {
    await requireFit(db, describeTarget(url, host.env), major);
    const owner = newOwner(host);
    await nameSession(db, owner);
    return { db, url, owner, ours: false, open };
  } catch (error) {
    await db.close();
    throw error;
  }
}

async function requireFit(db: Connection, where: string, major: number | undefined): Promise<void> {
  if (major !== undefined && db.server.major !== major) {
    const message = `A scratch database of PostgreSQL ${major} is wanted, and ${where} is PostgreSQL ${db.server.major}`;
    throw new ConfitureError("SCRATCH_001", message, { details: { wanted: major, found: db.server.major } });
  }
  const [row] = await db.rows<{ may_create: boolean; standby: boolean }>(sql`
    select rolcreatedb or rolsuper as may_create, pg_is_in_recovery() as standby
    from pg_roles where rolname = current_user`);
  if (row?.may_create !== true || row.standby) {
    const reason = row?.standby ? "it is a standby" : `role ${db.server.user} has no CREATEDB`;
    throw new ConfitureError("SCRATCH_001", `No scratch database can be made on ${where}: ${reason}`, {
      details: { user: db.server.user, standby: row?.standby ?? null },
      actionable: "Name another server or role with --scratch-url, or grant CREATEDB.",
    });
  }
}

function scratchServer(site: Site, expired: readonly string[]): ScratchServer {
  const { db, owner, ours } = site;
  const made = new Set<string>();
  const building = new Map<string, Promise<void>>();
  let count = 0;
  const nextName = () => `${owner}_${++count}`;
  const drop = async (name: string) => {
    if (made.delete(name)) await dropDatabase(site, name, true);
  };
  const handle = (name: string): ScratchDatabase => ({
    url: withDatabase(site.url, name),
    name,
    [Symbol.asyncDispose]: () => drop(name),
  });
  const make = async <T>(work: (name: string) => Promise<T>): Promise<T> => {
    const name = nextName();
    made.add(name);
    return await work(name);
  };
  const copyOf = (from: string) =>
    make(async (name) => {
      await copyDatabase(db, from, name, ours);
      return handle(name);
    });
  const lasting = (name: string): string =>
    ours ? withDatabase(site.url, name) : withDatabase(shownUrl(site.url), name);
  return {
    ours,
    expired,
    major: db.server.major,
    async keep(database, name, note) {
      await keepDatabase(db, database.name, name, note);
      made.delete(database.name);
      return { url: lasting(name) };
    },
    kept: async () => (await keptDatabases(db)).map((one) => ({ ...one, url: lasting(one.name) })),
    dropKept: (name) => dropDatabase(site, name, true),
    hold: async (forMs) => (ours ? holdServer(db, site.url, forMs) : undefined),
    create: () => copyOf("template0"),
    copy: (database) => copyOf(database.name),
    clone: (key, build) =>
      make(async (name) => {
        const template = templateName(key, db.server.user);
        while (!(await copyTemplate(db, template, name, ours))) {
          const names = { template, unfinished: nextName(), ours };
          const work = building.get(template) ?? buildTemplate(site, names, build);
          building.set(template, work);
          await work.finally(() => building.delete(template));
        }
        return handle(name);
      }),
    async [Symbol.asyncDispose]() {
      try {
        for (const name of made) await drop(name);
      } finally {
        await db.close();
      }
    },
  };
}

/** On a session of its own: it waits for other processes that build the same template. */
async function buildTemplate(
  site: Site,
  names: TemplateNames,
  build: (db: Connection) => Promise<void>,
): Promise<void> {
  await using builder = await site.open(site.url);
  await nameSession(builder, site.owner);
  await makeTemplate({ ...site, db: builder }, names, async () => {
    await using db = await site.open(withDatabase(site.url, names.unfinished));
    await build(db);
  });
}
