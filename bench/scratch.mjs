// How long until a scratch database can be used: on a warm server, and from a cold start with an initialised data
// directory. Then the second scratch build of an unchanged schema against the first.
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Connection, openScratch } from "../dist/lib/index.js";
import { median } from "./measure.mjs";

// A cache of our own: neither what is warm there already nor other commands shall count.
process.env.XDG_CACHE_HOME = mkdtempSync(join(tmpdir(), "confiture-bench-cache-"));
chmodSync(process.env.XDG_CACHE_HOME, 0o755);

/** Fast shutdown of every server in that cache. */
async function stopScratchServers() {
  const files = readdirSync(process.env.XDG_CACHE_HOME, { recursive: true }).filter((f) =>
    f.endsWith("postmaster.pid"),
  );
  for (const file of files.map((f) => join(process.env.XDG_CACHE_HOME, f))) {
    process.kill(Number(readFileSync(file, "utf8").split("\n")[0]), "SIGINT");
    while (existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function ready() {
  const started = performance.now();
  const scratch = await openScratch();
  const database = await scratch.create();
  const db = await Connection.open(database.url);
  const ms = performance.now() - started;
  await db.close();
  await database[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
  return ms;
}

const tables = Array.from(
  { length: 300 },
  (_, i) => `create table t${i} (id int primary key, a text, b text unique)`,
);

async function clone(key) {
  const scratch = await openScratch();
  const started = performance.now();
  const database = await scratch.clone(key, async (db) => {
    for (const text of tables) await db.run({ text, values: [] });
  });
  const ms = performance.now() - started;
  await database[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
  return ms;
}

const times = async (count, work) => {
  const all = [];
  for (let i = 0; i < count; i++) all.push(await work());
  return median(all);
};

try {
  console.log(`first use, with initdb: ${(await ready()).toFixed(0)} ms`);
  console.log(`warm server: ${(await times(11, ready)).toFixed(0)} ms (bar 150)`);
  const cold = await times(5, async () => {
    await stopScratchServers();
    return ready();
  });
  console.log(`cold start: ${cold.toFixed(0)} ms (bar 1000)`);
  const first = await clone("bench");
  const second = await times(5, () => clone("bench"));
  console.log(
    `second scratch build: ${second.toFixed(0)} ms, first: ${first.toFixed(0)} ms, ratio ${(second / first).toFixed(2)} (bar 0.1)`,
  );
} finally {
  await stopScratchServers();
  rmSync(process.env.XDG_CACHE_HOME, { recursive: true, force: true });
}
