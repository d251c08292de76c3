import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { expect, test } from "vitest";
import { testDatabase } from "../support/database.ts";
import { answerOf } from "../support/mcp.ts";
import { migrationFiles, testProject } from "../support/project.ts";

function start(cwd: string, url: string): ChildProcess {
  const program = resolve("dist/bin/confiture.js");
  expect(existsSync(program), "run `npm run build` first").toBe(true);
  return spawn(process.execPath, [program, "mcp", "--allow-write"], {
    cwd,
    env: { PATH: process.env["PATH"], CONFITURE_DATABASE_URL: url },
    stdio: ["pipe", "pipe", "inherit"],
  });
}

const LOUD = `console.log("one line");
export async function up(db) { console.log("another line"); await db.query("create table a ()"); }
export async function down(db) { await db.query("drop table a"); }
`;

test("the built program: what a module prints is not in the way, and it ends when the client hangs up", async () => {
  await using database = await testDatabase();
  using project = testProject({
    ...migrationFiles({ "2_b": "create table b ()" }),
    "db/migrations/1_a.mjs": LOUD,
  });
  const child = start(project.dir, database.url);
  const client = new Client({ name: "tests", version: "1" });
  await client.connect(new StdioServerTransport(child.stdout!, child.stdin!));
  const { value } = await answerOf(client, "plan", { direction: "up" });
  const { value: done, isError } = await answerOf(client, "migrate_up", { plan: value["plan"] });
  expect({ done, isError }).toMatchObject({ isError: false, done: { success: true } });
  child.stdin!.end();
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("the built program ends by a signal without a word on stdout", async () => {
  await using database = await testDatabase();
  using project = testProject();
  const child = start(project.dir, database.url);
  let out = "";
  child.stdout!.on("data", (chunk: Buffer) => void (out += chunk.toString()));
  child.stdin!.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" })}\n`);
  await expect.poll(() => out).toContain('"id":1');
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(out.trim().split("\n")).toHaveLength(1);
});
