import { inTime } from "../hooks/deadline.ts";
import type { MailServer } from "./notification.ts";

export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** A password goes to another machine only through TLS. */
const LOCAL: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "::1"]);

/** Send a mail and answer why that failed, or null. Words for errors are our own: a server's may quote secrets. */
export async function sendMail(server: MailServer, mail: Mail): Promise<string | null> {
  const { host, port, secure, user, password, from, to, timeoutMs } = server;
  const { createTransport } = await import("nodemailer");
  const transport = createTransport({
    host,
    port,
    secure,
    ...(user !== undefined && { auth: { user, pass: password ?? "" } }),
    requireTLS: !secure && user !== undefined && !LOCAL.has(host),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const sent = await inTime(transport.sendMail({ from, to: [...to], ...mail }), { timeoutMs });
    if ("missed" in sent) return `was not done in ${timeoutMs} ms`;
    const refused = sent.value.rejected.length;
    return refused === 0 ? null : `refused ${refused} of ${to.length} recipients`;
  } catch (error) {
    return failureText(error);
  } finally {
    transport.close();
  }
}

const MEANINGS: Readonly<Record<string, string>> = {
  EAUTH: "refused the login",
  EENVELOPE: "refused the sender or every recipient",
  EMESSAGE: "refused the message",
  ETIMEDOUT: "gave no answer in time",
  ETLS: "does not offer the TLS that is needed",
};

/** Codes of errors that this machine made, such as a name that is not found or a certificate it does not trust. */
const OURS: ReadonlySet<string> = new Set(["EDNS", "ESOCKET"]);

function failureText(error: unknown): string {
  if (!(error instanceof Error)) return "cannot be used";
  const { code, responseCode } = error as { readonly code?: unknown; readonly responseCode?: unknown };
  if (typeof code !== "string") return "cannot be used";
  if (OURS.has(code)) return `cannot be reached: ${error.message}`;
  const number = typeof responseCode === "number" ? ` (${responseCode})` : "";
  return `${MEANINGS[code] ?? `cannot be used, ${code}`}${number}`;
}
