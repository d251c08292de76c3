import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

/** One throwaway server for the whole run, on a Unix socket. */
export default function setup(project: TestProject): () => void {
  const dir = mkdtempSync(join(tmpdir(), "cft-"));
  chmodSync(dir, 0o777);
  const bin = execFileSync("pg_config", ["--bindir"], { encoding: "utf8" }).trim();
  const as = (command: string, args: string[]) =>
    execFileSync("su", ["postgres", "-c", [join(bin, command), ...args].join(" ")], { stdio: "pipe" });
  as("initdb", ["-D", `${dir}/data`, "-A", "trust", "-U", "postgres", "--no-sync"]);
  const settings = `'-k ${dir} -c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off'`;
  as("pg_ctl", ["-D", `${dir}/data`, "-w", "-l", `${dir}/log`, "-o", settings, "start"]);
  project.provide("serverUrl", `postgresql://postgres@/postgres?host=${dir}`);
  return () => {
    as("pg_ctl", ["-D", `${dir}/data`, "-m", "immediate", "stop"]);
    rmSync(dir, { recursive: true, force: true });
  };
}

declare module "vitest" {
  interface ProvidedContext {
    serverUrl: string;
  }
}
