import { PassThrough } from "node:stream";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { main } from "../../src/cli/main.ts";

/** What a tool answered: its result, or the error. */
export interface Answer {
  readonly isError: boolean;
  readonly value: Record<string, unknown>;
}

export interface Message {
  readonly from: "client" | "server";
  readonly message: unknown;
}

/** The SDK's own client at the other end of `confiture mcp`, in this process. */
export interface McpSession extends AsyncDisposable {
  readonly client: Client;
  call(tool: string, input?: Record<string, unknown>): Promise<Answer>;
  /** Every message so far, both ways. */
  readonly messages: readonly Message[];
  /** Hang up; gives the command's exit code and what it printed as its result. */
  end(): Promise<{ readonly exit: number; readonly printed: string }>;
}

/** Start `confiture mcp` with these flags in a project's folder, and say hello. */
export async function mcpSession(
  cwd: string,
  flags: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<McpSession> {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  let [printed, said] = ["", ""];
  const messages: Message[] = [];
  const exit = main(["mcp", ...flags.split(" ").filter(Boolean)], {
    cwd,
    environment,
    stdio: { in: toServer, out: toClient },
    out: (text) => void (printed += text),
    err: (text) => void (said += text),
  });
  const client = new Client({ name: "tests", version: "1" });
  const transport = new StdioServerTransport(toClient, toServer);
  const connected = client.connect(transport);
  record(transport, messages);
  await Promise.race([
    connected,
    exit.then((code) => {
      throw new Error(`confiture mcp ended with ${code}: ${said}`);
    }),
  ]);
  const end = async () => {
    toServer.end();
    return { exit: await exit, printed };
  };
  return {
    client,
    call: (name, input = {}) => answerOf(client, name, input),
    messages,
    end,
    async [Symbol.asyncDispose]() {
      await end();
      await client.close();
    },
  };
}

function record(transport: StdioServerTransport, messages: Message[]): void {
  const { onmessage } = transport;
  const send = transport.send.bind(transport);
  transport.send = (message) => {
    messages.push({ from: "client", message });
    return send(message);
  };
  transport.onmessage = (message) => {
    messages.push({ from: "server", message });
    onmessage?.(message);
  };
}

/** Throws when the text is not what is structured. */
export async function answerOf(
  client: Client,
  name: string,
  input: Record<string, unknown>,
): Promise<Answer> {
  const result = (await client.callTool({ name, arguments: input })) as CallToolResult;
  const value = result.structuredContent ?? {};
  const [text] = result.content;
  if (text?.type !== "text" || JSON.stringify(JSON.parse(text.text)) !== JSON.stringify(value))
    throw new Error(`${name}: the text is not the structured content`);
  return { isError: result.isError === true, value };
}
