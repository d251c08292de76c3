import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { Migrator } from "../../src/index.ts";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { testDatabase } from "../support/database.ts";
import { type FakeSsh, fakeSsh } from "../support/fake-ssh.ts";
import { cli, migrationFiles, type Project, testProject } from "../support/project.ts";

const FILE = "db/environments/local.yaml";
const FILES = migrationFiles({ "1_a": "create table a ()", "2_b": "create table b ()" });

const configured = (database: string, socket: string, host = "bastion") => `
database_url: postgresql://postgres@localhost:\${TUNNEL_LOCAL_PORT}/${database}?sslmode=disable
apply_as:
  admin: {url: "postgresql://postgres@db.internal/${database}?sslmode=disable"}
ssh_tunnel: {host: ${host}, remote_socket: ${socket}, timeout_s: 2}
`;

test("every command that connects goes through the tunnel of the config file, which ends with the command", async () => {
  await using database = await testDatabase();
  using ssh = fakeSsh();
  using project = testProject({ ...FILES, [FILE]: configured(database.name, ssh.socket) });
  const run = (words: string) => cli(project.dir, words, ssh.environment);
  expect(await run("migrate status")).toMatchObject({ exit: 2 });
  expect(ssh.isRunning()).toBe(false);
  expect(await run("migrate up --target 1")).toMatchObject({ exit: 0 });
  expect(await run("migrate apply-as admin 2")).toMatchObject({ exit: 0 });
  expect((await run("migrate current --format json")).json).toMatchObject({ revision: "2" });
  expect(ssh.isRunning()).toBe(false);
});

test("a database that is named elsewhere is not looked for behind the tunnel", async () => {
  await using database = await testDatabase();
  using ssh = fakeSsh();
  using project = testProject({ ...FILES, [FILE]: configured("not_this_one", ssh.socket) });
  const answer = await cli(project.dir, `migrate up -d ${database.url}`, ssh.environment);
  expect([answer.exit, ssh.called()]).toEqual([0, undefined]);
});

test("a tunnel that fails is told with ssh's words; one to the embedded database is refused", async () => {
  using ssh = fakeSsh();
  using project = testProject({ ...FILES, [FILE]: configured("app", ssh.socket, "refuses") });
  const run = () => cli(project.dir, "migrate status --format json", ssh.environment);
  expect(await run()).toMatchObject({
    exit: 3,
    json: { error: { code: "CONFIG_006", message: expect.stringContaining("Permission denied") } },
  });
  project.write(FILE, "database_url: embedded\nssh_tunnel: {host: bastion}\n");
  expect(await run()).toMatchObject({ exit: 5, json: { error: { code: "CONFIG_008" } } });
});

test("a session of the library keeps its tunnel until it is disposed", async () => {
  await using database = await testDatabase();
  using ssh = fakeSsh();
  using project = testProject({ ...FILES, [FILE]: configured(database.name, ssh.socket) });
  {
    await using m = await Migrator.fromConfig(project.path(FILE), {
      migrationsDir: project.path("db/migrations"),
      environment: ssh.environment,
    });
    expect((await m.up()).success).toBe(true);
    expect(ssh.isRunning()).toBe(true);
  }
  expect(ssh.isRunning()).toBe(false);
});

const slowProject = (database: string, { socket }: FakeSsh) =>
  testProject({
    ...migrationFiles({ "1_slow": "select pg_sleep(60)" }),
    [FILE]: configured(database, socket),
  });

/** A run whose migration takes a minute, as a process of its own that has come so far. */
async function sleepingRun(database: string, ssh: FakeSsh, project: Project) {
  const child = spawn(process.execPath, [resolve("dist/bin/confiture.js"), "migrate", "up"], {
    cwd: project.dir,
    env: { ...ssh.environment },
    stdio: "ignore",
  });
  await using db = await Connection.open(database);
  const sleeping = () =>
    db.rows(sql`select from pg_stat_activity where datname = current_database() and query like '%sleep%'
      and state = 'active' and pid <> pg_backend_pid()`);
  await vi.waitUntil(async () => (await sleeping()).length > 0, { timeout: 20_000 });
  return { child, ended: once(child, "exit") };
}

test("an interrupted run is cancelled through the tunnel, which ends after it", async () => {
  await using database = await testDatabase();
  using ssh = fakeSsh();
  using project = slowProject(database.name, ssh);
  const { child, ended } = await sleepingRun(database.url, ssh, project);
  child.kill("SIGINT");
  expect(await ended).toEqual([130, null]);
  expect(ssh.isRunning()).toBe(false);
});

test("a second signal ends the process at once, and leaves no ssh behind", async () => {
  await using database = await testDatabase();
  using ssh = fakeSsh();
  using project = slowProject(database.name, ssh);
  const { child, ended } = await sleepingRun(database.url, ssh, project);
  const { pid } = ssh.called()!;
  // Nothing goes through a tunnel that is stopped, so the run cannot be cancelled either.
  process.kill(pid, "SIGSTOP");
  child.kill("SIGINT");
  await sleep(500);
  child.kill("SIGINT");
  expect(await ended).toEqual([null, "SIGINT"]);
  process.kill(pid, "SIGCONT");
  await vi.waitUntil(() => !ssh.isRunning(), { timeout: 2000 });
});
