import { readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { inject } from "vitest";
import { parseDsn } from "../../src/pg/dsn.ts";

export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Stop passing anything on, without closing a connection. */
  freeze(): void;
  /** Reset every connection. */
  cut(): void;
}

const TLS = {
  cert: readFileSync("tests/fixtures/tls/localhost.crt"),
  key: readFileSync("tests/fixtures/tls/localhost.key"),
};

/** The run's server on a TCP port of 127.0.0.1; with `tls` it answers PostgreSQL's request for encryption. */
export async function tcpProxy({ tls = false } = {}): Promise<TcpProxy> {
  const [{ host, port }] = parseDsn(inject("serverUrl")).hosts;
  const pairs = new Set<readonly [Socket, Socket]>();
  const join = (client: Socket, first?: Buffer) => {
    const upstream = connect(`${host}/.s.PGSQL.${port}`);
    for (const [socket, other] of [[client, upstream] as const, [upstream, client] as const]) {
      socket.on("error", () => other.destroy()).on("close", () => other.destroy());
    }
    pairs.add([client, upstream]);
    if (first) upstream.write(first);
    client.pipe(upstream).pipe(client);
  };
  const server = createServer((client) => {
    if (!tls) return join(client);
    client.on("error", () => {});
    client.once("data", (first: Buffer) => {
      const isSslRequest = first.length === 8 && first.readInt32BE(4) === 80_877_103;
      if (!isSslRequest) return join(client, first);
      client.write("S");
      join(new TLSSocket(client, { isServer: true, ...TLS }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => pairs.forEach(([client, upstream]) => [client.destroy(), upstream.destroy()]);
  return {
    port: (server.address() as AddressInfo).port,
    freeze: () => pairs.forEach(([client, upstream]) => [client.unpipe().pause(), upstream.unpipe().pause()]),
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
