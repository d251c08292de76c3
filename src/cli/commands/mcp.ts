import { once } from "node:events";
import type { Server as McpServer } from "@modelcontextprotocol/sdk/server/index.js";
import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { defineOutput } from "../../base/output.ts";
import { replicationOf, schemaInputOf } from "../../config/feature-settings.ts";
import type { Project } from "../../mcp/project.ts";
import { type Context, defineCommand } from "../command.ts";
import { migrationFlags, resolveFlags, targetWithoutUrl, urlOf } from "../database.ts";
import { projectRules } from "../project-rules.ts";
import { scratchFlags, scratchOptionsOf } from "../scratch-flags.ts";
import { sideContextOf } from "../side-flags.ts";
import { version } from "../version.ts";

const options = z.object({
  ...migrationFlags,
  allowWrite: z
    .boolean()
    .optional()
    .describe(
      "Offer migrate_up and migrate_down, which need the hash of a plan; without it nothing can write",
    ),
  http: z.boolean().optional().describe("Serve streamable HTTP at /mcp instead of stdin and stdout"),
  port: z.coerce.number().int().min(0).max(65_535).optional().describe("Port for --http (default: 8765)"),
  host: z
    .string()
    .optional()
    .describe("Address for --http (default: 127.0.0.1); any that others reach needs CONFITURE_MCP_TOKEN"),
  ...scratchFlags,
});

type Given = z.infer<typeof options>;

const output = defineOutput("mcp", 1, z.object({ transport: z.enum(["stdio", "http"]) }));

export const command = defineCommand({
  path: "mcp",
  summary: "Serve status, preflight, diff and more to agents, by the Model Context Protocol",
  options,
  output,
  run: async (context, given) => {
    if (!given.http && (given.port ?? given.host) !== undefined)
      throw new ConfitureError("CONFIG_008", "--port and --host change nothing without --http");
    const project = await projectOf(context, given);
    const { newPlans } = await import("../../mcp/plans.ts");
    const { mcpServer } = await import("../../mcp/server.ts");
    const memory = { plans: newPlans(project.now), calls: new Set<Promise<unknown>>() };
    const make = () => mcpServer(project, memory);
    if (given.http) await serveUntilStopped(context, given, make);
    else await (await import("../../mcp/stdio.ts")).serveStdio(make(), context.stdio, context.signal);
    await Promise.all(memory.calls); // what a client left is cancelled and rolled back before this process ends
    return { transport: given.http ? ("http" as const) : ("stdio" as const) };
  },
  // On stdout was the conversation, and nobody reads there any more.
  text: () => undefined,
});

async function projectOf(context: Context, given: Given): Promise<Project> {
  const command = given.allowWrite ? "writes" : "reads";
  const resolved = await resolveFlags(context, given, { command, allowNone: true });
  const { settings, embedded } = resolved;
  const target = targetWithoutUrl(context, resolved, given);
  const url = await urlOf(context, resolved);
  return {
    version: version(),
    target,
    url: async () => (embedded ? urlOf(context, resolved) : url),
    schema: schemaInputOf(settings),
    sides: sideContextOf(context, settings, target),
    scratch: scratchOptionsOf(context, given, settings),
    replication: replicationOf(settings),
    rules: () => projectRules(context),
    allowWrite: given.allowWrite === true,
    now: () => Date.now(),
  };
}

/** Ctrl-C is how a server ends, and no failure. */
async function serveUntilStopped(
  { environment, log, signal = new AbortController().signal }: Context,
  { host = "127.0.0.1", port = 8765 }: Given,
  make: () => McpServer,
): Promise<void> {
  const { serveHttp } = await import("../../mcp/http.ts");
  await using server = await serveHttp(make, { host, port, token: environment["CONFITURE_MCP_TOKEN"] });
  log.info(`listening on ${server.url}`);
  if (!signal.aborted) await once(signal, "abort");
}
