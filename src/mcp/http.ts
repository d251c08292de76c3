import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { ConfitureError } from "../base/errors.ts";
import { refusalOf, requireToken } from "./http-guard.ts";

export interface HttpOptions {
  readonly host: string;
  /** 0 takes any that is free. */
  readonly port: number;
  readonly token: string | undefined;
}

/** Disposing ends what is under way. */
export interface HttpServer extends AsyncDisposable {
  readonly url: string;
}

const PATH = "/mcp";
const MAX_BODY_BYTES = 1_000_000;

/**
 * Serve the streamable HTTP transport, with a server from `make` for every request: nothing is kept between two, so
 * there is no session to steal or to forget. Throws MCP_001.
 */
export async function serveHttp(make: () => Server, options: HttpOptions): Promise<HttpServer> {
  const { host, port, token } = options;
  requireToken(host, token);
  const http = createServer((request, response) => {
    void respond(make, { request, response, token }).catch(() => {
      if (!response.headersSent) end(response, 500, "the request could not be answered");
      response.destroy();
    });
  });
  http.listen(port, host);
  try {
    await once(http, "listening");
  } catch (cause) {
    throw new ConfitureError(
      "MCP_001",
      `${host}:${port} cannot be listened on: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
  const { address, port: taken, family } = http.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${taken}${PATH}`,
    async [Symbol.asyncDispose]() {
      http.close();
      http.closeAllConnections();
      if (http.listening) await once(http, "close");
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly token: string | undefined;
}

async function respond(make: () => Server, { request, response, token }: Exchange): Promise<void> {
  const refusal = refusalOf(request.headers, token);
  if (refusal !== undefined) {
    if (refusal.status === 401) response.setHeader("WWW-Authenticate", "Bearer");
    return end(response, refusal.status, refusal.reason);
  }
  if (request.url?.split("?")[0] !== PATH) return end(response, 404, `there is only ${PATH} here`);
  if (request.method !== "POST") {
    response.setHeader("Allow", "POST");
    return end(response, 405, "every message is a POST of its own; there is no stream to open");
  }
  const server = make();
  const transport = new StreamableHTTPServerTransport({ maxRequestBodySize: MAX_BODY_BYTES });
  response.once("close", () => void server.close());
  await server.connect(transport as Parameters<Server["connect"]>[0]);
  await transport.handleRequest(request, response);
}

function end(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: -32_000, message } }));
}
