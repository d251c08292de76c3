import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { ConfitureError } from "../../../src/base/errors.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { parseDsn } from "../../../src/pg/dsn.ts";
import { identSql, literal, sql } from "../../../src/sql/tag.ts";
import { testDatabase } from "../../support/database.ts";
import { tcpProxy } from "../../support/tcp-proxy.ts";

const failure = async (url: string, environment = {}): Promise<ConfitureError> => {
  const opened = Connection.open(url, { environment });
  return opened.then(
    () => {
      throw new Error("it connected");
    },
    (error) => error,
  );
};
const unreachable = (cause: string) =>
  expect.objectContaining({
    code: "CONFIG_006",
    exit: 3,
    context: expect.objectContaining({ details: expect.objectContaining({ cause }) }),
  });
const socket = () => parseDsn(inject("serverUrl")).hosts[0];

describe("what stands in the way is named", () => {
  test("nobody listens", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const error = await failure(`postgresql://me:geheim@127.0.0.1:${port}/app`);
    expect(error).toEqual(unreachable("refused"));
    expect(error.context.details).toMatchObject({ host: "127.0.0.1", port, database: "app", user: "me" });
    expect(JSON.stringify([error.message, error.context, error.actionable])).not.toContain("geheim");
    expect(await failure(`postgresql://localhost:${port}/app`)).toEqual(unreachable("refused"));
  });

  test("no socket, no such name, no such database", async () => {
    expect(await failure("postgresql:///d?host=/nonexistent")).toEqual(unreachable("socket_missing"));
    expect(await failure("postgresql://nothing.invalid/d")).toEqual(unreachable("dns"));
    const url = inject("serverUrl").replace("/postgres?", "/absent?");
    expect(await failure(url)).toEqual(unreachable("unknown_database"));
  });

  test("a host that never answers, one that hangs up, and one that speaks something else", async () => {
    const listen = async (answer: (socket: Socket) => void) => {
      const server = createServer((socket) => answer(socket.on("error", () => {})));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const url = `postgresql://127.0.0.1:${(server.address() as AddressInfo).port}/d?connect_timeout=1`;
      const error = await failure(`${url}&sslmode=disable`);
      server.close();
      return error;
    };
    expect(await listen(() => {})).toEqual(unreachable("timeout"));
    expect(await listen((socket) => socket.end())).toEqual(unreachable("dropped"));
    expect(await listen((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"))).toEqual(
      unreachable("dropped"),
    );
  });
});

describe("hosts", () => {
  test("are tried in order, and chosen by target_session_attrs", async () => {
    const { host, port } = socket();
    const list = `host=/nonexistent,${host} port=${port} dbname=postgres user=postgres`;
    await using db = await Connection.open(list);
    expect(db.isOpen).toBe(true);
    await using other = await Connection.open(`${list} target_session_attrs=read-write`);
    expect(other.isOpen).toBe(true);
    await using any = await Connection.open(`${list} target_session_attrs=prefer-standby`);
    expect(any.isOpen).toBe(true);
    expect((await failure(`${list} target_session_attrs=standby`)).message).toContain("is not standby");
  });
});

describe("encryption", () => {
  const on = (port: number, rest: string) => `postgresql://postgres@localhost:${port}/postgres?${rest}`;
  const ca = "sslrootcert=tests/fixtures/tls/localhost.crt";

  test("prefer goes on without, require does not", async () => {
    await using proxy = await tcpProxy();
    await using plain = await Connection.open(on(proxy.port, ""));
    expect(await plain.rows(sql`select 1 as one`)).toEqual([{ one: 1 }]);
    expect(await failure(on(proxy.port, "sslmode=require"))).toEqual(unreachable("tls_refused"));
  });

  test("verifies as much as the mode says", async () => {
    await using proxy = await tcpProxy({ tls: true });
    for (const rest of [
      "sslmode=prefer",
      "sslmode=require",
      `sslmode=verify-ca&${ca}`,
      `sslmode=verify-full&${ca}`,
    ]) {
      await using db = await Connection.open(on(proxy.port, rest));
      expect(db.client.connection.stream).toHaveProperty("encrypted", true);
    }
    const address = `postgresql://postgres@127.0.0.1:${proxy.port}/postgres`;
    await using byAddress = await Connection.open(`${address}?sslmode=verify-ca&${ca}`);
    expect(byAddress.isOpen).toBe(true);
    expect(await failure(`${address}?sslmode=verify-full&${ca}`)).toEqual(unreachable("tls_untrusted"));
    expect(await failure(on(proxy.port, "sslrootcert=system"))).toEqual(unreachable("tls_untrusted"));
  });
});

describe("logins", () => {
  const role = `login_${randomBytes(4).toString("hex")}`;
  const home = mkdtempSync(join(tmpdir(), "cft-login-"));
  let rules = "";
  const url = (rest: string) => inject("serverUrl").replace("postgres@/postgres?", `${role}${rest}`);

  const writeRules = async (text: string) => {
    await using db = await Connection.open(inject("serverUrl"));
    const [file] = await db.rows<{ path: string }>(sql`select current_setting('hba_file') as path`);
    const lines = text.split("\n").map((line) => sql.raw(literal(line)));
    const rows = lines.reduce((list, line, i) => (i === 0 ? sql`(${line})` : sql`${list}, (${line})`), sql``);
    await db.run(sql`copy (values ${rows}) to ${sql.raw(literal(file?.path ?? ""))}`);
    await db.run(sql`select pg_reload_conf(), pg_sleep(0.3)`);
  };

  beforeAll(async () => {
    await using db = await Connection.open(inject("serverUrl"));
    await db.run(sql`set password_encryption = 'scram-sha-256'`);
    await db.run(sql`create role ${identSql(role)} login password ${sql.raw(literal("it's geheim"))}`);
    await db.run(sql`create role ${identSql(`${role}_out`)} login`);
    const [file] = await db.rows<{ text: string }>(
      sql`select pg_read_file(current_setting('hba_file')) as text`,
    );
    rules = file?.text.trimEnd() ?? "";
    await writeRules(`local all ${role} scram-sha-256\nlocal all ${role}_out reject\n${rules}`);
  });
  afterAll(async () => {
    await writeRules(rules);
    await using db = await Connection.open(inject("serverUrl"));
    await db.run(sql`drop role ${identSql(role)}`);
    await db.run(sql`drop role ${identSql(`${role}_out`)}`);
    rmSync(home, { recursive: true });
  });

  test("with a password from the URL, PGPASSWORD or the password file", async () => {
    const file = join(home, "pgpass");
    writeFileSync(file, `*:*:*:${role}:it's geheim\n`, { mode: 0o600 });
    const ways: [string, Record<string, string>][] = [
      [url(":it's%20geheim@/postgres?"), {}],
      [url("@/postgres?"), { PGPASSWORD: "it's geheim" }],
      [url("@/postgres?"), { PGPASSFILE: file }],
    ];
    for (const [dsn, environment] of ways) {
      await using db = await Connection.open(dsn, { environment });
      expect(db.server.user).toBe(role);
    }
    chmodSync(file, 0o644);
    const error = await failure(url("@/postgres?"), { PGPASSFILE: file });
    expect(error).toMatchObject({ code: "CONFIG_003", actionable: `Run: chmod 600 ${file}` });
  });

  test("a wrong password, none, and a login that pg_hba.conf rejects", async () => {
    const wrong = await failure(url(":falsch@/postgres?"));
    expect(wrong).toEqual(unreachable("wrong_password"));
    expect(wrong.context.details).toMatchObject({ sqlstate: "28P01" });
    expect(JSON.stringify([wrong.message, wrong.context.details])).not.toContain("falsch");
    const bound = await failure(url(":it's%20geheim@/postgres?channel_binding=require&"));
    expect(bound.message).toContain("channel_binding=require needs an encrypted connection");
    const none = await failure(url("@/postgres?"));
    expect(none).toEqual(unreachable("wrong_password"));
    expect(none.message).toContain("none was given");
    expect(await failure(url("_out@/postgres?"))).toEqual(unreachable("login_refused"));
  });

  test("more sessions than the role may have, and no privilege to connect", async () => {
    await using database = await testDatabase();
    await using db = await Connection.open(inject("serverUrl"));
    const environment = { PGPASSWORD: "it's geheim" };
    await db.run(sql`alter role ${identSql(role)} connection limit 0`);
    expect(await failure(url("@/postgres?"), environment)).toEqual(unreachable("too_many_connections"));
    await db.run(sql`alter role ${identSql(role)} connection limit -1`);
    await db.run(sql`revoke connect on database ${identSql(database.name)} from public`);
    const denied = await failure(url(`@/${database.name}?`), environment);
    expect(denied).toEqual(unreachable("no_connect_privilege"));
  });
});
