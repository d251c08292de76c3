import { request } from "node:http";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { expect, inject, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { testDatabase } from "../support/database.ts";
import { answerOf } from "../support/mcp.ts";
import { migrationFiles, testProject } from "../support/project.ts";

const TOKEN = "0123456789abcdef";

/** `confiture mcp --http` on a free port, until disposed. */
async function served(cwd: string, flags: string, environment: Readonly<Record<string, string>> = {}) {
  const interrupt = new AbortController();
  let err = "";
  let tellUrl: (url: string) => void;
  const started = new Promise<string>((resolve) => (tellUrl = resolve));
  const exit = main(["mcp", "--http", "--port", "0", ...flags.split(" ").filter(Boolean)], {
    cwd,
    environment,
    signal: interrupt.signal,
    out: () => {},
    err(text) {
      err += text;
      const url = /listening on (\S+)/.exec(err)?.[1];
      if (url !== undefined) tellUrl(url);
    },
  });
  const url = await Promise.race([started, exit.then(() => Promise.reject(new Error(err)))]);
  return {
    url: new URL(url),
    async stop() {
      interrupt.abort(new Error("stopped"));
      return await exit;
    },
    async [Symbol.asyncDispose]() {
      await this.stop();
    },
  };
}

/** A request as it goes over the wire; gives the status and the text. */
function send(
  { hostname, port, pathname }: URL,
  headers: Readonly<Record<string, string>>,
  { method = "POST", path = pathname, body = HELLO } = {},
): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers: { ...ACCEPT, ...headers } }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => void (text += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode, text }));
    });
    sent.on("error", reject);
    sent.end(method === "POST" ? body : undefined);
  });
}

const ACCEPT = { "Content-Type": "application/json", Accept: "application/json, text/event-stream" };
const HELLO = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "t", version: "1" } },
});

test("a session over HTTP, with a plan made in one request and carried out in another", async () => {
  await using database = await testDatabase();
  using project = testProject(migrationFiles({ "1_a": "create table a ()" }));
  await using server = await served(project.dir, "--allow-write", {
    CONFITURE_DATABASE_URL: database.url,
    CONFITURE_SCRATCH_URL: inject("serverUrl"),
  });
  const client = new Client({ name: "tests", version: "1" });
  const transport = new StreamableHTTPClientTransport(server.url);
  await client.connect(transport as Parameters<Client["connect"]>[0]);
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain("migrate_up");
  const { value: planned } = await answerOf(client, "plan", { direction: "up" });
  const { value: done } = await answerOf(client, "migrate_up", { plan: planned["plan"] });
  expect(done).toMatchObject({ applied: [{ version: "1" }] });
  expect((await answerOf(client, "status", {})).value).toMatchObject({ pending: [] });
  await client.close();
  expect(await server.stop()).toBe(0);
});

test("a client that hangs up ends its call on the server", async () => {
  await using database = await testDatabase();
  using project = testProject(migrationFiles({ "1_a": "select pg_sleep(60)" }));
  await using server = await served(project.dir, "--allow-write", { CONFITURE_DATABASE_URL: database.url });
  const client = new Client({ name: "tests", version: "1" });
  const transport = new StreamableHTTPClientTransport(server.url);
  await client.connect(transport as Parameters<Client["connect"]>[0]);
  const { value: planned } = await answerOf(client, "plan", { direction: "up" });
  const running = answerOf(client, "migrate_up", { plan: planned["plan"] }).catch(() => "gone");
  await using db = await Connection.open(database.url);
  const asleep = () =>
    db.rows(sql`select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`);
  await expect.poll(asleep, { timeout: 20_000 }).toHaveLength(1);
  await client.close();
  expect(await running).toBe("gone");
  await expect.poll(asleep, { timeout: 20_000 }).toEqual([]);
});

test("on this machine without a token: only names and pages of this machine are let in", async () => {
  using project = testProject();
  await using server = await served(project.dir, "");
  expect((await send(server.url, {})).status).toBe(200);
  const rebound = await send(server.url, { Host: "evil.example.com" });
  expect(rebound.status).toBe(403);
  expect(rebound.text).toContain("Host");
  expect((await send(server.url, { Origin: "https://evil.example.com" })).status).toBe(403);
  expect((await send(server.url, {}, { path: "/other" })).status).toBe(404);
  expect((await send(server.url, {}, { method: "GET" })).status).toBe(405);
  expect((await send(server.url, {}, { method: "DELETE" })).status).toBe(405);
  expect((await send(server.url, {}, { body: "{" })).status).toBe(400);
  expect((await send(server.url, {}, { body: " ".repeat(1_000_001) })).status).toBe(413);
  expect((await send(server.url, {})).status).toBe(200);
});

test("with a token nobody is let in without it, whatever name is called", async () => {
  using project = testProject();
  await using server = await served(project.dir, "--host 0.0.0.0", { CONFITURE_MCP_TOKEN: TOKEN });
  const url = new URL(server.url.href.replace("0.0.0.0", "127.0.0.1"));
  expect((await send(url, {})).status).toBe(401);
  expect((await send(url, { Host: "db.example.com" })).status).toBe(401);
  expect((await send(url, { Authorization: `Bearer ${TOKEN.slice(1)}` })).status).toBe(401);
  const known = { Authorization: `Bearer ${TOKEN}`, Host: "db.example.com" };
  expect((await send(url, known)).status).toBe(200);
});
