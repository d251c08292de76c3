import { spawn } from "node:child_process";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { listener } from "../support/listener.ts";
import { mailbox } from "../support/mailbox.ts";
import { cli, testProject } from "../support/project.ts";

const CONFIG = "db/environments/local.yaml";
const HOOKS = `hooks:
  before_run: [{ command: "./hooks/page.sh --token \${TOKEN}", on_error: warn }]
  after_migration: [{ module: ./hooks/audit.ts }]
`;
const NOTIFICATIONS = `notifications:
  on: [failure]
  webhooks: [{ url: "\${HOOK_URL}", preset: slack, headers: { X-Key: "\${TOKEN}" }, retries: 0 }]
  smtp: { url: "\${SMTP_URL}", from: db@example.org, to: [a@example.org] }
`;
const AUDIT = `import { writeFileSync } from "node:fs";
import { join } from "node:path";
export default async (event: { point: string }, { db }: { db: unknown }): Promise<void> => {
  console.log("audited", event.point);
  writeFileSync(join(import.meta.dirname ?? __dirname, "event.json"), JSON.stringify({ event, db: db ?? null }));
};`;
const FILES = {
  [CONFIG]: `database_url: \${NOT_NEEDED}\n${HOOKS}${NOTIFICATIONS}`,
  "hooks/page.sh": "#!/bin/sh\ncat > page.json; env | grep ^CONFITURE_ | sort > page.env\n",
  "hooks/audit.ts": AUDIT,
};
const TOKEN = "t0ken";
const PATH = `${process.env["PATH"]}`;

/** A project with hooks, and the servers its notifications reach. */
async function bench(answers: readonly number[] = [200]) {
  const server = await listener(answers);
  const box = await mailbox({ login: ["me", "s3cret"] });
  const project = testProject(FILES);
  chmodSync(project.path("hooks/page.sh"), 0o755);
  return {
    server,
    box,
    project,
    environment: {
      PATH,
      TOKEN,
      HOOK_URL: `${server.url}/s3cret`,
      SMTP_URL: `smtp://me:s3cret@127.0.0.1:${box.port}`,
    },
    json: (file: string): unknown => JSON.parse(readFileSync(project.path(file), "utf8")),
    async [Symbol.asyncDispose]() {
      project[Symbol.dispose]();
      await box[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe("hooks test", () => {
  test("runs every hook and sends every notification, without a database", async () => {
    await using b = await bench();
    const answer = await cli(b.project.dir, "hooks test --format json", b.environment);
    expect(answer).toMatchObject({ exit: 0, err: "" });
    expect(answer.json).toMatchObject({
      ok: true,
      dry_run: false,
      hooks: [
        { point: "before_run", hook: "hooks.before_run[0] (./hooks/page.sh)", ok: true, error: null },
        { point: "after_migration", hook: "hooks.after_migration[0] (./hooks/audit.ts)", ok: true },
      ],
      notifications: [
        { channel: "webhook", target: b.server.url, ok: true },
        { channel: "smtp", target: `smtp://127.0.0.1:${b.box.port}`, ok: true },
      ],
    });
    expect(answer.out).not.toMatch(/s3cret|t0ken/);
    expect(b.json("page.json")).toMatchObject({ point: "before_run", test: true });
    expect(readFileSync(b.project.path("page.env"), "utf8")).toContain("CONFITURE_HOOK_TEST=1\n");
    expect(b.json("hooks/event.json")).toMatchObject({ event: { test: true }, db: null });
    expect(b.server.received[0]!.headers["x-key"]).toBe(TOKEN);
    expect(b.server.received[0]!.body).toContain("[Test] [Migration] local");
    expect(b.box.mails[0]).toContain("Subject: [Test] [Migration] local");
  });

  test("says which of them fail, and goes on", async () => {
    await using b = await bench([500]);
    b.project.write("hooks/page.sh", "#!/bin/sh\necho no pager >&2; exit 4\n");
    const answer = await cli(b.project.dir, "hooks test", b.environment);
    expect(answer.exit).toBe(1);
    expect(answer.out.split("\n")).toEqual([
      "FAILED  hooks.before_run[0] (./hooks/page.sh): ended with exit code 4: no pager",
      expect.stringMatching(/^ok      hooks\.after_migration\[0\] \(\.\/hooks\/audit\.ts\) \(\d+ ms\)$/),
      `FAILED  webhook ${b.server.url}: answered 500`,
      `ok      smtp smtp://127.0.0.1:${b.box.port}`,
      "",
    ]);
    expect(answer.err).toContain("hooks.before_run[0] (./hooks/page.sh) | no pager");
    expect(answer.out + answer.err).not.toMatch(/s3cret|t0ken/);
  });

  test("--point runs the hooks of one point, and notifies nobody", async () => {
    await using b = await bench();
    const answer = await cli(b.project.dir, "hooks test --point before_run --format json", b.environment);
    expect(answer.json).toMatchObject({ ok: true, hooks: [{ point: "before_run" }], notifications: [] });
    expect([b.server.received, b.box.mails]).toEqual([[], []]);
    expect((await cli(b.project.dir, "hooks test --point after_run", b.environment)).exit).toBe(1);
    expect((await cli(b.project.dir, "hooks test --point before_execute", b.environment)).exit).toBe(5);
  });

  test("--dry-run says what would run and be sent, and does nothing", async () => {
    await using b = await bench();
    const answer = await cli(b.project.dir, "hooks test --dry-run --format json", b.environment);
    expect(answer.exit).toBe(0);
    expect(answer.json).toMatchObject({
      ok: true,
      dry_run: true,
      planned_hooks: [
        { point: "before_run", hook: "hooks.before_run[0] (./hooks/page.sh)", on_error: "warn" },
        { point: "after_migration", on_error: "abort" },
      ],
      planned_notifications: [
        { channel: "webhook", target: b.server.url, message: { attachments: [{ color: "#36a64f" }] } },
        { channel: "smtp", message: { subject: expect.stringContaining("[Test]") } },
      ],
      hooks: [],
      notifications: [],
    });
    expect(answer.out).not.toMatch(/s3cret|t0ken/);
    const text = (await cli(b.project.dir, "hooks test --dry-run", b.environment)).out;
    expect(text).toContain("would run hooks.before_run[0] (./hooks/page.sh), on error warn\n");
    expect(text).not.toMatch(/s3cret|t0ken/);
    expect(existsSync(b.project.path("page.json"))).toBe(false);
    expect([b.server.received, b.box.mails]).toEqual([[], []]);
  });

  test("a configuration that names nothing is no success", async () => {
    using project = testProject({ [CONFIG]: "database_url: embedded\n" });
    expect(await cli(project.dir, "hooks test")).toMatchObject({
      exit: 1,
      out: "Nothing to test: the configuration names no hook and no notification.\n",
    });
  });

  test("a configuration that cannot be meant", async () => {
    using project = testProject({ [CONFIG]: "hooks: {before_execute: [{command: x}]}\n" });
    const answer = await cli(project.dir, "hooks test --format json");
    expect([answer.exit, answer.json.error!["code"]]).toEqual([5, "CONFIG_002"]);
  });
});

/** Run the built program; gives what it printed, its exit code and how long it took. */
async function built(cwd: string, words: readonly string[]) {
  const program = resolve("dist/bin/confiture.js");
  expect(existsSync(program), "run `npm run build` first").toBe(true);
  const started = performance.now();
  const child = spawn(process.execPath, [program, ...words], { cwd, env: { PATH } });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => void (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => void (err += text));
  const exit = await new Promise<number | null>((done) => void child.once("close", done));
  return { out, err, exit, ms: performance.now() - started };
}

test("the built program runs TypeScript; what a module prints goes to stderr", async () => {
  using project = testProject({
    [CONFIG]: "hooks: {before_run: [{module: ./hooks/audit.ts}]}\n",
    "hooks/audit.ts": AUDIT,
  });
  const { out, err, exit } = await built(project.dir, ["hooks", "test", "--format", "json"]);
  expect(exit, err).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ ok: true });
  expect(err).toBe("audited before_run\n");
});

test("a module that never ends does not keep the program", async () => {
  using project = testProject({
    [CONFIG]: "hooks: {before_run: [{module: ./endless.mjs, timeout: 300ms}]}\n",
    "endless.mjs": "export default () => new Promise(() => setInterval(() => {}, 1000));",
  });
  const { out, exit, ms } = await built(project.dir, ["hooks", "test"]);
  expect(out).toBe("FAILED  hooks.before_run[0] (./endless.mjs): was abandoned after 300 ms\n");
  expect(exit).toBe(1);
  expect(ms).toBeLessThan(20_000);
});
