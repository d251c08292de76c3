import { createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { Connection } from "../../../src/pg/connection.ts";
import { parseDsn } from "../../../src/pg/dsn.ts";
import { openTunnel, throughTunnel } from "../../../src/pg/ssh-tunnel.ts";
import { sql } from "../../../src/sql/tag.ts";
import { testDatabase } from "../../support/database.ts";
import { fakeSsh } from "../../support/fake-ssh.ts";

const to = (host: string, remote = "db:5432") => ({ host, remote, localPort: 0, timeoutMs: 2000 });

test("a connection goes through the tunnel, which ends with it", async () => {
  await using database = await testDatabase();
  using ssh = fakeSsh();
  const tunnel = await openTunnel(
    { ...to("bastion", ssh.socket), user: "deploy", identityFile: "~/.ssh/deploy" },
    { environment: ssh.environment },
  );
  const url = throughTunnel(
    `postgresql://postgres@db.internal/${database.name}?sslmode=disable`,
    tunnel.port,
  );
  const db = await Connection.open(url);
  expect(await db.rows(sql`select current_database()::text as name`)).toEqual([{ name: database.name }]);
  await db.close();
  expect(ssh.called()?.words).toEqual([
    "-N",
    "-L",
    `127.0.0.1:${tunnel.port}:${ssh.socket}`,
    ..."-o StrictHostKeyChecking=accept-new -o ConnectTimeout=2 -o ExitOnForwardFailure=yes -o BatchMode=yes".split(
      " ",
    ),
    ..."-i ~/.ssh/deploy -l deploy -- bastion".split(" "),
  ]);
  expect(ssh.isRunning()).toBe(true);
  await tunnel[Symbol.asyncDispose]();
  expect(ssh.isRunning()).toBe(false);
});

test("what ssh says is told when it ends, and a program that is not there as well", async () => {
  using ssh = fakeSsh();
  await expect(openTunnel(to("refuses"), ssh)).rejects.toMatchObject({
    code: "CONFIG_006",
    exit: 3,
    message:
      "the SSH tunnel through refuses to db:5432 failed: deploy@refuses: Permission denied (publickey).",
  });
  await expect(openTunnel(to("bastion"), { environment: { PATH: "/nowhere" } })).rejects.toMatchObject({
    code: "CONFIG_006",
    message: expect.stringContaining("ssh cannot be started"),
  });
});

test("a tunnel that does not come about is given up and ended, by time or by the user", async () => {
  using ssh = fakeSsh();
  const stop = new AbortController();
  const waiting = openTunnel(to("hangs"), { ...ssh, signal: stop.signal });
  setTimeout(() => stop.abort(new Error("enough")), 500);
  await expect(waiting).rejects.toMatchObject({ message: "enough" });
  expect(ssh.isRunning()).toBe(false);
  await expect(openTunnel({ ...to("hangs"), timeoutMs: -4500 }, ssh)).rejects.toMatchObject({
    code: "CONFIG_006",
    message: expect.stringContaining("not there in time"),
  });
  expect(ssh.isRunning()).toBe(false);
});

test("a local port on which something listens is not taken for the tunnel", async () => {
  using ssh = fakeSsh();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  await expect(openTunnel({ ...to("bastion"), localPort: port }, ssh)).rejects.toMatchObject({
    code: "CONFIG_006",
    actionable: expect.stringContaining("local_port"),
  });
  expect(ssh.called()).toBeUndefined();
  await new Promise((resolve) => other.close(resolve));
});

test.each([
  ["postgresql://u:p@db.internal:6432/app?sslmode=require", "db.internal"],
  ["postgresql://u@db.internal", "db.internal"],
  ["postgresql://u@[fd00::1]:5432/app", "fd00::1"],
  ["postgresql://u@localhost:1/app", "localhost"],
  ["postgresql:///app?host=/var/run/postgresql", "localhost"],
  ["host=db.internal port=6432 user=u dbname=app", "db.internal"],
])("%s: the server is replaced, the name that its certificate bears is not", (url, name) => {
  const { hosts, user, database } = parseDsn(throughTunnel(url, 7777), { PGUSER: "u" });
  expect(hosts).toEqual([{ host: name, address: "127.0.0.1", port: 7777 }]);
  expect([user, database]).toEqual(["u", url.includes("app") ? "app" : "u"]);
});
