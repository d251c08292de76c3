import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** `performance.now()` on arrival. */
  readonly at: number;
}

/** An HTTP server on 127.0.0.1 that keeps what it gets. */
export interface Listener extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly received: readonly Received[];
}

/** Answers with these statuses one after the other, the last one for ever; or as the function says. */
export async function listener(
  answer: readonly number[] | ((response: ServerResponse) => void) = [200],
): Promise<Listener> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      received.push({ path: request.url ?? "", headers: request.headers, body, at: performance.now() });
      if (typeof answer === "function") return answer(response);
      response.writeHead(answer[received.length - 1] ?? answer.at(-1)!).end("no news");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
