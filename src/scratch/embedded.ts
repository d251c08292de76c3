import { chmodSync, existsSync, lstatSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfitureError } from "../base/errors.ts";
import { sha256 } from "../base/hash.ts";
import { type Log, silentLog } from "../base/log.ts";
import { Connection } from "../pg/connection.ts";
import { identSql, sql } from "../sql/tag.ts";
import { findBinaries } from "./binaries.ts";
import { dataMajor } from "./data-dir.ts";
import { currentHost, type Host } from "./host.ts";
import { dataDir, localUrl } from "./local-server.ts";
import { findPostmaster } from "./postmaster.ts";
import { stateDir } from "./private-dir.ts";
import { openServer, stopServer } from "./server.ts";
import { canReach, serverUser, type ServerUser } from "./server-user.ts";
import { makeUsable } from "./usable-binaries.ts";

export interface EmbeddedOptions {
  /** The folder that gets `.confiture/`. */
  readonly projectDir: string;
  /** Created where it is missing; default `confiture`. */
  readonly database?: string | undefined;
  /** How long the server runs on without clients; default 30 minutes. */
  readonly idleMs?: number | undefined;
  readonly log?: Log | undefined;
  readonly host?: Host | undefined;
}

export interface EmbeddedStatus {
  readonly state: "running" | "stopped" | "absent";
  /** Where the database is when it runs; the same at every start. */
  readonly url: string | null;
  readonly dataDir: string | null;
  /** Of the server when it runs, else the major version of the data. */
  readonly version: string | null;
  readonly pid: number | null;
}

const DATABASE = "confiture";
const IDLE_MS = 1_800_000;
const README = (dir: string) =>
  `The embedded database of this project lies in\n${dir}\nbecause PostgreSQL does not run as root, and its user cannot enter this folder.\n`;

/**
 * The project's own persistent PostgreSQL, made and started where needed; it keeps the major version it was
 * made with. Throws SCRATCH_001 to SCRATCH_003.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<{ url: string; started: boolean }> {
  const host = options.host ?? currentHost();
  const { dir, user } = locate(host, options.projectDir);
  const major = existsSync(dir) ? dataMajor(dir) : undefined;
  const found = embeddedBinaries(host, { dir, major, projectDir: options.projectDir });
  const binaries = makeUsable(host, user, found);
  makeDirs(options.projectDir, dir, user);
  const server = { host, user, binaries, dir, durable: true, idleMs: options.idleMs ?? IDLE_MS };
  const { db, started } = await openServer(server, "confiture start");
  await using session = db;
  const database = options.database ?? DATABASE;
  await createUnlessThere(session, database);
  if (started) (options.log ?? silentLog).info(`started PostgreSQL ${binaries.version} in ${dir}`);
  return { url: localUrl(host, dir, database), started };
}

/** Stop the server; its data stays. */
export async function stopEmbedded(options: EmbeddedOptions): Promise<{ stopped: boolean }> {
  const host = options.host ?? currentHost();
  return { stopped: await stopServer({ host, dir: locate(host, options.projectDir).dir }) };
}

/** Leaves no trace, whatever the state. */
export async function embeddedStatus(options: EmbeddedOptions): Promise<EmbeddedStatus> {
  const host = options.host ?? currentHost();
  const { dir } = locate(host, options.projectDir);
  const major = dataMajor(dir);
  if (major === undefined) return { state: "absent", url: null, dataDir: null, version: null, pid: null };
  const url = localUrl(host, dir, options.database ?? DATABASE);
  const running = findPostmaster(host, dir);
  const known = { url, dataDir: dataDir(dir) };
  if (running?.isReady !== true) return { state: "stopped", ...known, version: String(major), pid: null };
  await using db = await Connection.open(localUrl(host, dir));
  const version = `${db.server.major}.${db.server.version % 10_000}`;
  return { state: "running", ...known, version, pid: running.pid };
}

/**
 * In the project, unless the server's user cannot enter it: then below the machine's state folder, by the
 * project's path. Data that is there decides who runs the server. Throws SCRATCH_002, or CONFIG_004 without a project.
 */
function locate(host: Host, projectDir: string): { dir: string; user: ServerUser } {
  if (!existsSync(projectDir))
    throw new ConfitureError("CONFIG_004", `the project's folder ${projectDir} does not exist`, {
      file: projectDir,
    });
  const project = realpathSync(projectDir);
  const wanted = serverUser(host);
  const inside = join(project, ".confiture", "postgres");
  const isInside = existsSync(dataDir(inside)) || canReach(wanted, project, 1);
  const dir = isInside ? inside : join(stateDir(host, wanted), `embedded-${sha256(project).slice(0, 16)}`);
  const real = existsSync(dir) ? realpathSync(dir) : dir;
  const owner = lstatSync(dataDir(real), { throwIfNoEntry: false });
  if (owner === undefined || owner.uid === wanted.uid) return { dir: real, user: wanted };
  if (host.uid === 0 && owner.uid !== 0) {
    return { dir: real, user: { uid: owner.uid, gid: owner.gid, isOther: true } };
  }
  throw new ConfitureError(
    "SCRATCH_002",
    `The embedded database in ${dataDir(real)} belongs to user id ${owner.uid}, not to ${wanted.uid}`,
    { actionable: "Run the command as the user who made it, or remove the folder to begin anew." },
  );
}

function embeddedBinaries(
  host: Host,
  { dir, major, projectDir }: { dir: string; major: number | undefined; projectDir: string },
) {
  try {
    return findBinaries(host, { major, projectDir });
  } catch (error) {
    if (major === undefined || !(error instanceof ConfitureError)) throw error;
    const message = `The embedded database in ${dataDir(dir)} is PostgreSQL ${major}. ${error.message}`;
    throw new ConfitureError("SCRATCH_001", message, error.context);
  }
}

function makeDirs(projectDir: string, dir: string, user: ServerUser): void {
  const own = join(realpathSync(projectDir), ".confiture");
  mkdirSync(own, { recursive: true });
  mkdirSync(dir, { recursive: true });
  if (!existsSync(join(own, ".gitignore"))) writeFileSync(join(own, ".gitignore"), "*\n");
  if (!dir.startsWith(own)) writeFileSync(join(own, "README"), README(dir));
  else if (user.isOther) chmodSync(own, 0o755); // whatever the umask is
}

async function createUnlessThere(db: Connection, database: string): Promise<void> {
  const there = () => db.rows(sql`select from pg_database where datname = ${database}`);
  if ((await there()).length > 0) return;
  try {
    await db.run(sql`create database ${identSql(database)}`);
  } catch (error) {
    if ((await there()).length === 0) throw error; // else another command has made it just now
  }
}
