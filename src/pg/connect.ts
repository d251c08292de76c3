import pg from "pg";
import { ConfitureError } from "../base/errors.ts";
import { connectError } from "./connect-error.ts";
import { describeDsn, type Dsn, type Host } from "./dsn.ts";
import { findPassword } from "./password-file.ts";
import { supportedMajor } from "./supported-version.ts";
import type { Encryption } from "./tls.ts";
import { valueTypes } from "./value-types.ts";

/** What a connection knows about its server, read once after connecting. */
export interface Server {
  /** As `server_version_num`, e.g. 180004. */
  readonly version: number;
  /** 13 to 18. */
  readonly major: number;
  readonly database: string;
  readonly user: string;
  /** Process id of the session's backend. */
  readonly pid: number;
}

/** A session that is ready for statements. */
export interface Session {
  readonly client: pg.Client;
  readonly server: Server;
}

interface Facts extends Omit<Server, "major"> {
  readonly read_only: boolean;
  readonly standby: boolean;
}

const FACTS = `select current_setting('server_version_num')::int4 as version, current_database()::text as database,
  current_user::text as user, pg_catalog.pg_backend_pid() as pid, current_setting('transaction_read_only') = 'on' as read_only,
  pg_catalog.pg_is_in_recovery() as standby`;

/**
 * Open a session on the first host that answers and has the wanted session attributes.
 * Throws CONFIG_006 for the last host tried, CONFIG_011 for a server before 13 or after 18.
 */
export async function connect(dsn: Dsn, applicationName: string): Promise<Session> {
  const wishes = dsn.sessionAttributes === "prefer-standby" ? ["standby", "any"] : [dsn.sessionAttributes];
  let failure: ConfitureError | undefined;
  for (const wish of wishes) {
    for (const host of dsn.hosts) {
      try {
        return await openSession(dsn, host, { applicationName, wish });
      } catch (error) {
        failure = connectError(error, dsn, host);
        if (failure.code !== "CONFIG_006" || isLoginRefused(error)) throw failure;
      }
    }
  }
  throw failure;
}

/** As in libpq, a host that refuses the login ends the search. */
const isLoginRefused = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code?.startsWith("28") === true;

interface Wanted {
  readonly applicationName: string;
  readonly wish: string;
}

async function openSession(dsn: Dsn, host: Host, { applicationName, wish }: Wanted): Promise<Session> {
  const client = await login(dsn, host, applicationName);
  try {
    const facts: Facts = (await client.query(FACTS)).rows[0];
    const { version, database, user, pid } = facts;
    const major = supportedMajor(version, describeDsn(dsn, host));
    if (!hasAttributes(facts, wish)) {
      throw new ConfitureError("CONFIG_006", `the session on ${describeDsn(dsn, host)} is not ${wish}`, {
        details: {
          cause: "session_attributes",
          host: host.host,
          port: host.port,
          target_session_attrs: wish,
        },
        actionable: "Name the hosts that have it, or change target_session_attrs.",
      });
    }
    return { client, server: { version, major, database, user, pid } };
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  }
}

function hasAttributes({ read_only, standby }: Facts, wish: string): boolean {
  if (wish === "read-write") return !read_only;
  if (wish === "read-only") return read_only;
  if (wish === "primary") return !standby;
  return wish !== "standby" || standby;
}

/** A client that is logged in. `prefer` and `allow` go on to the other encryption where libpq does: no TLS there, or no pg_hba.conf entry. */
export async function login(dsn: Dsn, host: Host, applicationName: string): Promise<pg.Client> {
  const encryptions = host.host.startsWith("/") ? ([false] as const) : dsn.encryptions;
  for (const [i, encryption] of encryptions.entries()) {
    try {
      return await startClient(dsn, host, { encryption, applicationName });
    } catch (error) {
      const tlsFailed = encryption !== false && !(error instanceof pg.DatabaseError) && isTlsFailure(error);
      const refused = error instanceof pg.DatabaseError && error.code === "28000";
      if (i === encryptions.length - 1 || !(tlsFailed || refused)) throw error;
    }
  }
  throw new Error("no way to connect is left");
}

const isTlsFailure = (error: unknown): boolean =>
  error instanceof Error &&
  (error.message.includes("SSL") ||
    ("code" in error && /^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(String(error.code))));

interface Attempt {
  readonly encryption: Encryption;
  readonly applicationName: string;
}

async function startClient(
  dsn: Dsn,
  host: Host,
  { encryption, applicationName }: Attempt,
): Promise<pg.Client> {
  const binding = encryption === false ? "disable" : dsn.channelBinding;
  if (dsn.channelBinding === "require" && binding === "disable") {
    throw new Error("channel_binding=require needs an encrypted connection");
  }
  const exchange = { offered: false, done: false };
  const client = new pg.Client({
    host: host.address ?? host.host,
    port: host.port,
    user: dsn.user,
    database: dsn.database,
    password: () => {
      if (binding === "require" && !exchange.offered) throw unbound();
      return passwordFor(dsn, host);
    },
    // Without a name of its own, the certificate is checked against the host that was asked for.
    ssl: encryption === false ? false : { ...encryption, ...(host.address && { servername: host.host }) },
    sslnegotiation: encryption === false ? "postgres" : dsn.tlsNegotiation,
    enableChannelBinding: binding !== "disable",
    connectionTimeoutMillis: dsn.connectTimeoutMs,
    keepAlive: dsn.keepAlive,
    keepAliveInitialDelayMillis: dsn.keepAliveIdleMs,
    types: valueTypes,
    pipeline: true,
  });
  client.on("error", () => {});
  watchChannelBinding(client, exchange);
  setStartup(client, dsn, applicationName);
  try {
    await client.connect();
    if (binding === "require" && !exchange.done) throw unbound();
    return client;
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  }
}

const unbound = (): Error => new Error("the server does not offer channel binding, which is required");

function passwordFor({ password, passwordFile, database, user }: Dsn, { host, port }: Host): string {
  const found =
    password ??
    (passwordFile === undefined ? undefined : findPassword(passwordFile, { host, port, database, user }));
  if (found !== undefined) return found;
  const error = new pg.DatabaseError("the server asks for a password, and none was given", 0, "error");
  error.code = "28P01";
  throw error;
}

/** Note whether the server offers, and then completes, an exchange that proves it owns the certificate. */
function watchChannelBinding(client: pg.Client, exchange: { offered: boolean; done: boolean }): void {
  client.connection.on("authenticationSASL", ({ mechanisms }: { mechanisms: readonly string[] }) => {
    exchange.offered = mechanisms.includes("SCRAM-SHA-256-PLUS");
  });
  client.connection.on("authenticationSASLFinal", () => {
    exchange.done = exchange.offered;
  });
}

/**
 * The startup packet, whole: the driver would add PGOPTIONS and PGAPPNAME of this process by itself, and leaves
 * encoding and date style to the server. Strings are read as the parser reads them. Given at startup, they also survive RESET ALL and DISCARD ALL.
 */
function setStartup(client: pg.Client, { user, database, options }: Dsn, applicationName: string): void {
  const startup = {
    user,
    database,
    application_name: applicationName,
    client_encoding: "UTF8",
    DateStyle: "ISO",
    standard_conforming_strings: "on",
  };
  Object.assign(client, {
    getStartupConf: () => (options === undefined ? startup : { ...startup, options }),
  });
}
