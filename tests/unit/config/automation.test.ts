import { expect, test } from "vitest";
import { environmentSchema } from "../../../src/config/environment-schema.ts";
import { migrationSettingsOf } from "../../../src/config/feature-settings.ts";
import { loadSettings } from "../../../src/config/load.ts";
import { HOOK_POINTS } from "../../../src/migrate/hooks/hook.ts";
import { failure, project } from "./project.ts";

const FILE = "db/environments/prod.yaml";

async function load(yaml: string, environment: Record<string, string> = {}) {
  const folder = await project({ [FILE]: yaml });
  return migrationSettingsOf(await loadSettings(FILE, { cwd: folder, environment }));
}

/** The messages of all problems. */
async function problemsOf(yaml: string, environment: Record<string, string> = {}): Promise<string[]> {
  const error = await failure(load(yaml, environment));
  expect(error.context.file).toBe(FILE);
  return (error.context.details!["problems"] as { message: string }[]).map(({ message }) => message);
}

test("a file without hooks and notifications asks for none", async () => {
  const { hooks, notifications } = await load("database_url: embedded\n");
  expect({ hooks, notifications }).toEqual({ hooks: undefined, notifications: undefined });
});

test("the points of the config are those that migrations have", () => {
  expect(Object.keys(environmentSchema.parse({ hooks: {} }).hooks!).toSorted()).toEqual(
    HOOK_POINTS.toSorted(),
  );
});

test("hooks: commands and modules, with their defaults", async () => {
  const { hooks, projectDir } = await load(`
hooks:
  before_run: [{command: ./page.sh --now, on_error: warn, timeout: 30s}]
  before_migration: [{module: ./hooks/audit.mjs}, {module: ./hooks/more.ts, timeout: 500}]
  after_run_commit: [{command: ./done.sh}]
`);
  expect(hooks).toEqual({
    before_run: [{ command: "./page.sh --now", onError: "warn", timeoutMs: 30_000 }],
    before_migration: [
      { module: "./hooks/audit.mjs", onError: "abort", timeoutMs: 60_000 },
      { module: "./hooks/more.ts", onError: "abort", timeoutMs: 500 },
    ],
    after_migration: [],
    after_migration_commit: [],
    after_run: [],
    after_run_commit: [{ command: "./done.sh", onError: "warn", timeoutMs: 60_000 }],
  });
  expect(projectDir).toMatch(/confiture-config-/);
});

test("hooks that cannot be meant", async () => {
  expect(
    await problemsOf(`
hooks:
  before_execute: [{command: x}]
  before_migrations: [{command: x}]
  before_run: [{command: x, module: ./y.mjs}, {on_error: warn}, {module: ./y.py}]
  after_migration: [{command: x, timeout: 0}, {command: x, on_error: ignore}]
  after_run_commit: [{command: x, on_error: abort}]
`),
  ).toEqual([
    "hooks.before_execute is not a known key; write hooks.before_migration instead",
    "hooks.before_migrations is not a known key; did you mean before_migration?",
    "hooks.before_run[0] must have a command or a module, and not both",
    "hooks.before_run[1] must have a command or a module, and not both",
    "hooks.before_run[2].module must be a .mjs, .js, .mts or .ts file",
    "hooks.after_migration[0].timeout must be more than 0",
    "hooks.after_migration[1].on_error must be abort or warn",
    "hooks.after_run_commit[0].on_error must be warn",
  ]);
});

test("notifications: webhooks and a mail server by URL, from variables", async () => {
  const { notifications } = await load(
    `
notifications:
  webhooks:
    - {url: "\${HOOK_URL}", preset: slack, headers: {Authorization: "Bearer \${TOKEN}"}, timeout: 5s, retries: 0}
    - {url: "http://localhost/x"}
  smtp: {url: "\${SMTP_URL}", from: "DB <db@example.org>", to: [a@example.org]}
`,
    { HOOK_URL: "https://hooks.example.org/s3cret", TOKEN: "t0ken", SMTP_URL: "smtp://me:p%40ss@mx:2525" },
  );
  expect(notifications).toEqual({
    environment: "prod",
    on: ["success", "failure"],
    webhooks: [
      {
        url: "https://hooks.example.org/s3cret",
        preset: "slack",
        headers: { Authorization: "Bearer t0ken" },
        timeoutMs: 5000,
        retries: 0,
      },
      { url: "http://localhost/x", preset: "json", headers: {}, timeoutMs: 10_000, retries: 2 },
    ],
    smtp: {
      host: "mx",
      port: 2525,
      secure: false,
      user: "me",
      password: "p@ss",
      from: "DB <db@example.org>",
      to: ["a@example.org"],
      timeoutMs: 10_000,
    },
  });
});

test.each([
  ["url: smtp://mx", { host: "mx", port: 587, secure: false, user: undefined }],
  ["url: smtps://mx", { host: "mx", port: 465, secure: true }],
  ["url: 'smtp://[::1]:25'", { host: "::1", port: 25, secure: false }],
  ["url: smtp://mx:465", { host: "mx", port: 465, secure: true }],
  ["host: mx", { host: "mx", port: 587, secure: false }],
  ["host: mx, secure: true", { host: "mx", port: 465, secure: true }],
  ["host: mx, user: u, password: p, port: 465, secure: false", { port: 465, secure: false, user: "u" }],
])("a mail server: %s", async (server, wanted) => {
  const { notifications } = await load(`notifications: {smtp: {${server}, from: a@b, to: [c@d]}}\n`);
  expect(notifications!.smtp).toMatchObject(wanted);
});

test("notifications that cannot be meant", async () => {
  expect(
    await problemsOf(`
notifications:
  hooks: [{id: x, transport: http}]
  on: []
  webhooks:
    - {url: "ftp://h/x"}
    - {url: "https://me@h/x"}
    - {url: "https://h/x", preset: discord, retries: -1, timeout: soon}
    - {url: "https://h/x", headers: {"a b": c, d: "e\\nf"}}
  smtp: {host: mx, username: u, from: nobody, to: []}
`),
  ).toEqual([
    "notifications.hooks is not a known key; write notifications.webhooks or notifications.smtp instead",
    "notifications.on is an empty list, so that nobody would ever be told",
    "notifications.webhooks[0].url must be an http:// or https:// URL without a user or password in it",
    "notifications.webhooks[1].url must be an http:// or https:// URL without a user or password in it",
    "notifications.webhooks[2].preset must be json or slack",
    "notifications.webhooks[2].timeout must be milliseconds, or like 500ms, 5s, 2min",
    "notifications.webhooks[2].retries must be at least 0",
    "notifications.webhooks[3].headers.a b is not the name of a header",
    "notifications.webhooks[3].headers.d must be one line of Latin-1 text",
    "notifications.smtp.from must be a mail address",
    "notifications.smtp.to is an empty list",
    "notifications.smtp.username is not a known key; write notifications.smtp.user instead",
  ]);
});

test.each([
  ["{}", "notifications must have webhooks or smtp"],
  ["{on: [failure]}", "notifications must have webhooks or smtp"],
  ["{smtp: {from: a@b, to: [c@d]}}", "notifications.smtp must have a url or a host, and not both"],
  [
    "{smtp: {url: smtp://h, port: 25, from: a@b, to: [c@d]}}",
    "notifications.smtp has a url, which says port, user, password and secure already",
  ],
  [
    "{smtp: {host: h, user: u, from: a@b, to: [c@d]}}",
    "notifications.smtp must have user and password together",
  ],
])("notifications: %s", async (yaml, problem) => {
  expect(await problemsOf(`notifications: ${yaml}\n`)).toEqual([problem]);
});

test.each([
  "smtp://me:%zz-s3cret@h",
  "smtp://s3cret@h",
  "smtp://h/s3cret",
  "smtp://h?tls=s3cret",
  "http://u:s3cret@h",
])("a mail server's URL that is refused is not quoted: %s", async (url) => {
  const yaml = 'notifications: {smtp: {url: "${SMTP_URL}", from: a@b, to: [c@d]}}\n';
  const problems = await problemsOf(yaml, { SMTP_URL: url });
  expect(problems).toEqual([
    "notifications.smtp.url must be smtp://user:password@host:port or smtps://…, percent-encoded",
  ]);
});
