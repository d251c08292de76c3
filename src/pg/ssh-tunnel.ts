import { type ChildProcess, spawn } from "node:child_process";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfitureError } from "../base/errors.ts";
import { type Environment, parseDsn } from "./dsn.ts";

export interface TunnelOptions {
  readonly host: string;
  readonly user?: string | undefined;
  /** The database as the SSH server sees it: `host:port`, or the path of a socket. */
  readonly remote: string;
  /** 0 takes a free one. */
  readonly localPort: number;
  readonly identityFile?: string | undefined;
  readonly timeoutMs: number;
}

interface OpenOptions {
  /** For the program: PATH, SSH_AUTH_SOCK and their like. */
  readonly environment: Environment;
  readonly signal?: AbortSignal | undefined;
}

export interface Tunnel extends AsyncDisposable {
  /** On 127.0.0.1. */
  readonly port: number;
  /** End it at once, without waiting. */
  kill(): void;
}

/** What the program may take beyond its own time limit, e.g. for the login. */
const LOGIN_MS = 5000;
const POLL_MS = 50;
const END_MS = 2000;
const STDERR_LENGTH = 1000;

/**
 * Open a tunnel with the system's `ssh`, which asks nothing: keys, agent and host names are its own affair.
 * Throws CONFIG_006 with its words when it ends, or when the port does not answer in time.
 */
export async function openTunnel(options: TunnelOptions, context: OpenOptions): Promise<Tunnel> {
  const port = await freePort(options.localPort);
  // In a process group of its own: Ctrl-C must not end it before what runs through it is cancelled.
  const child = spawn("ssh", argumentsOf(options, port), {
    env: context.environment,
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  const ended = endOf(child);
  const kill = () => void child.kill();
  const end = async () => {
    kill();
    const isLate = await Promise.race([ended.then(() => false), sleep(END_MS, true, { ref: false })]);
    if (isLate) child.kill("SIGKILL");
  };
  try {
    await Promise.race([
      untilItAnswers(port, options.timeoutMs + LOGIN_MS, context.signal),
      ended.then((why) => {
        throw failed(options, why);
      }),
    ]);
  } catch (error) {
    await end();
    throw error === TOO_LATE ? failed(options, "the tunnel is not there in time") : error;
  }
  return { port, kill, [Symbol.asyncDispose]: end };
}

/** The connection string with its server replaced by the tunnel's end; certificates are still checked against its name. */
export function throughTunnel(url: string, port: number, environment: Environment = {}): string {
  const [{ host }] = parseDsn(url, environment).hosts;
  const name = host.startsWith("/") ? "localhost" : host;
  const parameters = { host: name, hostaddr: "127.0.0.1", port: String(port) };
  if (/^postgres(ql)?:\/\//.test(url)) {
    return `${url}${url.includes("?") ? "&" : "?"}${new URLSearchParams(parameters).toString()}`;
  }
  return `${url} host='${name.replaceAll(/['\\]/g, "\\$&")}' hostaddr=127.0.0.1 port=${port}`;
}

const argumentsOf = (options: TunnelOptions, port: number): string[] => [
  "-N",
  "-L",
  `127.0.0.1:${port}:${options.remote}`,
  ...[
    "StrictHostKeyChecking=accept-new",
    `ConnectTimeout=${Math.ceil(options.timeoutMs / 1000)}`,
    "ExitOnForwardFailure=yes",
    "BatchMode=yes",
  ].flatMap((option) => ["-o", option]),
  ...(options.identityFile === undefined ? [] : ["-i", options.identityFile]),
  ...(options.user === undefined ? [] : ["-l", options.user]),
  "--",
  options.host,
];

/** A port that nobody listens on, or else what listens there would be taken for the tunnel. */
async function freePort(wanted: number): Promise<number> {
  const server = createServer();
  try {
    return await new Promise<number>((resolve, reject) => {
      server.once("error", reject);
      server.listen(wanted, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : wanted);
      });
    });
  } catch (cause) {
    throw new ConfitureError("CONFIG_006", `the tunnel's local port ${wanted} cannot be used`, {
      details: { cause: "tunnel", local_port: wanted },
      actionable: "Leave `ssh_tunnel.local_port` out: a free port is taken then.",
      cause,
    });
  } finally {
    server.close();
  }
}

/** Resolves with why the program is gone: its own last words where it has some. */
const endOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    let words = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      words = (words + text).slice(-STDERR_LENGTH);
    });
    child.once("error", (error) => resolve(`ssh cannot be started: ${error.message}`));
    child.once("close", (code) => resolve(words.trim() || `ssh ended with exit code ${code ?? "unknown"}`));
  });

const TOO_LATE = Symbol("too late");

async function untilItAnswers(
  port: number,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const started = performance.now();
  while (!(await answers(port))) {
    signal?.throwIfAborted();
    if (performance.now() - started > timeoutMs) throw TOO_LATE;
    await sleep(POLL_MS);
  }
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const done = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", () => done(true)).once("error", () => done(false));
  });

const failed = ({ host, remote }: TunnelOptions, why: string): ConfitureError =>
  new ConfitureError("CONFIG_006", `the SSH tunnel through ${host} to ${remote} failed: ${why}`, {
    details: { cause: "tunnel", ssh_host: host, remote },
    actionable: `Check that \`ssh ${host}\` works without asking anything, and what \`ssh_tunnel\` says.`,
  });
