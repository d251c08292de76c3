import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { inject } from "vitest";
import { parseDsn } from "../../src/pg/dsn.ts";

export interface PoolerOptions {
  /** When a backend goes back into the pool: after each transaction, or when its client goes. */
  readonly mode: "transaction" | "session";
  readonly size: number;
  /** Which idle backend is lent next: the one that came back last, or the one that waited longest. */
  readonly order?: "last" | "longest";
}

export interface Pooler extends AsyncDisposable {
  readonly port: number;
}

/** One session on the server; clients of the pooler borrow it. */
interface Backend {
  readonly socket: Socket;
  client: Client | undefined;
}

interface Client {
  readonly socket: Socket;
  backend: Backend | undefined;
  /** What it sent while it had no backend. */
  readonly waiting: Buffer[];
}

/** Startup packets and typed messages of PostgreSQL's protocol, cut out of a stream. */
function messages(socket: Socket, hasTypes: boolean, take: (message: Buffer, type: string) => void): void {
  let rest = Buffer.alloc(0);
  let typed = hasTypes;
  socket.on("data", (data: Buffer) => {
    rest = Buffer.concat([rest, data]);
    for (;;) {
      const at = typed ? 1 : 0;
      if (rest.length < at + 4) return;
      const end = at + rest.readInt32BE(at);
      if (rest.length < end) return;
      const message = rest.subarray(0, end);
      rest = rest.subarray(end);
      const isStartup = !typed && message.readInt32BE(4) === 196_608;
      take(message, typed ? String.fromCodePoint(message[0]!) : isStartup ? "startup" : "ssl");
      if (isStartup) typed = true;
    }
  });
}

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
};

/** Authentication is granted, and the client gets a pid that no backend has. */
function greet(socket: Socket, number: number): void {
  const keys = Buffer.alloc(8);
  keys.writeInt32BE(1_000_000 + number, 0);
  socket.write(
    Buffer.concat([message("R", Buffer.alloc(4)), message("K", keys), message("Z", Buffer.from("I"))]),
  );
}

/** A pooler in front of the run's server, on a TCP port of 127.0.0.1; it knows one database. */
export async function pooler(database: string, options: PoolerOptions): Promise<Pooler> {
  const [{ host, port }] = parseDsn(inject("serverUrl")).hosts;
  const idle: Backend[] = [];
  const queue: Client[] = [];
  const sockets = new Set<Socket>();
  let [backends, clients] = [0, 0];

  const open = (): Backend => {
    backends++;
    const backend: Backend = { socket: connect(`${host}/.s.PGSQL.${port}`), client: undefined };
    sockets.add(backend.socket);
    backend.socket.on("error", () => {});
    const startup = Buffer.from(`\0\0\0\0\0\x03\0\0user\0postgres\0database\0${database}\0\0`);
    startup.writeInt32BE(startup.length);
    backend.socket.write(startup);
    let isReady = false;
    messages(backend.socket, true, (answer, type) => {
      if (isReady) backend.client?.socket.write(answer);
      if (type !== "Z") return;
      if (!isReady) backend.client?.waiting.splice(0).forEach((sent) => backend.socket.write(sent));
      const isIdle = isReady && String.fromCodePoint(answer[5]!) === "I";
      isReady = true;
      if (isIdle && options.mode === "transaction") giveBack(backend);
    });
    return backend;
  };
  const lend = (client: Client, backend: Backend, isNew: boolean) => {
    client.backend = backend;
    backend.client = client;
    if (!isNew) client.waiting.splice(0).forEach((sent) => backend.socket.write(sent));
  };
  const giveBack = (backend: Backend) => {
    if (backend.client) backend.client.backend = undefined;
    backend.client = undefined;
    const next = queue.shift();
    if (next) lend(next, backend, false);
    else idle.push(backend);
  };
  const send = (client: Client, sent: Buffer) => {
    if (client.backend && client.waiting.length === 0) return void client.backend.socket.write(sent);
    client.waiting.push(sent);
    if (client.backend || queue.includes(client)) return;
    const free = options.order === "longest" ? idle.shift() : idle.pop();
    if (free) lend(client, free, false);
    else if (backends < options.size) lend(client, open(), true);
    else queue.push(client);
  };
  const server = createServer((socket) => {
    const client: Client = { socket, backend: undefined, waiting: [] };
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      if (queue.includes(client)) queue.splice(queue.indexOf(client), 1);
      if (!client.backend) return;
      client.backend.socket.destroy();
      backends--;
      const next = queue.shift();
      if (next) lend(next, open(), true);
    });
    messages(socket, false, (sent, type) => {
      if (type === "ssl") socket.write("N");
      else if (type === "startup") greet(socket, ++clients);
      else if (type === "X") socket.end();
      else send(client, sent);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
