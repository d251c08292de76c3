import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { expect, test } from "vitest";
import { silentLog } from "../../../src/base/log.ts";
import { newPlans } from "../../../src/mcp/plans.ts";
import type { Project } from "../../../src/mcp/project.ts";
import { mcpServer } from "../../../src/mcp/server.ts";
import { answerOf } from "../../support/mcp.ts";

const target = { environment: {}, trackingTable: "tb_confiture", migrationsDir: "none", log: silentLog };

const PROJECT: Project = {
  version: "1",
  target,
  url: async () => undefined,
  schema: undefined,
  sides: { cwd: ".", projectDir: ".", schema: undefined, target },
  scratch: {},
  replication: { replicas: [], allowUnsafe: false },
  rules: async () => undefined,
  allowWrite: true,
  now: () => 0,
};

async function clientOf(project: Partial<Project>): Promise<Client> {
  const [here, there] = InMemoryTransport.createLinkedPair();
  const memory = { plans: newPlans(() => 0), calls: new Set<Promise<unknown>>() };
  await mcpServer({ ...PROJECT, ...project }, memory).connect(there);
  const client = new Client({ name: "tests", version: "1" });
  await client.connect(here);
  return client;
}

test("all tools together cost a model less than 2,000 tokens", async () => {
  const client = await clientOf({});
  const list = JSON.stringify(await client.listTools());
  expect(list.length / 4).toBeLessThan(2000);
  expect(client.getServerVersion()).toEqual({ name: "confiture", version: "1" });
});

test("without --allow-write no tool that writes is listed, and none answers to its name", async () => {
  const client = await clientOf({ allowWrite: false });
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual([
    "check",
    "diff",
    "explain_error",
    "intents",
    "introspect",
    "preflight",
    "status",
  ]);
  expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true);
  for (const name of ["migrate_up", "migrate_down", "plan"]) {
    const { isError, value } = await answerOf(client, name, { plan: "x" });
    expect(isError).toBe(true);
    expect(value).toMatchObject({ code: "CONFIG_008", actionable: expect.stringContaining("--allow-write") });
  }
});

test("no tool takes a path or a connection string", async () => {
  const client = await clientOf({});
  for (const input of [
    { from: "postgresql://x@y/z", to: "schema" },
    { from: "db/other", to: "schema" },
    { from: "git:HEAD:/etc/passwd", to: "schema" },
    { from: "git:--upload-pack=x", to: "schema" },
    { from: "schema", to: "schema", config: "x.yaml" },
  ]) {
    const { isError, value } = await answerOf(client, "diff", input);
    expect(isError).toBe(true);
    expect(value["code"]).toBe("CONFIG_008");
  }
});

test("an unknown tool, and a tool that needs a database where there is none", async () => {
  const client = await clientOf({});
  expect((await answerOf(client, "statsu", {})).value["actionable"]).toContain("Did you mean status?");
  expect((await answerOf(client, "status", {})).value).toMatchObject({
    code: "CONFIG_010",
    severity: "error",
  });
});

test("explain_error: a code, one in other letters, and one that is spelt wrongly", async () => {
  const client = await clientOf({});
  const explain = async (code: string) => (await answerOf(client, "explain_error", { code })).value;
  expect(await explain("MIGR_106")).toEqual({
    code: "MIGR_106",
    known: true,
    means: "Two migration files share a version",
    exit: 3,
    fix: "Give one of them a new version.",
    near: [],
  });
  expect(await explain("migr-106")).toMatchObject({ code: "MIGR_106", known: true });
  expect(await explain("MIG_106")).toMatchObject({
    known: false,
    near: expect.arrayContaining(["MIGR_106"]),
  });
});
