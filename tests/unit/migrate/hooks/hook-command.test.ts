import { existsSync, readFileSync, realpathSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { runCommand } from "../../../../src/migrate/hooks/hook-command.ts";
import { EVENT, hookCall } from "./hook-call.ts";

test("a command gets the event on stdin, runs in the project's folder, and its output is said", async () => {
  const { call, said, project } = hookCall();
  expect(await runCommand("cat > event.json; pwd; echo two >&2", call)).toEqual({ stderr: "two" });
  expect(JSON.parse(readFileSync(project.path("event.json"), "utf8"))).toEqual(EVENT);
  expect(said.toSorted()).toEqual([realpathSync(project.dir), "two"].toSorted());
});

const SHOW = "env | grep -E '^(CONFITURE|PG|DATABASE)' | sort";

test("a command's environment is the caller's and what the event adds", async () => {
  const { call, said } = hookCall();
  const environment = { ...call.environment, PGUSER: "me", CONFITURE_VERSION: "of an outer run" };
  await runCommand(SHOW, { ...call, environment });
  expect(said).toEqual([
    "CONFITURE_DATABASE=app@db:5432/app",
    "CONFITURE_DIRECTION=up",
    "CONFITURE_HOOK_POINT=before_migration",
    "CONFITURE_NAME=create_orders",
    "CONFITURE_VERSION=002",
    "PGUSER=me",
  ]);
});

test("at the points of a run there is no version; a dry run and a test are told", async () => {
  const { call, said } = hookCall();
  const environment = { ...call.environment, CONFITURE_VERSION: "of an outer run" };
  const event = { ...EVENT, point: "before_run", migration: null, dry_run: true, test: true } as const;
  await runCommand(SHOW, { ...call, environment, event });
  expect(said).toEqual([
    "CONFITURE_DATABASE=app@db:5432/app",
    "CONFITURE_DIRECTION=up",
    "CONFITURE_DRY_RUN=1",
    "CONFITURE_HOOK_POINT=before_run",
    "CONFITURE_HOOK_TEST=1",
  ]);
});

test("an exit code is a failure, with the last lines of stderr", async () => {
  const { call } = hookCall();
  const end = await runCommand("seq 1 30 >&2; echo; exit 3", call);
  expect(end).toMatchObject({ error: "ended with exit code 3: 30", exitCode: 3 });
  expect(end.stderr!.split("\n")).toEqual(Array.from({ length: 20 }, (_, i) => String(i + 11)));
  expect(await runCommand("no-such-program", call)).toMatchObject({ exitCode: 127 });
});

test("a hook need not read its event, however long", async () => {
  const { call } = hookCall();
  const applied = Array.from({ length: 20_000 }, (_, i) => ({ version: String(i), name: "x".repeat(20) }));
  expect(await runCommand("exit 0", { ...call, event: { ...EVENT, applied } })).toEqual({ stderr: "" });
});

test("a folder that is not there is a failure", async () => {
  const { call } = hookCall();
  const { error } = await runCommand("true", { ...call, projectDir: "/no/such/folder" });
  expect(error).toMatch(/^cannot be started: .*ENOENT/);
});

test("a command that the system does not take is a failure, and not quoted", async () => {
  const { call } = hookCall();
  const end = await runCommand(`echo s3cret ${"x".repeat(4_000_000)}`, call);
  expect(end.error).toMatch(/^cannot be started.*E2BIG/);
  expect(await runCommand("echo s3cret \0", call)).toEqual({
    error: "cannot be started (ERR_INVALID_ARG_VALUE)",
  });
});

test("a hook killed by a signal is a failure", async () => {
  const { call } = hookCall();
  expect((await runCommand("kill -KILL $$", call)).error).toBe("was ended by SIGKILL");
});

/** Whether a process of a test's own is still there; a zombie is not. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

const STUBBORN = "trap '' TERM; (trap '' TERM; sleep 60) & echo $! > pid; echo started >&2; wait; wait";

test("one that outlives its time is killed with its children, even when they ignore SIGTERM", async () => {
  const { call, project } = hookCall({}, { timeoutMs: 2000 });
  const started = performance.now();
  expect(await runCommand(STUBBORN, call)).toMatchObject({ error: "was killed after 2000 ms: started" });
  expect(performance.now() - started).toBeLessThan(20_000);
  const pid = Number(readFileSync(project.path("pid"), "utf8"));
  expect(pid).toBeGreaterThan(1);
  await expect.poll(() => isRunning(pid)).toBe(false);
});

test("an interrupted run kills its hook", async () => {
  const { call, project } = hookCall();
  const interrupt = new AbortController();
  const running = runCommand("sleep 60 & echo $! > pid; wait", { ...call, signal: interrupt.signal });
  await expect.poll(() => existsSync(project.path("pid"))).toBe(true);
  await wait(50);
  interrupt.abort(new Error("stop"));
  expect(await running).toMatchObject({ error: "was killed, because the run was interrupted" });
  const pid = Number(readFileSync(project.path("pid"), "utf8"));
  await expect.poll(() => isRunning(pid)).toBe(false);
});

test("what a hook leaves in the background keeps nobody waiting, and goes on", async () => {
  const { call, project, said } = hookCall();
  const started = performance.now();
  await runCommand("(sleep 2; touch later) & echo here", call);
  expect(performance.now() - started).toBeLessThan(1900);
  expect(said).toEqual(["here"]);
  await expect.poll(() => existsSync(project.path("later")), { timeout: 5000 }).toBe(true);
});
