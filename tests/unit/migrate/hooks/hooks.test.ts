import { existsSync, readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { ConfitureError } from "../../../../src/base/errors.ts";
import type { Hook, HookEvent, HooksConfig } from "../../../../src/migrate/hooks/hook.ts";
import { type HooksOptions, openHooks } from "../../../../src/migrate/hooks/hooks.ts";
import { testLog } from "../../../support/log.ts";
import { testProject } from "../../../support/project.ts";
import { failure } from "../../config/project.ts";

const shell = (command: string, onError: Hook["onError"] = "abort"): Hook => ({
  command,
  onError,
  timeoutMs: 20_000,
});

/** The hooks of a run in a project of its own, removed when the running test is over. */
function bench(config: HooksConfig, options: Partial<HooksOptions> = {}) {
  const project = testProject();
  onTestFinished(() => project[Symbol.dispose]());
  const log = testLog();
  const hooks = openHooks(config, {
    projectDir: project.dir,
    environment: { PATH: process.env["PATH"] },
    log,
    direction: "up",
    database: "app@db:5432/app",
    ...options,
  });
  const text = (file: string) => readFileSync(project.path(file), "utf8");
  return { hooks, log, project, text };
}

const MIGRATION = { version: "002", name: "b" };

test("without hooks nothing fires", async () => {
  const { hooks } = bench({ before_run: [] });
  expect(hooks.has("before_run")).toBe(false);
  expect(await hooks.fire("before_run")).toEqual([]);
  expect(openHooks(undefined, { ...bench({}), database: "" } as never).has("after_run")).toBe(false);
});

test("the hooks of a point run one after the other, and are listed", async () => {
  const before_run = [shell("sleep 0.2; echo first >> order"), shell("echo second >> order; echo hello")];
  const { hooks, log, text } = bench({ before_run, after_run: [shell("true")] });
  expect(hooks.has("before_run")).toBe(true);
  const duration_ms = expect.any(Number);
  expect(await hooks.fire("before_run")).toEqual([
    { point: "before_run", hook: "hooks.before_run[0] (sleep)", ok: true, duration_ms, error: null },
    { point: "before_run", hook: "hooks.before_run[1] (echo)", ok: true, duration_ms, error: null },
  ]);
  expect(text("order")).toBe("first\nsecond\n");
  expect(log.lines).toContain("hooks.before_run[1] (echo) | hello");
  await hooks.fire("after_run");
  expect(hooks.outcomes.map(({ hook }) => hook)).toEqual([
    "hooks.before_run[0] (sleep)",
    "hooks.before_run[1] (echo)",
    "hooks.after_run[0] (true)",
  ]);
});

test("the events of a run share its facts, and have those of their point", async () => {
  const { hooks, text } = bench(
    { before_run: [shell("cat > 1")], after_migration: [shell("cat > 2")] },
    { direction: "down", dryRun: true },
  );
  await hooks.fire("before_run");
  const ran = { ...MIGRATION, rows_affected: 5 };
  await hooks.fire("after_migration", { migration: ran, applied: [ran], durationMs: 12 });
  const [first, second] = [text("1"), text("2")].map((file) => JSON.parse(file) as HookEvent);
  expect(first).toEqual({
    point: "before_run",
    execution_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    direction: "down",
    dry_run: true,
    database: "app@db:5432/app",
    migration: null,
    applied: [],
    error: null,
    duration_ms: null,
  });
  expect(second).toMatchObject({ migration: MIGRATION, applied: [MIGRATION], duration_ms: 12 });
  expect(second!.migration).toEqual(MIGRATION);
  expect(second!.execution_id).toBe(first!.execution_id);
});

test("a failing hook stops the run before it begins, and the hooks after it", async () => {
  const { hooks, project } = bench({
    before_run: [shell("./no-such.sh"), shell("touch second")],
    before_migration: [shell("echo 'no backup' >&2; exit 7")],
  });
  const error = await failure(hooks.fire("before_run"));
  expect(error).toMatchObject({ code: "HOOK_1100", exit: 1 });
  expect(error.message).toMatch(/^hooks\.before_run\[0\] \(\.\/no-such\.sh\) ended .*; nothing was run$/);
  expect(existsSync(project.path("second"))).toBe(false);
  const second = await failure(hooks.fire("before_migration", { migration: MIGRATION }));
  expect(second).toMatchObject({
    code: "HOOK_1100",
    message: "hooks.before_migration[0] (echo) ended with exit code 7: no backup; migration 002 was not run",
    context: {
      migration: "002",
      details: {
        point: "before_migration",
        hook: "hooks.before_migration[0] (echo)",
        exit_code: 7,
        error: "ended with exit code 7: no backup",
        stderr: "no backup",
      },
    },
  });
  expect(hooks.outcomes.map(({ ok }) => ok)).toEqual([false, false]);
});

const NO_DATABASE = { execute: async () => 0, query: async () => [] };

test.each([
  ["after_migration", true, "up", "migration 002 is undone"],
  ["after_migration", false, "up", "migration 002 is no single transaction, and what it did stays"],
  ["after_run", false, "up", "the 1 migration(s) of this run stay applied"],
  ["after_run", false, "down", "the 1 migration(s) of this run stay rolled back"],
] as const)("%s, inside a transaction: %s, %s: says what stays", async (point, inside, direction, wanted) => {
  const { hooks } = bench({ [point]: [shell("exit 1")] }, { direction });
  const facts = { migration: MIGRATION, applied: [MIGRATION] };
  const error = await failure(hooks.fire(point, facts, inside ? NO_DATABASE : undefined));
  expect(error).toMatchObject({ code: "HOOK_1101", exit: 1 });
  expect(error.message).toBe(`hooks.${point}[0] (exit) ended with exit code 1; ${wanted}`);
});

test("a dry run keeps nothing, whatever fails", async () => {
  const { hooks } = bench({ after_run: [shell("exit 1")] }, { dryRun: true });
  const { message } = await failure(hooks.fire("after_run", { applied: [MIGRATION] }));
  expect(message).toMatch(/; nothing of this dry run stays$/);
});

test("a hook that may fail is warned of, and the next one runs", async () => {
  const { hooks, log, project } = bench({
    before_run: [shell("echo no pager >&2; exit 1", "warn"), shell("touch second")],
  });
  const outcomes = await hooks.fire("before_run");
  expect(outcomes).toMatchObject([{ ok: false, error: "ended with exit code 1: no pager" }, { ok: true }]);
  expect(log.lines).toContain("warning: hooks.before_run[0] (echo) ended with exit code 1: no pager");
  expect(existsSync(project.path("second"))).toBe(true);
});

test.each(["after_migration_commit", "after_run_commit"] as const)("%s stops nothing", async (point) => {
  const { hooks, log } = bench({ [point]: [shell("exit 1", "abort")] });
  expect(await hooks.fire(point)).toMatchObject([{ ok: false }]);
  expect(log.lines).toEqual([`warning: hooks.${point}[0] (exit) ended with exit code 1`]);
});

test("a run that failed tells why, and keeps its own error", async () => {
  const { hooks, text } = bench({ after_run: [shell("cat > event; exit 1"), shell("touch second")] });
  const error = { code: "MIGR_001", message: "no such table" };
  expect(await hooks.fire("after_run", { error })).toMatchObject([{ ok: false }, { ok: true }]);
  expect(JSON.parse(text("event"))).toMatchObject({ error });
});

test("a dry run commits nothing, and says so to nobody", async () => {
  const commits = { after_migration_commit: [shell("touch a")], after_run_commit: [shell("touch b")] };
  const { hooks } = bench({ ...commits, after_migration: [shell("true")] }, { dryRun: true });
  expect(
    ["after_migration", "after_migration_commit", "after_run_commit"].map((p) => hooks.has(p as never)),
  ).toEqual([true, false, false]);
  expect(await hooks.fire("after_run_commit")).toEqual([]);
});

test("an interrupted run ends with its reason, and runs no further hook", async () => {
  const interrupt = new AbortController();
  const { hooks, project } = bench(
    { before_run: [shell("touch started; sleep 60", "warn")], after_run: [shell("touch never")] },
    { signal: interrupt.signal },
  );
  const running = failure(hooks.fire("before_run"));
  await expect.poll(() => existsSync(project.path("started"))).toBe(true);
  interrupt.abort(new ConfitureError("INTERRUPTED", "stopped by SIGINT"));
  expect(await running).toMatchObject({ code: "INTERRUPTED" });
  const error = { code: "INTERRUPTED", message: "stopped by SIGINT" };
  expect(await hooks.fire("after_run", { error })).toMatchObject([
    { ok: false, error: "was not run, because the run was interrupted" },
  ]);
  expect(existsSync(project.path("never"))).toBe(false);
});

test("no password and no argument of a command is shown", async () => {
  const command = `TOKEN=s3cret; echo postgresql://me:s3cret@h/x; echo "at 'postgres://me:s3cret@h/x'" >&2; exit 1`;
  const arguments_ = "false --token=s3cret";
  const { hooks, log } = bench({ before_run: [shell(command, "warn"), shell(arguments_)] });
  const error = await failure(hooks.fire("before_run"));
  const everything = JSON.stringify([error.message, error.context, hooks.outcomes, log.lines]);
  expect(everything).not.toContain("s3cret");
  expect(everything).toContain("postgresql://me:***@h/x");
});
