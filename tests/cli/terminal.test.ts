import { execFileSync, spawn } from "node:child_process";
import { resolve } from "node:path";
import { expect, inject, test } from "vitest";
import { testProject } from "../support/project.ts";
import { syncPair } from "../support/sync.ts";

/** util-linux has a program that gives another one a terminal. */
const hasScript = (() => {
  try {
    return execFileSync("script", ["--version"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).includes("util-linux");
  } catch {
    return false;
  }
})();

const FILES = { "a.sql": "create table t (mail text)", "b.sql": "create table t (email text)" };

/** Runs the built program on a terminal of its own; types the answer once it is asked. */
async function onTerminal(
  answer: string,
  environment: Readonly<Record<string, string>> = {},
  command = "diff a.sql b.sql",
) {
  using project = testProject(FILES);
  const words = `'${process.execPath}' '${resolve("dist/bin/confiture.js")}' ${command}`;
  const child = spawn("script", ["--quiet", "--return", "--echo", "never", "--command", words, "/dev/null"], {
    cwd: project.dir,
    env: {
      PATH: process.env["PATH"],
      HOME: project.dir,
      TERM: "xterm",
      CONFITURE_SCRATCH_URL: inject("serverUrl"),
      ...environment,
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const wasAsked = out.includes("r/d/s? ");
    out += text;
    if (!wasAsked && out.includes("r/d/s? ")) child.stdin.write(answer);
  });
  const exit = await new Promise((done) => child.once("exit", done));
  return { exit, out: out.replaceAll("\r\n", "\n") };
}

test.runIf(hasScript)("a terminal is asked, until the answer is one, and shows colours", async () => {
  const { exit, out } = await onTerminal("what\nr\n");
  expect(exit).toBe(1);
  expect(out.match(/column public\.t\.mail is gone/g)).toHaveLength(2);
  expect(out).toContain("\u001B[1m-- transaction 1\u001B[22m\n");
  expect(out).toContain("alter table public.t rename column mail to email;\n");
});

test.runIf(hasScript)("Ctrl-C and the end of the input stop; NO_COLOR has none", async () => {
  for (const key of ["\u0003", "\u0004"]) {
    const { exit, out } = await onTerminal(key, { NO_COLOR: "1" });
    expect(exit).toBe(130);
    expect(out).toContain("error INTERRUPTED");
    expect(out).not.toContain("\u001B");
  }
});

test.runIf(hasScript)("a sync shows how far it is in a line that the result replaces", async () => {
  await using pair = await syncPair(
    "create table t (id int, v text)",
    "insert into t select i, repeat('x', 500) from generate_series(1, 20000) i",
  );
  const words = `sync --from '${pair.source.url}' --to '${pair.target.url}' --allow-plaintext`;
  const { exit, out } = await onTerminal("", {}, words);
  expect(exit).toBe(0);
  const told = out.replaceAll("\r\u001B[K", "<gone>");
  expect(told).toMatch(/\[#*\.*\] +\d+ % .* rows\/s .* MB\/s .* s left<gone>/);
  expect(told).toMatch(/<gone> {2}public\.t {2}20000 row\(s\)\nCopied 20000 row\(s\)/);
});
