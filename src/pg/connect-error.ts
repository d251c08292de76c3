import pg from "pg";
import { ConfitureError } from "../base/errors.ts";
import { describeDsn, type Dsn, type Host } from "./dsn.ts";

interface Cause {
  /** For machines, in `details.cause`. */
  readonly name: string;
  readonly actionable: string;
}

const BY_SQLSTATE: Readonly<Record<string, Cause>> = {
  "28000": {
    name: "login_refused",
    actionable:
      "Check the user's name, that it may log in, and that pg_hba.conf lets it reach this database from here.",
  },
  "28P01": {
    name: "wrong_password",
    actionable: "Check the user and the password (PGPASSWORD, ~/.pgpass or the URL).",
  },
  "3D000": { name: "unknown_database", actionable: "Create the database, or correct its name." },
  "42501": { name: "no_connect_privilege", actionable: "Grant CONNECT on the database to the user." },
  "53300": {
    name: "too_many_connections",
    actionable: "Close other sessions, or raise max_connections or the role's CONNECTION LIMIT.",
  },
  "57P03": { name: "starting_up", actionable: "The server starts or stops just now: try again in a moment." },
};

const BY_ERRNO: Readonly<Record<string, Cause>> = {
  EACCES: { name: "socket_denied", actionable: "Allow this user to use the socket, or connect over TCP." },
  EAI_AGAIN: { name: "dns", actionable: "The name server does not answer: check the network." },
  ECONNREFUSED: {
    name: "refused",
    actionable: "Nothing listens there: start the server, or correct host and port.",
  },
  ECONNRESET: {
    name: "dropped",
    actionable: "Check that a PostgreSQL server listens on this host and port.",
  },
  EHOSTUNREACH: { name: "unreachable", actionable: "There is no route to the host: check the network." },
  ENETUNREACH: { name: "unreachable", actionable: "There is no route to the host: check the network." },
  ENOENT: {
    name: "socket_missing",
    actionable: "There is no socket in that folder: start the server, or correct host and port.",
  },
  ENOTFOUND: { name: "dns", actionable: "The host name is not known: correct it." },
  ETIMEDOUT: {
    name: "timeout",
    actionable: "The host does not answer: check the address, the port and firewalls.",
  },
};

const TLS_REFUSED: Cause = {
  name: "tls_refused",
  actionable: "Turn on `ssl` on the server, or use sslmode=prefer or sslmode=disable.",
};
const TLS_UNTRUSTED: Cause = {
  name: "tls_untrusted",
  actionable: "Give the certificate authority with sslrootcert, or correct the host name.",
};
const DROPPED: Cause = {
  name: "dropped",
  actionable: "Check that a PostgreSQL server listens on this host and port, and read its log.",
};

const NO_ANSWER = "no answer within the connection timeout";

/** Why no connection came about, as CONFIG_006; what is a `ConfitureError` already stays. */
export function connectError(error: unknown, dsn: Dsn, host: Host): ConfitureError {
  if (error instanceof ConfitureError) return error;
  const { name, actionable } = causeOf(error);
  const sqlstate = error instanceof pg.DatabaseError ? { sqlstate: error.code } : {};
  const { user, database } = dsn;
  return new ConfitureError(
    "CONFIG_006",
    `cannot connect to ${describeDsn(dsn, host)}: ${messageOf(error)}`,
    {
      details: { cause: name, host: host.host, port: host.port, database, user, ...sqlstate },
      actionable,
      cause: error,
    },
  );
}

function causeOf(error: unknown): Cause {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const message = messageOf(error);
  if (message === NO_ANSWER) return BY_ERRNO["ETIMEDOUT"] ?? DROPPED;
  if (message.includes("not support SSL")) return TLS_REFUSED;
  if (/^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) return TLS_UNTRUSTED;
  return BY_SQLSTATE[code] ?? BY_ERRNO[code] ?? DROPPED;
}

/** Trying several addresses of one name gives an `AggregateError` without a message of its own. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(messageOf).join("; ");
  const message = error instanceof Error ? error.message : String(error);
  if (message.startsWith("received invalid response"))
    return "what listens there does not speak PostgreSQL's protocol";
  return message === "timeout expired" ? NO_ANSWER : message;
}
