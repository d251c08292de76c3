import { expect, test } from "vitest";
import { sendMail } from "../../../../src/migrate/notifications/mail.ts";
import type { MailServer } from "../../../../src/migrate/notifications/notification.ts";
import { mailbox } from "../../../support/mailbox.ts";

const to = (port: number, given: Partial<MailServer> = {}): MailServer => ({
  host: "127.0.0.1",
  port,
  secure: false,
  from: "Database <db@example.org>",
  to: ["a@example.org", "b@example.org"],
  timeoutMs: 10_000,
  ...given,
});

const MAIL = { subject: "Migration: done\r\nBcc: evil@example.org", text: "two\nlines" };

test("one mail goes to all recipients; a line break in its subject makes no header", async () => {
  await using box = await mailbox();
  expect(await sendMail(to(box.port), MAIL)).toBe(null);
  expect(box.mails).toHaveLength(1);
  expect(box.mails[0]).toMatch(/^From: Database <db@example\.org>\r\nTo: a@example\.org, b@example\.org\r\n/);
  expect(box.mails[0]).toMatch(/^Subject: .*Migration: done/m);
  expect(box.mails[0]).not.toMatch(/^Bcc:/m);
  expect(box.mails[0]).toMatch(/\r\n\r\ntwo\r\nlines\s*$/);
});

test("a login", async () => {
  await using box = await mailbox({ login: ["me", "s3cret"] });
  expect(await sendMail(to(box.port, { user: "me", password: "s3cret" }), MAIL)).toBe(null);
  expect([box.logins, box.mails.length]).toEqual([[["me", "s3cret"]], 1]);
});

test("a refused login is told without what the server says of it", async () => {
  await using box = await mailbox({ login: ["me", "other"] });
  const error = await sendMail(to(box.port, { user: "me", password: "s3cret" }), MAIL);
  expect(error).toBe("refused the login (535)");
  expect(box.logins).toEqual([["me", "s3cret"]]);
});

test("a password leaves this machine through TLS only", async () => {
  await using box = await mailbox({ login: ["me", "s3cret"] });
  // Another spelling of 127.0.0.1, which is not known to be this machine.
  const error = await sendMail(to(box.port, { host: "127.1", user: "me", password: "s3cret" }), MAIL);
  expect(error).toMatch(/^does not offer the TLS that is needed/);
  expect([box.logins, box.mails]).toEqual([[], []]);
});

test("a certificate that is not trusted is no TLS", async () => {
  await using box = await mailbox({ login: ["me", "s3cret"], startTls: true });
  const error = await sendMail(to(box.port, { user: "me", password: "s3cret" }), MAIL);
  expect(error).toMatch(/^cannot be reached: .*certificate/i);
  expect([box.logins, box.mails]).toEqual([[], []]);
});

test("recipients that are refused are told, one or all", async () => {
  await using one = await mailbox({ refuses: ["b@example.org"] });
  expect(await sendMail(to(one.port), MAIL)).toBe("refused 1 of 2 recipients");
  expect(one.mails).toHaveLength(1);
  await using all = await mailbox({ refuses: ["a@example.org", "b@example.org"] });
  expect(await sendMail(to(all.port), MAIL)).toMatch(/^refused the sender or every recipient/);
});

test("a server that says nothing is given up", async () => {
  await using box = await mailbox({ isSilent: true });
  const started = performance.now();
  expect(await sendMail(to(box.port, { timeoutMs: 300 }), MAIL)).toMatch(
    /^(was not done in 300 ms|gave no answer in time)$/,
  );
  expect(performance.now() - started).toBeLessThan(5000);
});

test("a server that is not there, and one that speaks no TLS", async () => {
  const gone = await mailbox();
  await gone[Symbol.asyncDispose]();
  expect(await sendMail(to(gone.port), MAIL)).toMatch(/^cannot be reached: .*ECONNREFUSED/);
  await using box = await mailbox();
  const error = await sendMail(to(box.port, { secure: true, timeoutMs: 2000 }), MAIL);
  expect(error).toMatch(/^(cannot be reached|does not offer|was not done|gave no answer)/);
  expect(box.mails).toEqual([]);
});
