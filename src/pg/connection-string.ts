import { ConfitureError } from "../base/errors.ts";

/** A connection string taken apart: libpq's parameter names with their values. */
export type ConnectionParameters = ReadonlyMap<string, string>;

interface Reading {
  readonly parameters: Map<string, string>;
  /** Where secrets stand in the text, first to last. */
  readonly secrets: [start: number, end: number][];
}

/** What does not look like a parameter name may be a piece of a password, and is never repeated. */
const NAME = /^[a-z_]+$/;
const SECRETS: ReadonlySet<string> = new Set(["password", "sslpassword"]);

/**
 * Take a URL or `keyword=value` string apart by libpq's own rules; names are not checked here.
 * Throws CONFIG_003, whose message never repeats a part of the text that could be a password.
 */
export const readConnectionString = (text: string): ConnectionParameters => read(text).parameters;

/** The connection string with every password replaced by `***`; nothing of it is shown when it is malformed. */
export function redact(text: string): string {
  let secrets;
  try {
    secrets = read(text).secrets;
  } catch {
    return nothing(text);
  }
  // An `@` this late may end a password that was not encoded, and was read as a port and a query.
  const doubtful = /^[a-z]+:\/\/[^/?@]*:[^@]*[/?].*@/s.test(text);
  if (doubtful) return nothing(text);
  return secrets.reduceRight((shown, [start, end]) => `${shown.slice(0, start)}***${shown.slice(end)}`, text);
}

/** A text without the passwords of the connection strings in it: what a user typed, or a program said. */
export const redactWithin = (text: string): string =>
  text
    .replaceAll(/postgres(?:ql)?:\/\/[^\s'"]+/g, redact)
    .replaceAll(/(:\/\/[^\s:@/'"]*:)[^\s@'"]*@/g, "$1***@")
    .replaceAll(/(password\s*=\s*)('[^']*'|[^\s'"&]+)/gi, "$1***");

const nothing = (text: string): string => (/^postgres(?:ql)?:\/\//.exec(text)?.[0] ?? "") + "***";

const malformed = (problem: string): ConfitureError =>
  new ConfitureError("CONFIG_003", `the connection string is malformed: ${problem}`);

function read(text: string): Reading {
  const scheme = /^[^\s='/]+:\/\//.exec(text)?.[0];
  if (scheme === undefined) return readKeywords(text);
  if (scheme === "postgresql://" || scheme === "postgres://") return readUrl(text, scheme.length);
  throw malformed("its scheme is neither postgresql:// nor postgres://");
}

/** As `conninfo_uri_parse_options` in libpq: the first `@` before any `/` ends the credentials. */
function readUrl(text: string, authority: number): Reading {
  const reading: Reading = { parameters: new Map(), secrets: [] };
  const credentials = /^[^@/]*@/.exec(text.slice(authority))?.[0] ?? "";
  if (credentials !== "") readCredentials(reading, credentials.slice(0, -1), authority);
  const rest = text.slice(authority + credentials.length);
  const [, hosts = "", path = "", query] = /^([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(rest) ?? [];
  readHosts(reading.parameters, hosts);
  if (path.includes("@")) throw malformed("an `@` or `/` inside a password or name is written %40 or %2F");
  if (path !== "") reading.parameters.set("dbname", decode(path, "database name"));
  if (query !== undefined) readQuery(reading, query, text.length - query.length);
  return reading;
}

function readCredentials({ parameters, secrets }: Reading, credentials: string, start: number): void {
  const colon = credentials.indexOf(":");
  const user = colon === -1 ? credentials : credentials.slice(0, colon);
  if (user !== "") parameters.set("user", decode(user, "user name"));
  if (colon === -1) return;
  parameters.set("password", decode(credentials.slice(colon + 1), "password"));
  secrets.push([start + colon + 1, start + credentials.length]);
}

function readHosts(parameters: Map<string, string>, text: string): void {
  const hosts = text.split(",").map((part) => /^(?:\[([^\]]+)\]|([^:@[\]]*))(?::(\d*))?$/.exec(part));
  if (hosts.includes(null)) {
    throw malformed(
      "a host or port is not valid; a `/`, `@` or `:` inside a password is written %2F, %40 or %3A",
    );
  }
  const names = hosts.map((host) => decode(host?.[1] ?? host?.[2] ?? "", "host"));
  const ports = hosts.map((host) => host?.[3] ?? "");
  if (names.some(Boolean)) parameters.set("host", names.join(","));
  if (ports.some(Boolean)) parameters.set("port", ports.join(","));
}

function readQuery({ parameters, secrets }: Reading, query: string, start: number): void {
  let at = start;
  for (const pair of query.split("&")) {
    const equals = pair.indexOf("=");
    if (pair !== "" && equals === -1) throw malformed("a query parameter has no `=`");
    const name = decode(pair.slice(0, Math.max(equals, 0)), "query");
    const value = decode(pair.slice(equals + 1), "query");
    if (pair !== "" && !NAME.test(name)) throw malformed("the name of a query parameter is not valid");
    if (name === "ssl" && value === "true") parameters.set("sslmode", "require");
    else if (pair !== "") parameters.set(name, value);
    if (SECRETS.has(name)) secrets.push([at + equals + 1, at + pair.length]);
    at += pair.length + 1;
  }
}

function decode(text: string, part: string): string {
  try {
    const decoded = decodeURIComponent(text);
    if (!decoded.includes("\0")) return decoded;
  } catch {
    // Reported below: the driver's message would repeat the text.
  }
  throw malformed(`a percent escape in its ${part} is not valid`);
}

const KEYWORD = /\s*([^\s=]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)(?:[^\s\\]|\\.)*)?)(?=\s|$)/sy;

/** As `conninfo_parse` in libpq: values may stand in single quotes, a backslash takes the next character as it is. */
function readKeywords(text: string): Reading {
  const reading: Reading = { parameters: new Map(), secrets: [] };
  let at = 0;
  while (text.slice(at).trim() !== "") {
    KEYWORD.lastIndex = at;
    const match = KEYWORD.exec(text);
    const [whole = "", name = "", quoted, plain] = match ?? [];
    if (!NAME.test(name)) throw malformed("it is neither a URL nor a list of keyword=value pairs");
    const value = (quoted ?? plain ?? "").replace(/\\(.)/gs, "$1");
    at += whole.length;
    reading.parameters.set(name, value);
    if (SECRETS.has(name)) reading.secrets.push([text.indexOf("=", at - whole.length) + 1, at]);
  }
  if (reading.parameters.size === 0) throw malformed("it is empty");
  return reading;
}
