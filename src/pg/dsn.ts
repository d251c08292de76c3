import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { ConfitureError } from "../base/errors.ts";
import { type ConnectionParameters, readConnectionString } from "./connection-string.ts";
import { readService } from "./service-file.ts";
import { type Encryption, encryptionsOf } from "./tls.ts";

export { redact, redactWithin } from "./connection-string.ts";

/** Environment variables as `process.env` has them; given by the caller, never read here. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One server to try. */
export interface Host {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  /** Address to use instead of looking `host` up. */
  readonly address: string | undefined;
  readonly port: number;
}

const SESSION_ATTRIBUTES = [
  "any",
  "read-write",
  "read-only",
  "primary",
  "standby",
  "prefer-standby",
] as const;
const CHANNEL_BINDINGS = ["disable", "prefer", "require"] as const;

/** Everything a connection string, the environment and libpq's defaults say about one connection. */
export interface Dsn {
  /** In the order to try. */
  readonly hosts: readonly [Host, ...Host[]];
  readonly user: string;
  readonly database: string;
  readonly password: string | undefined;
  readonly passwordFile: string | undefined;
  /** In the order to try; a Unix socket is never encrypted. */
  readonly encryptions: readonly Encryption[];
  readonly tlsNegotiation: "postgres" | "direct";
  readonly channelBinding: (typeof CHANNEL_BINDINGS)[number];
  readonly sessionAttributes: (typeof SESSION_ATTRIBUTES)[number];
  readonly applicationName: string | undefined;
  /** Command-line options for the server process. */
  readonly options: string | undefined;
  /** For each host; 0 waits as long as the system does. */
  readonly connectTimeoutMs: number;
  readonly keepAlive: boolean;
  readonly keepAliveIdleMs: number;
}

const ENVIRONMENT_VARIABLES: Readonly<Record<string, string>> = {
  application_name: "PGAPPNAME",
  channel_binding: "PGCHANNELBINDING",
  connect_timeout: "PGCONNECT_TIMEOUT",
  dbname: "PGDATABASE",
  gssencmode: "PGGSSENCMODE",
  host: "PGHOST",
  hostaddr: "PGHOSTADDR",
  load_balance_hosts: "PGLOADBALANCEHOSTS",
  options: "PGOPTIONS",
  passfile: "PGPASSFILE",
  password: "PGPASSWORD",
  port: "PGPORT",
  require_auth: "PGREQUIREAUTH",
  ssl_max_protocol_version: "PGSSLMAXPROTOCOLVERSION",
  ssl_min_protocol_version: "PGSSLMINPROTOCOLVERSION",
  sslcert: "PGSSLCERT",
  sslcrl: "PGSSLCRL",
  sslkey: "PGSSLKEY",
  sslmode: "PGSSLMODE",
  sslnegotiation: "PGSSLNEGOTIATION",
  sslrootcert: "PGSSLROOTCERT",
  target_session_attrs: "PGTARGETSESSIONATTRS",
  user: "PGUSER",
};

/** Parameters this client can only obey with one of these values; the empty string is libpq's default. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  client_encoding: ["", "auto", "utf8", "UTF8", "utf-8", "UTF-8"],
  gssencmode: ["", "disable", "prefer"],
  load_balance_hosts: ["", "disable"],
  replication: ["", "false", "off", "no", "0"],
  require_auth: [""],
  sslcompression: ["", "0"],
  sslsni: ["", "1"],
};

/** Tuning of a TCP connection that Node leaves to the system; they change no answer, so they are let pass. */
const WITHOUT_EFFECT = ["keepalives_count", "keepalives_interval", "tcp_user_timeout"];

const KNOWN: ReadonlySet<string> = new Set([
  ...Object.keys(ENVIRONMENT_VARIABLES),
  ...Object.keys(FIXED),
  ...WITHOUT_EFFECT,
  "fallback_application_name",
  "keepalives",
  "keepalives_idle",
  "service",
  "sslpassword",
]);

/** Seconds, where neither string nor environment says so: unlike libpq, nobody waits for ever. */
const CONNECT_TIMEOUT = "30";

/**
 * Read a connection string: it goes before the service file, that before the environment, that before the defaults.
 * Throws CONFIG_003 naming the parameter that is unknown, malformed or not supported.
 */
export function parseDsn(text: string, environment: Environment = {}): Dsn {
  const parameters = gather(readConnectionString(text), environment);
  const home = environment["HOME"] ?? environment["USERPROFILE"];
  const user = parameters.get("user") || operatingSystemUser();
  return {
    hosts: readHosts(parameters),
    user,
    database: parameters.get("dbname") || user,
    password: parameters.get("password") || undefined,
    passwordFile: parameters.get("passfile") || defaultPasswordFile(environment, home),
    encryptions: encryptionsOf(parameters, home),
    tlsNegotiation: choice(parameters, "sslnegotiation", ["postgres", "direct"]),
    channelBinding: choice(parameters, "channel_binding", ["prefer", "disable", "require"]),
    sessionAttributes: choice(parameters, "target_session_attrs", SESSION_ATTRIBUTES),
    applicationName: parameters.get("application_name") || parameters.get("fallback_application_name"),
    options: parameters.get("options") || undefined,
    connectTimeoutMs: Math.max(0, integer(parameters, "connect_timeout", CONNECT_TIMEOUT)) * 1000,
    keepAlive: integer(parameters, "keepalives", "1") !== 0,
    keepAliveIdleMs: integer(parameters, "keepalives_idle", "0") * 1000,
  };
}

/** Where a connection goes, for people: `user@host:port/database`, never a password. Throws CONFIG_003. */
export function describeTarget(text: string, environment: Environment = {}): string {
  return describeDsn(parseDsn(text, environment));
}

/** As `describeTarget`, of what is parsed already. */
export const describeDsn = ({ user, database, hosts }: Dsn, host?: Host): string =>
  `${user}@${(host === undefined ? hosts : [host]).map(describeHost).join(",")}/${database}`;

const describeHost = ({ host, port }: Host): string =>
  `${host.includes(":") && !host.startsWith("/") ? `[${host}]` : host}:${port}`;

function gather(given: ConnectionParameters, environment: Environment): Map<string, string> {
  const service = given.get("service") ?? environment["PGSERVICE"];
  const all = new Map([...(service ? readService(service, environment) : []), ...given]);
  for (const [name, variable] of Object.entries(ENVIRONMENT_VARIABLES)) {
    const value = environment[variable];
    if (value && !all.has(name)) all.set(name, value);
  }
  for (const [name, value] of all) {
    if (!KNOWN.has(name)) throw refused(name, "is not known");
    if (FIXED[name]?.includes(value) === false) throw refused(name, "has a value this client cannot obey");
  }
  return all;
}

const refused = (parameter: string, problem: string): ConfitureError =>
  new ConfitureError("CONFIG_003", `the connection parameter ${parameter} ${problem}`, {
    details: { parameter },
    actionable: `Correct or remove ${parameter} in the connection string, service file or environment.`,
  });

function choice<T extends string>(parameters: ConnectionParameters, name: string, allowed: readonly T[]): T {
  const value = parameters.get(name) || allowed[0];
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw refused(name, `must be one of ${allowed.join(", ")}`);
  return found;
}

function integer(parameters: ConnectionParameters, name: string, fallback: string): number {
  const value = (parameters.get(name) || fallback).trim();
  if (!/^-?\d+$/.test(value)) throw refused(name, "is not a whole number");
  return Number(value);
}

/** Lists in `host`, `hostaddr` and `port` belong together by position; a single port serves all hosts. */
function readHosts(parameters: ConnectionParameters): [Host, ...Host[]] {
  const list = (name: string) => parameters.get(name)?.split(",") ?? [""];
  const [names, addresses, ports] = [list("host"), list("hostaddr"), list("port")];
  const count = Math.max(names.length, parameters.has("hostaddr") ? addresses.length : 1);
  const read = (i: number): Host => {
    const port = portOf(ports.length === 1 ? ports[0] : ports[i]);
    const address = addresses[i] || undefined;
    return { host: names[i] || address || defaultHost(port), address, port };
  };
  if (names.length !== count && parameters.has("host"))
    throw refused("host", "does not match the number of addresses");
  if (addresses.length !== count && parameters.has("hostaddr")) {
    throw refused("hostaddr", "does not match the number of hosts");
  }
  if (ports.length !== 1 && ports.length !== count)
    throw refused("port", "does not match the number of hosts");
  return [read(0), ...Array.from({ length: count - 1 }, (_, i) => read(i + 1))];
}

function portOf(text: string | undefined): number {
  const port = Number(text || "5432");
  if (!/^\d*$/.test(text ?? "") || port < 1 || port > 65_535)
    throw refused("port", "is not a number from 1 to 65535");
  return port;
}

/** libpq knows its socket folder from its build; here it is where a socket of that port is. */
const defaultHost = (port: number): string =>
  ["/var/run/postgresql", "/tmp"].find((folder) => existsSync(join(folder, `.s.PGSQL.${port}`))) ??
  "localhost";

function operatingSystemUser(): string {
  try {
    return userInfo().username;
  } catch {
    throw refused("user", "is missing, and the operating system has no name for the user of this process");
  }
}

function defaultPasswordFile(environment: Environment, home: string | undefined): string | undefined {
  const applicationData = environment["APPDATA"];
  if (applicationData !== undefined) return join(applicationData, "postgresql", "pgpass.conf");
  return home === undefined ? undefined : join(home, ".pgpass");
}
