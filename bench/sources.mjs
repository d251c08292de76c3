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
