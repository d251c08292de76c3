import { onTestFinished } from "vitest";
import type { HookCall, HookEvent } from "../../../../src/migrate/hooks/hook.ts";
import { type Project, testProject } from "../../../support/project.ts";

export const EVENT: HookEvent = {
  point: "before_migration",
  execution_id: "5f0c7d1e-0000-4000-8000-000000000000",
  timestamp: "2026-05-20T12:00:00.000Z",
  direction: "up",
  dry_run: false,
  database: "app@db:5432/app",
  migration: { version: "002", name: "create_orders" },
  applied: [{ version: "001", name: "create_users" }],
  error: null,
  duration_ms: null,
};

/** A call in a project with these files, removed when the running test is over, and what the hook says. */
export function hookCall(
  files: Readonly<Record<string, string>> = {},
  options: Partial<HookCall> = {},
): { readonly call: HookCall; readonly said: string[]; readonly project: Project } {
  const project = testProject(files);
  onTestFinished(() => project[Symbol.dispose]());
  const said: string[] = [];
  const call: HookCall = {
    event: EVENT,
    projectDir: project.dir,
    environment: { PATH: process.env["PATH"] },
    timeoutMs: 20_000,
    signal: undefined,
    db: undefined,
    say: (line) => void said.push(line),
    ...options,
  };
  return { call, said, project };
}
