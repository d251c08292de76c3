import type { Readable, Writable } from "node:stream";
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";

/** The two ends of a conversation. */
interface Lines {
  readonly in: Readable;
  readonly out: Writable;
}

/** Serve one client on a pair of streams, until it hangs up or the signal is aborted; nobody where there is no pair. */
export async function serveStdio(
  server: Server,
  lines: Lines | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (lines === undefined) return;
  const closed = new Promise<void>((resolve) => {
    for (const event of ["end", "close", "error"]) lines.in.once(event, () => resolve());
    lines.out.once("error", () => resolve()); // a client that was killed
    if (signal?.aborted || lines.in.readableEnded || lines.in.destroyed) resolve();
    signal?.addEventListener("abort", () => resolve(), { once: true });
  });
  await server.connect(new StdioServerTransport(lines.in, lines.out));
  await closed;
  await server.close();
}
