import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type Tool as Listed,
} from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";
import { ConfitureError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import type { Plans } from "./plans.ts";
import type { Project } from "./project.ts";
import type { Call, Tool } from "./tool.ts";
import { errorResult, okResult } from "./tool-result.ts";
import { TOOLS } from "./tools/index.ts";

const INSTRUCTIONS =
  "Looks after one PostgreSQL schema: its DDL files, migrations and database. Errors have code and actionable.";

/** What outlasts a client: over HTTP every request has a server of its own. */
export interface Memory {
  readonly plans: Plans;
  /** Calls under way; they settle soon after their client has gone, and never fail. */
  readonly calls: Set<Promise<unknown>>;
}

/** A server of the Model Context Protocol for one client; what it serves is fixed. */
export function mcpServer(project: Project, { plans, calls }: Memory): Server {
  const server = new Server(
    { name: "confiture", version: project.version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  const tools = TOOLS.filter((tool) => project.allowWrite || !tool.writes);
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(listed) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => {
    const call = { project, plans, signal: interruptedBy([signal, project.target.signal]) };
    const answered = answer(() => runTool(tools, call, params), project.target.log);
    calls.add(answered);
    return await answered.finally(() => calls.delete(answered));
  });
  return server;
}

function listed({ name, description, input, writes }: Tool): Listed {
  const { $schema: _, ...inputSchema } = z.toJSONSchema(input, { io: "input" });
  return {
    name,
    description,
    inputSchema: inputSchema as Listed["inputSchema"],
    annotations: writes ? { destructiveHint: true } : { readOnlyHint: true },
  };
}

/** Every failure is a result: a client shows those to its model, and errors of the protocol to nobody. */
async function answer(work: () => Promise<unknown>, log: Project["target"]["log"]): Promise<CallToolResult> {
  try {
    return okResult(await work());
  } catch (error) {
    if (!(error instanceof ConfitureError)) log.warn(error instanceof Error ? error.stack! : String(error));
    return errorResult(error);
  }
}

async function runTool(
  tools: readonly Tool[],
  call: Call,
  { name, arguments: given = {} }: { name: string; arguments?: Record<string, unknown> | undefined },
): Promise<unknown> {
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined) throw unknownTool(name, tools);
  const input = tool.input.safeParse(given);
  if (!input.success) {
    const problems = input.error.issues.map(({ path, message }) => [...path, message].join(": "));
    throw new ConfitureError("CONFIG_008", `${name} was called wrongly: ${problems.join("; ")}`, {
      actionable: "Call it with the arguments of its inputSchema.",
    });
  }
  return tool.output.parse(await tool.run(call, input.data));
}

function unknownTool(name: string, tools: readonly Tool[]): ConfitureError {
  const isClosed = TOOLS.some((one) => one.name === name);
  const names = tools.map((one) => one.name);
  const near = nearest(name, names);
  return new ConfitureError("CONFIG_008", `there is no tool ${name} here`, {
    details: { tools: names },
    actionable: isClosed
      ? "It writes, and the server was started without --allow-write."
      : `${near === undefined ? "" : `Did you mean ${near}? `}tools/list names them all.`,
  });
}

/** Aborted with the error that the library answers with then. */
function interruptedBy(signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  const interrupt = new AbortController();
  const both = AbortSignal.any(signals.filter((signal) => signal !== undefined));
  const stop = () => interrupt.abort(new ConfitureError("INTERRUPTED", "the call was given up"));
  if (both.aborted) stop();
  both.addEventListener("abort", stop, { once: true });
  return interrupt.signal;
}
