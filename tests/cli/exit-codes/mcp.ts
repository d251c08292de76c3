import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { PassThrough } from "node:stream";
import { main } from "../../../src/cli/main.ts";
import { cli, type CliAnswer } from "../../support/project.ts";
import { type Place, situations } from "./situation.ts";

/** A client that says nothing and hangs up. */
async function hungUp({ project }: Place): Promise<CliAnswer> {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  let [out, err] = ["", ""];
  toServer.end();
  const exit = await main(["mcp"], {
    cwd: project.dir,
    environment: {},
    stdio: { in: toServer.resume(), out: toClient },
    out: (text) => void (out += text),
    err: (text) => void (err += text),
  });
  return { exit, out, err, json: {} };
}

/** A port of this machine that another server has. */
async function withTaken<T>(work: (port: number) => Promise<T>): Promise<T> {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  try {
    return await work((other.address() as AddressInfo).port);
  } finally {
    other.close();
  }
}

export const MCP = situations("mcp", [
  ["the client has hung up, or the server was stopped by a signal", 0, null, hungUp],
  [
    "others could reach the server and there is no token, or a short one; the port is taken",
    5,
    "MCP_001",
    async (p) => [
      await p.run("mcp --http --host 0.0.0.0"),
      await p.run("mcp --http", { CONFITURE_MCP_TOKEN: "short" }),
      await withTaken((port) => p.run(`mcp --http --port ${port}`)),
    ],
  ],
  [
    "`--port` or `--host` without `--http`",
    5,
    "CONFIG_008",
    (p) => cli(p.project.dir, "mcp --port 80 --format json"),
  ],
]);
