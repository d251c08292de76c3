import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeTarget, parseDsn } from "../../../src/pg/dsn.ts";
import { findPassword } from "../../../src/pg/password-file.ts";

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "cft-dsn-"));
});
afterAll(() => rmSync(home, { recursive: true }));

const refusal = (parameter: string) =>
  expect.objectContaining({
    code: "CONFIG_003",
    message: expect.stringContaining(parameter),
    context: expect.objectContaining({ details: { parameter } }),
  });

describe("precedence", () => {
  const environment = () => ({
    HOME: home,
    PGHOST: "env-host",
    PGPORT: "1111",
    PGUSER: "env-user",
    PGPASSWORD: "env-password",
    PGDATABASE: "env-database",
    PGSSLMODE: "disable",
    PGOPTIONS: "-c geqo=off",
    PGCONNECT_TIMEOUT: "7",
    PGAPPNAME: "env-app",
  });

  test("the environment fills what the string leaves out", () => {
    expect(parseDsn("postgresql://u@/d", environment())).toMatchObject({
      hosts: [{ host: "env-host", port: 1111 }],
      user: "u",
      password: "env-password",
      database: "d",
      encryptions: [false],
      options: "-c geqo=off",
      connectTimeoutMs: 7000,
      applicationName: "env-app",
    });
  });

  test("the string goes before the service, the service before the environment", () => {
    writeFileSync(
      join(home, ".pg_service.conf"),
      "# services\n[other]\nuser=nobody\n[prod]\nhost=service-host\nuser=service-user\n\n[more]\ndbname=x\n",
    );
    expect(parseDsn("service=prod user=me", environment())).toMatchObject({
      hosts: [{ host: "service-host", port: 1111 }],
      user: "me",
      database: "env-database",
    });
    expect(parseDsn("postgresql://", { ...environment(), PGSERVICE: "prod" }).user).toBe("service-user");
  });

  test("service files: PGSERVICEFILE, then PGSYSCONFDIR, else CONFIG_003", () => {
    writeFileSync(join(home, "pg_service.conf"), "[site]\ndbname=site\n");
    writeFileSync(join(home, "mine.conf"), "[mine]\ndbname=mine\n");
    writeFileSync(join(home, "broken.conf"), "[broken]\nuser=x\nno equals sign\n");
    const files = { PGSERVICEFILE: join(home, "mine.conf"), PGSYSCONFDIR: home };
    expect(parseDsn("service=mine", files).database).toBe("mine");
    expect(parseDsn("service=site", files).database).toBe("site");
    expect(() => parseDsn("service=none", files)).toThrow(expect.objectContaining({ code: "CONFIG_003" }));
    expect(() => parseDsn("service=x", { PGSERVICEFILE: join(home, "absent") })).toThrow("does not exist");
    expect(() => parseDsn("service=broken", { PGSERVICEFILE: join(home, "broken.conf") })).toThrow("line 3");
  });

  test("nothing of this process's environment is used", () => {
    expect(parseDsn("host=h")).toMatchObject({
      user: userInfo().username,
      database: userInfo().username,
      password: undefined,
      passwordFile: undefined,
      options: undefined,
    });
  });
});

describe("hosts", () => {
  test("several hosts keep their order and ports", () => {
    expect(parseDsn("postgresql://a:1,b:2/d").hosts.map(({ host, port }) => [host, port])).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
    expect(parseDsn("host=a,b port=9").hosts.map(({ port }) => port)).toEqual([9, 9]);
    expect(parseDsn("host=a,b,c port=1,,3").hosts.map(({ port }) => port)).toEqual([1, 5432, 3]);
  });

  test("an address goes with its name", () => {
    expect(parseDsn("host=name hostaddr=127.0.0.1").hosts).toEqual([
      { host: "name", address: "127.0.0.1", port: 5432 },
    ]);
    expect(parseDsn("hostaddr=::1").hosts[0]).toMatchObject({ host: "::1", address: "::1" });
  });

  test.each([
    ["host=a,b port=1,2,3", "port"],
    ["host=a hostaddr=1.2.3.4,1.2.3.5", "host"],
    ["host=a port=0", "port"],
    ["host=a port=65536", "port"],
    ["host=a port=x", "port"],
  ])("%s is refused", (text, parameter) => expect(() => parseDsn(text)).toThrow(refusal(parameter)));
});

describe("parameters", () => {
  test.each([
    ["postgresql://h/d?schema=public", "schema"],
    ["postgresql://h/d?pgbouncer=true", "pgbouncer"],
    ["host=h gssencmode=require", "gssencmode"],
    ["host=h require_auth=scram-sha-256", "require_auth"],
    ["host=h client_encoding=latin1", "client_encoding"],
    ["host=h load_balance_hosts=random", "load_balance_hosts"],
    ["host=h target_session_attrs=master", "target_session_attrs"],
    ["host=h channel_binding=maybe", "channel_binding"],
    ["host=h connect_timeout=soon", "connect_timeout"],
  ])("%s is refused by name", (text, parameter) => expect(() => parseDsn(text)).toThrow(refusal(parameter)));

  test("what this client obeys is taken over", () => {
    const text =
      "host=h user=u target_session_attrs=read-write channel_binding=require keepalives=0 sslnegotiation=direct gssencmode=prefer client_encoding=utf8 keepalives_count=3";
    expect(parseDsn(text)).toMatchObject({
      sessionAttributes: "read-write",
      channelBinding: "require",
      keepAlive: false,
      tlsNegotiation: "direct",
    });
  });
});

describe("sslmode", () => {
  const modes = (text: string) => parseDsn(`host=h ${text}`, { HOME: home }).encryptions;

  test("says what to try, in which order", () => {
    const encrypted = expect.objectContaining({ rejectUnauthorized: false });
    expect(modes("sslmode=disable")).toEqual([false]);
    expect(modes("sslmode=allow")).toEqual([false, encrypted]);
    expect(modes("sslmode=prefer")).toEqual([encrypted, false]);
    expect(modes("")).toEqual([encrypted, false]);
    expect(modes("sslmode=require")).toEqual([encrypted]);
  });

  test("a root certificate is verified, and verification needs one", () => {
    const ca = join(home, "ca.pem");
    writeFileSync(ca, "certificate");
    expect(modes(`sslmode=require sslrootcert=${ca}`)).toMatchObject([
      { ca: "certificate", rejectUnauthorized: true },
    ]);
    expect(modes(`sslmode=verify-ca sslrootcert=${ca}`)).toMatchObject([
      { checkServerIdentity: expect.any(Function) },
    ]);
    expect(modes(`sslmode=verify-full sslrootcert=${ca}`)).toEqual([
      { ca: "certificate", minVersion: "TLSv1.2", rejectUnauthorized: true },
    ]);
    expect(modes("sslrootcert=system")).toEqual([{ minVersion: "TLSv1.2", rejectUnauthorized: true }]);
    expect(() => modes("sslmode=verify-full")).toThrow("needs a root certificate");
    expect(() => modes("sslmode=verify-full sslrootcert=/absent.pem")).toThrow("/absent.pem does not exist");
    expect(() => modes("sslmode=require sslrootcert=system")).toThrow("verify-full");
    expect(() => modes("sslmode=no-verify")).toThrow(expect.objectContaining({ code: "CONFIG_003" }));
  });

  test("a private key others can read is refused", () => {
    const [cert, key] = [join(home, "c.pem"), join(home, "k.pem")];
    writeFileSync(cert, "certificate");
    writeFileSync(key, "key", { mode: 0o600 });
    expect(modes(`sslmode=require sslcert=${cert} sslkey=${key}`)).toMatchObject([
      { cert: "certificate", key: "key" },
    ]);
    chmodSync(key, 0o644);
    expect(() => modes(`sslmode=require sslcert=${cert} sslkey=${key}`)).toThrow("can be read by others");
  });
});

describe("describeTarget", () => {
  test.each([
    ["postgresql://u:geheim@h/d", "u@h:5432/d"],
    ["postgresql://u@[::1]:5433/d", "u@[::1]:5433/d"],
    ["postgresql://u@/d?host=/tmp/x", "u@/tmp/x:5432/d"],
    ["postgresql://u@a,b:1/d", "u@a:5432,b:1/d"],
  ])("%s", (url, expected) => expect(describeTarget(url)).toBe(expected));
});

describe("password file", () => {
  const login = { host: "h", port: 5432, database: "d", user: "u" };
  const file = (text: string, mode = 0o600) => {
    const path = join(home, "pgpass");
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };

  test.each([
    ["h:5432:d:u:first\n*:*:*:*:second", "first"],
    ["# comment\nh:5432:other:u:first\n*:*:*:*:second\n", "second"],
    ["h:5432:d:u:with\\:colon\\\\and more", "with:colon\\and more"],
    ["h:5432:d:other:x", undefined],
    ["", undefined],
  ])("%j", (text, password) => expect(findPassword(file(text), login)).toBe(password));

  test("a default socket folder is called localhost, another goes by its path", () => {
    const path = file("localhost:*:*:*:default\n/srv/pg:*:*:*:other");
    expect(findPassword(path, { ...login, host: "/var/run/postgresql" })).toBe("default");
    expect(findPassword(path, { ...login, host: "/srv/pg" })).toBe("other");
  });

  test("a file others can read is refused, an absent one is none", () => {
    expect(() => findPassword(file("*:*:*:*:x", 0o640), login)).toThrow("can be read by others");
    expect(findPassword(join(home, "absent"), login)).toBeUndefined();
  });
});
