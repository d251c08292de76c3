// A PostgreSQL of our own for the measurements (embedded, with durability on), and fresh databases on it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

export const cli = new URL("../dist/bin/confiture.js", import.meta.url).pathname;

/** Start it, lend it to `work`, stop it and remove its data. */
export async function withServer(work) {
  const dir = mkdtempSync(join(tmpdir(), "confiture-bench-"));
  const db = (...words) =>
    execFileSync(process.execPath, [cli, "db", ...words, "--project-dir", dir], { encoding: "utf8" });
  const url = db("url").trim();
  const socket = new URL(url.replace("@/", "@localhost/")).searchParams.get("host");
  try {
    await work({
      dir,
      socket,
      async fresh(name) {
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        await client.query(`drop database if exists ${name} with (force)`);
        await client.query(`create database ${name}`);
        await client.end();
        return url.replace("/confiture?", `/${name}?`);
      },
    });
  } finally {
    db("stop");
    rmSync(dir, { recursive: true, force: true });
  }
}
