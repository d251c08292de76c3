import { chmodSync, existsSync, readFileSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import { inject } from "vitest";
import { parseDsn } from "../../src/pg/dsn.ts";
import { type Project, testProject } from "./project.ts";

/** Stands where `ssh` is looked for: forwards as it is told, and notes with what words it was called. */
const PROGRAM = `#!/usr/bin/env node
const { createServer, connect } = require("node:net");
const { writeFileSync } = require("node:fs");
const words = process.argv.slice(2);
writeFileSync(__dirname + "/called.json", JSON.stringify({ pid: process.pid, words }));
const host = words.at(-1);
if (host === "refuses") {
  process.stderr.write("deploy@refuses: Permission denied (publickey).\\n");
  process.exit(255);
}
const [, port, path] = /^127\\.0\\.0\\.1:(\\d+):(.*)$/.exec(words[words.indexOf("-L") + 1]);
if (host !== "hangs") createServer((client) => {
  const upstream = connect(path);
  client.on("error", () => upstream.destroy());
  upstream.on("error", () => client.destroy());
  client.pipe(upstream).pipe(client);
}).listen(Number(port), "127.0.0.1");
else setInterval(() => {}, 1000);
`;

export interface FakeSsh extends Disposable {
  /** What finds it. */
  readonly environment: { readonly PATH: string };
  /** The run's server as the far end sees it. */
  readonly socket: string;
  called(): { readonly pid: number; readonly words: readonly string[] } | undefined;
  isRunning(): boolean;
}

export function fakeSsh(): FakeSsh {
  const project: Project = testProject({ ssh: PROGRAM });
  chmodSync(project.path("ssh"), 0o755);
  const [{ host, port }] = parseDsn(inject("serverUrl")).hosts;
  const called = () => {
    const note = project.path("called.json");
    return existsSync(note) ? (JSON.parse(readFileSync(note, "utf8")) as never) : undefined;
  };
  return {
    environment: { PATH: [project.dir, dirname(process.execPath), process.env["PATH"]].join(delimiter) },
    socket: `${host}/.s.PGSQL.${port}`,
    called,
    isRunning() {
      try {
        process.kill((called()! as { pid: number }).pid, 0);
        return true;
      } catch {
        return false;
      }
    },
    [Symbol.dispose]: () => project[Symbol.dispose](),
  };
}
