import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/** A mail server on 127.0.0.1 that keeps what it gets. */
export interface Mailbox extends AsyncDisposable {
  readonly port: number;
  /** Whole messages, as they came. */
  readonly mails: readonly string[];
  /** Who logged in, with which password. */
  readonly logins: readonly (readonly [user: string, password: string])[];
}

export interface MailboxOptions {
  /** The only login that is let in; without one nobody needs to log in. */
  readonly login?: readonly [user: string, password: string];
  /** Recipients that are turned away. */
  readonly refuses?: readonly string[];
  /** Offers STARTTLS, with a certificate that nobody trusts. */
  readonly startTls?: boolean;
  /** Nothing is ever said after the connection is made. */
  readonly isSilent?: boolean;
}

export async function mailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const mails: string[] = [];
  const logins: (readonly [string, string])[] = [];
  const server = new SMTPServer({
    disabledCommands: options.startTls ? [] : ["STARTTLS"],
    key: readFileSync("tests/fixtures/tls/localhost.key"),
    cert: readFileSync("tests/fixtures/tls/localhost.crt"),
    allowInsecureAuth: true,
    authOptional: options.login === undefined,
    closeTimeout: 10,
    onConnect: (_session, callback) => {
      if (!options.isSilent) callback();
    },
    onAuth: ({ username, password }, _session, callback) => {
      logins.push([username ?? "", password ?? ""]);
      const [user, secret] = options.login ?? [];
      if (username === user && password === secret) callback(null, { user: "known" });
      else callback(new Error(`what you sent, ${username} ${password}, is no login`));
    },
    onRcptTo: ({ address }, _session, callback) =>
      callback(options.refuses?.includes(address) ? new Error("not here") : null),
    onData: (stream, _session, callback) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        mails.push(Buffer.concat(chunks).toString("utf8"));
        callback();
      });
    },
  });
  server.on("error", () => undefined); // clients that hang up
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    logins,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
